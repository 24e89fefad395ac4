import NIOCore

/// A part of a message that fits into one frame.
struct Fragment: Equatable, Sendable {
    let lane: Lane
    let message: [UInt8]
    let range: Range<Int>

    /// Whether the message ends with this fragment.
    var isLast: Bool { range.upperBound == message.count }
}

/// What waits to be sent on one connection: a queue for each lane, emptied in the order of the lanes.
///
/// Each queue is bounded in bytes. When it is full, a new message of consensus pushes out the oldest ones, because the newest
/// vote is the one that counts; in the other lanes the new message is dropped, because somebody waits for the old ones. A
/// message whose first fragment has left is never dropped: the other side would wait for its rest. Every operation takes
/// constant time, but for the messages it drops.
struct OutboundQueues: Sendable {
    /// What a message counts for beside its bytes, so that many empty messages fill a queue, too.
    static let messageOverhead = 64

    private struct Queue: Sendable {
        var limits: LaneLimits
        var waiting = CircularBuffer<[UInt8]>()
        var cost = 0
        var current: [UInt8]?
        var offset = 0
    }

    private var queues: [Queue]
    /// The messages dropped so far, by lane.
    private(set) var drops = [Int](repeating: 0, count: Lane.allCases.count)

    init(limits: (Lane) -> LaneLimits) {
        queues = Lane.allCases.map { Queue(limits: limits($0)) }
    }

    /// Whether nothing waits.
    var isEmpty: Bool {
        queues.allSatisfy { $0.waiting.isEmpty && $0.current == nil }
    }

    /// Puts a message at the end of its lane; answers whether it was accepted.
    mutating func append(_ message: [UInt8], lane: Lane) -> Bool {
        let index = lane.index
        let cost = message.count + OutboundQueues.messageOverhead
        let limits = queues[index].limits
        guard message.count <= limits.maximumMessageByteCount, cost <= limits.queueByteCount else {
            drops[index] += 1
            return false
        }
        while queues[index].cost + cost > limits.queueByteCount {
            guard lane == .consensus, let oldest = queues[index].waiting.popFirst() else {
                drops[index] += 1
                return false
            }
            queues[index].cost -= oldest.count + OutboundQueues.messageOverhead
            drops[index] += 1
        }
        queues[index].waiting.append(message)
        queues[index].cost += cost
        return true
    }

    /// Takes the next fragment of the first lane that has one.
    mutating func next() -> Fragment? {
        for lane in Lane.allCases {
            if let fragment = next(in: lane) { return fragment }
        }
        return nil
    }

    private mutating func next(in lane: Lane) -> Fragment? {
        let index = lane.index
        if queues[index].current == nil {
            guard let message = queues[index].waiting.popFirst() else { return nil }
            queues[index].cost -= message.count + OutboundQueues.messageOverhead
            queues[index].current = message
            queues[index].offset = 0
        }
        guard let message = queues[index].current else { return nil }
        let start = queues[index].offset
        let end = min(message.count, start + FrameFormat.maximumFragmentByteCount)
        queues[index].offset = end
        if end == message.count { queues[index].current = nil }
        return Fragment(lane: lane, message: message, range: start..<end)
    }

    /// Drops what makes no sense on a new connection, and lets a message of consensus that was cut begin anew.
    ///
    /// Messages of consensus stay: they are what a peer needs that comes back. Questions, answers and commands are asked or
    /// sent again by those who wait for them.
    mutating func connectionLost() {
        for lane in Lane.allCases {
            let index = lane.index
            switch lane {
            case .consensus:
                guard let message = queues[index].current else { continue }
                queues[index].waiting.prepend(message)
                queues[index].cost += message.count + OutboundQueues.messageOverhead
            case .sync, .commands:
                drops[index] += queues[index].waiting.count + (queues[index].current == nil ? 0 : 1)
                queues[index].waiting.removeAll()
                queues[index].cost = 0
            }
            queues[index].current = nil
            queues[index].offset = 0
        }
    }

    /// The drops counted since the last call, by lane.
    mutating func takeDrops() -> [Int] {
        defer { drops = [Int](repeating: 0, count: drops.count) }
        return drops
    }

    /// Counts a message that was dropped before it reached its queue.
    mutating func countDrop(in lane: Lane) {
        drops[lane.index] += 1
    }
}
