/// The last results of one session, as many as fit a number of bytes.
///
/// Each result is charged its reply's bytes and a fixed overhead. Where a new one does not fit, the oldest go, whole;
/// one that is too long for the whole cache is not kept and drives out no other.
package struct ResultCache: Sendable {
    /// The charge for a result besides the bytes of its reply: about what it takes itself; its places in the tables take up to half as much again.
    package static let overheadByteCount = 128

    private let maximumByteCount: Int
    private var results = IndexedList<CommandResult>()
    private var places = KeyTable<UInt64, Int>()

    /// The sum of what the results are charged.
    package private(set) var byteCount = 0

    /// Creates an empty cache.
    package init(maximumByteCount: Int) {
        precondition(maximumByteCount >= 0, "a cache of \(maximumByteCount) bytes")
        self.maximumByteCount = maximumByteCount
    }

    /// The number of results.
    package var count: Int { results.count }

    /// The result of the command with a number, if it is kept; O(1).
    package subscript(sequence: UInt64) -> CommandResult? {
        places[sequence].map { results[$0] }
    }

    /// Whether the result of a number is kept; O(1).
    func contains(_ sequence: UInt64) -> Bool { places.contains(sequence) }

    /// Keeps the result of a number that has none yet; amortised O(1).
    package mutating func insert(_ result: CommandResult) {
        let charge = Self.charge(for: result)
        guard charge <= maximumByteCount else { return }
        while charge > maximumByteCount - byteCount, let oldest = results.first {
            let forgotten = results.remove(at: oldest)
            places.remove(forgotten.key.sequence)
            byteCount -= Self.charge(for: forgotten)
        }
        let isFirst = places.insert(results.append(result), for: result.key.sequence)
        precondition(isFirst, "a second result for number \(result.key.sequence)")
        byteCount += charge
    }

    private static func charge(for result: CommandResult) -> Int {
        switch result.outcome {
        case .executed(let body): overheadByteCount + body.count
        case .opened, .unknownSession, .sequenceOutOfRange, .replyForgotten: overheadByteCount
        }
    }
}

extension ResultCache: BorshEncodable {
    /// Appends the results from the oldest to the newest.
    package func encode(into encoder: inout BorshEncoder) {
        encoder.appendCount(results.count)
        results.visitAll { $0.encode(into: &encoder) }
    }
}
