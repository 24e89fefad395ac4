/// The content of a simulated file: what is on the medium, what the system shows, and the difference in order.
struct SimulatedContent: Sendable {
    /// A change that has not been synced.
    enum Change: Sendable {
        case write([UInt8], offset: Int)
        case truncate(Int)
    }

    /// What readers see.
    private(set) var visible: [UInt8] = []
    /// What a loss of power certainly leaves.
    private(set) var durable: [UInt8] = []
    private var pending: [Change] = []
    /// Whether a failed sync may have left the medium behind what readers see, with nothing pending.
    private var hasGivenUp = false

    /// Makes a change; O(its bytes).
    mutating func change(_ change: Change) {
        SimulatedContent.apply(change, to: &visible)
        pending.append(change)
    }

    /// Brings what is pending to the medium; what a failed sync gave up stays away from it.
    ///
    /// Complexity: O(pending bytes).
    mutating func sync() {
        for change in pending { SimulatedContent.apply(change, to: &durable) }
        pending.removeAll(keepingCapacity: true)
    }

    /// What systems do when a sync fails: the changes stay visible, count as clean, and never reach the medium.
    mutating func giveUp() {
        if !pending.isEmpty { hasGivenUp = true }
        pending = []
    }

    /// Whether a loss of power could change what readers see.
    mutating func hasUnsynced() -> Bool {
        guard pending.isEmpty else { return true }
        // Only after a failed sync the two can differ with nothing pending, and a later write may have healed it.
        if hasGivenUp { hasGivenUp = visible != durable }
        return hasGivenUp
    }

    /// Turns a bit, on the medium and in memory, if the file is as long.
    mutating func flip(bit: Int, at offset: Int) {
        if offset < visible.count { visible[offset] ^= 1 << UInt8(bit) }
        if offset < durable.count { durable[offset] ^= 1 << UInt8(bit) }
    }

    /// Takes bytes off the end, on the medium, in memory and from what is pending.
    mutating func loseTail(_ count: Int) {
        let size = max(0, visible.count - count)
        visible.removeLast(visible.count - size)
        if durable.count > size { durable.removeLast(durable.count - size) }
        pending = pending.map { change in
            switch change {
            case .truncate(let length): .truncate(min(length, size))
            case .write(let bytes, let offset): .write(Array(bytes.prefix(max(0, size - offset))), offset: offset)
            }
        }
    }

    /// Leaves what is durable and, of each pending change, nothing, all, a beginning, or pieces.
    mutating func losePower(using random: inout RandomSource, into loss: inout PowerLoss) {
        // Nothing to lose, and nothing to copy.
        guard !pending.isEmpty || hasGivenUp else { return }
        for change in pending {
            switch change {
            case .truncate:
                if random.chance(oneIn: 2) {
                    SimulatedContent.apply(change, to: &durable)
                    loss.keptChanges += 1
                } else {
                    loss.lostChanges += 1
                }
            case .write(let bytes, let offset):
                let pieces = SimulatedContent.survivors(of: bytes.count, using: &random)
                for piece in pieces {
                    SimulatedContent.apply(.write(Array(bytes[piece]), offset: offset + piece.lowerBound), to: &durable)
                }
                switch pieces.reduce(0, { $0 + $1.count }) {
                case bytes.count: loss.keptChanges += 1
                case 0: loss.lostChanges += 1
                default: loss.tornChanges += 1
                }
            }
        }
        visible = durable
        pending = []
        hasGivenUp = false
    }

    /// The parts of a write that reach the medium.
    private static func survivors(of count: Int, using random: inout RandomSource) -> [Range<Int>] {
        switch random.below(4) {
        case 0: return []
        case 1: return [0..<count]
        case 2: return [0..<random.below(count + 1)]
        default:
            // Sectors, or anything.
            let sector = random.chance(oneIn: 2) ? 512 : nil
            var pieces: [Range<Int>] = []
            var start = 0
            while start < count {
                let end = min(count, start + (sector ?? 1 + random.below(64)))
                if random.chance(oneIn: 2) { pieces.append(start..<end) }
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
            if offset > bytes.count { resize(&bytes, to: offset) }
            let inside = min(new.count, bytes.count - offset)
            if inside > 0 {
                bytes.withUnsafeMutableBytes { old in
                    new.withUnsafeBytes { new in
                        UnsafeMutableRawBufferPointer(rebasing: old[offset..<offset + inside])
                            .copyMemory(from: UnsafeRawBufferPointer(rebasing: new[..<inside]))
                    }
                }
            }
            bytes.append(contentsOf: new[inside...])
        }
    }

    private static func resize(_ bytes: inout [UInt8], to size: Int) {
        if size < bytes.count {
            bytes.removeLast(bytes.count - size)
        } else {
            bytes.append(contentsOf: repeatElement(0, count: size - bytes.count))
        }
    }
}
