/// Joins fragments to messages, each lane for itself.
///
/// A lane keeps what really arrived of one unfinished message, never more than its limit; an announced size does not exist.
struct FragmentAssembler: Sendable {
    private let maximums: [Int?]
    private var unfinished: [[UInt8]]

    /// Creates an assembler for the lanes that have a limit, in bytes; the others are closed.
    init(maximumMessageByteCount: (Lane) -> Int?) {
        maximums = Lane.allCases.map(maximumMessageByteCount)
        unfinished = Lane.allCases.map { _ in [] }
    }

    /// Adds a fragment; returns the message that it completes.
    mutating func add(
        _ fragment: ArraySlice<UInt8>,
        isLast: Bool,
        lane: Lane
    ) throws(ConnectionFailure) -> InboundMessage? {
        guard let maximum = maximums[lane.index] else { throw .laneNotAllowed(lane) }
        guard fragment.count <= maximum - unfinished[lane.index].count else {
            throw .messageTooLarge(lane, maximum: maximum)
        }
        guard isLast else {
            unfinished[lane.index].append(contentsOf: fragment)
            return nil
        }
        guard !unfinished[lane.index].isEmpty else { return InboundMessage(lane: lane, bytes: Array(fragment)) }
        var bytes: [UInt8] = []
        swap(&bytes, &unfinished[lane.index])
        bytes.append(contentsOf: fragment)
        return InboundMessage(lane: lane, bytes: bytes)
    }
}
