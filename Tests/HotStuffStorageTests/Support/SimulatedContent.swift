/// The content of a simulated file: what is on the medium, what the system shows, and the difference in order.
struct SimulatedContent {
    /// A change that has not been synced.
    enum Change {
        case write([UInt8], offset: Int)
        case truncate(Int)
    }

    /// What readers see.
    private(set) var visible: [UInt8] = []
    /// What a loss of power certainly leaves.
    private(set) var durable: [UInt8] = []
    private var pending: [Change] = []

    mutating func change(_ change: Change) {
        SimulatedContent.apply(change, to: &visible)
        pending.append(change)
    }

    /// Brings what is pending to the medium; what a failed sync gave up stays away from it.
    mutating func sync() {
        for change in pending {
            SimulatedContent.apply(change, to: &durable)
        }
        pending = []
    }

    /// What systems do when a sync fails: the changes stay visible, count as clean, and never reach the medium.
    mutating func giveUp() {
        pending = []
    }

    /// Turns a bit, on the medium and in memory.
    mutating func flip(bit: Int, at offset: Int) {
        visible[offset] ^= 1 << UInt8(bit)
        if offset < durable.count { durable[offset] ^= 1 << UInt8(bit) }
    }

    /// Leaves what is durable and, of each pending change, nothing, all, a beginning, or pieces.
    mutating func losePower(using generator: inout SeededGenerator) {
        for change in pending {
            switch change {
            case .truncate:
                if Bool.random(using: &generator) { SimulatedContent.apply(change, to: &durable) }
            case .write(let bytes, let offset):
                for piece in SimulatedContent.survivors(of: bytes, offset: offset, using: &generator) {
                    SimulatedContent.apply(piece, to: &durable)
                }
            }
        }
        visible = durable
        pending = []
    }

    private static func survivors(
        of bytes: [UInt8],
        offset: Int,
        using generator: inout SeededGenerator
    ) -> [Change] {
        switch Int.random(in: 0..<4, using: &generator) {
        case 0:
            return []
        case 1:
            return [.write(bytes, offset: offset)]
        case 2:
            return [.write(Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &generator))), offset: offset)]
        default:
            var pieces: [Change] = []
            var start = 0
            while start < bytes.count {
                let end = min(bytes.count, start + Int.random(in: 1...64, using: &generator))
                if Bool.random(using: &generator) {
                    pieces.append(.write(Array(bytes[start..<end]), offset: offset + start))
                }
                start = end
            }
            return pieces
        }
    }

    private static func apply(_ change: Change, to bytes: inout [UInt8]) {
        switch change {
        case .truncate(let size):
            resize(&bytes, to: size)
        case .write(let new, let offset):
            guard !new.isEmpty else { return }
            if bytes.count < offset + new.count { resize(&bytes, to: offset + new.count) }
            bytes.replaceSubrange(offset..<offset + new.count, with: new)
        }
    }

    private static func resize(_ bytes: inout [UInt8], to size: Int) {
        if size < bytes.count {
            bytes.removeLast(bytes.count - size)
        } else {
            bytes += [UInt8](repeating: 0, count: size - bytes.count)
        }
    }
}
