/// The last results of one session, as many as fit a number of bytes.
///
/// Each result is charged its reply's bytes and a fixed overhead. Where a new one does not fit, the oldest go, whole;
/// one that is too long for the whole cache is not kept and drives out no other.
package struct ResultCache: Sendable {
    /// The charge for a result besides the bytes of its reply: what it takes itself, and some of the room that the queue has to spare.
    package static let overheadByteCount = 128

    private let maximumByteCount: Int
    private var results = NumberedQueue<CommandResult>()
    private var index: SequenceIndex

    /// The sum of what the results are charged.
    package private(set) var byteCount = 0

    /// Creates an empty cache.
    ///
    /// - Parameters:
    ///   - maximumByteCount: the most that the results are charged together.
    ///   - windowWidth: how far below the highest number results are asked for.
    package init(maximumByteCount: Int, windowWidth: Int) {
        precondition(maximumByteCount >= 0, "a cache of \(maximumByteCount) bytes")
        self.maximumByteCount = maximumByteCount
        index = SequenceIndex(windowWidth: windowWidth)
    }

    /// The number of results.
    package var count: Int { results.count }

    /// The result of the command with a number, if it is kept and not a whole window below the highest; O(1).
    package subscript(sequence: UInt64) -> CommandResult? {
        guard let result = results[index.candidate(for: sequence, from: results.first)] else { return nil }
        return result.key.sequence == sequence ? result : nil
    }

    /// Whether the result of a number is kept; O(1).
    func contains(_ sequence: UInt64) -> Bool { self[sequence] != nil }

    /// Keeps the result of a number that has none yet; amortised O(1).
    package mutating func insert(_ result: CommandResult) {
        let charge = Self.charge(for: result)
        guard charge <= maximumByteCount else { return }
        while charge > maximumByteCount - byteCount, let forgotten = results.popFirst() {
            byteCount -= Self.charge(for: forgotten)
        }
        place(result.key.sequence)
        results.append(result)
        byteCount += charge
    }

    /// Has the index find the next result under its number.
    private mutating func place(_ sequence: UInt64) {
        while let other = results[index.candidate(for: sequence, from: results.first)]?.key.sequence, other != sequence
        {
            // Two that are kept meet in a small index. In the largest one they are a window apart, and the older is asked for no more.
            guard index.grow() else { break }
            var number = results.first
            results.visitAll { result in
                index.place(number, for: result.key.sequence)
                number += 1
            }
        }
        index.place(results.first + results.count, for: sequence)
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

/// Where the results of a session's numbers lie in their queue.
///
/// A number has the slot of its last bits. What a slot names may be gone, or be another's: whoever looks there sees it by the result's own
/// number. Four bytes for each slot, at most as many slots as the window is wide, rounded up to a power of two.
private struct SequenceIndex: Sendable {
    private let maximumSlotCount: Int
    /// The last 32 bits of the number in the queue.
    private var slots: [UInt32] = []

    init(windowWidth: Int) {
        var count = 4
        while count < windowWidth { count *= 2 }
        maximumSlotCount = count
    }

    /// The only number in the queue that may be the sequence number's.
    ///
    /// - Parameters:
    ///   - sequence: a sequence number.
    ///   - first: the oldest number in the queue.
    /// - Returns: that number; whether it is in the queue, and the sequence number's, is to be seen there.
    func candidate(for sequence: UInt64, from first: Int) -> Int {
        guard !slots.isEmpty else { return first }
        return first + Int(slots[slot(of: sequence)] &- UInt32(truncatingIfNeeded: first))
    }

    /// Notes the number in the queue that a sequence number has.
    mutating func place(_ number: Int, for sequence: UInt64) {
        if slots.isEmpty { grow() }
        slots[slot(of: sequence)] = UInt32(truncatingIfNeeded: number)
    }

    /// Doubles the slots and forgets what they named.
    ///
    /// - Returns: false if there are as many as there may be.
    @discardableResult
    mutating func grow() -> Bool {
        guard slots.count < maximumSlotCount else { return false }
        slots = Array(repeating: 0, count: max(4, 2 * slots.count))
        return true
    }

    private func slot(of sequence: UInt64) -> Int { Int(truncatingIfNeeded: sequence) & (slots.count - 1) }
}
