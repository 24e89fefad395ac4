public import HotStuff
internal import Synchronization

/// Where in the journal the blocks of the chain are.
///
/// It takes about a hundred bytes of memory for each committed block.
public final class BlockIndex: Sendable {
    private struct State: Sendable {
        /// The places of the committed blocks, from height 1 on.
        var committed: [JournalRecordLocation] = []
        var heights: [Digest: Height] = [:]
        var open: [Digest: Place] = [:]
    }

    private struct Place: Sendable {
        let height: Height
        let location: JournalRecordLocation
    }

    /// What a journal record means to the index.
    public enum Entry: Hashable, Sendable {
        /// A block of this name is at this height.
        case block(Digest, Height)
        /// The block of this height and name is final.
        case commit(Height, Digest)
        /// Nothing.
        case other

        /// Reads what a record means.
        public init(_ record: JournalRecord) {
            switch record {
            case .block(let block): self = .block(block.id, block.height)
            case .commit(let height, let block): self = .commit(height, block)
            case .quorumCertificate, .timeoutCertificate, .safety: self = .other
            }
        }
    }

    private let state = Mutex(State())

    /// Creates the index of an empty journal.
    public init() {}

    /// Takes note of records that are durable, in their order.
    public func insert(_ entries: [(Entry, JournalRecordLocation)]) {
        state.withLock { state in
            for (entry, location) in entries {
                switch entry {
                case .block(let id, let height):
                    state.open[id] = Place(height: height, location: location)
                case .commit(let height, let id):
                    guard let place = state.open[id], height.rawValue == UInt64(state.committed.count) + 1 else {
                        continue
                    }
                    state.committed.append(place.location)
                    state.heights[id] = height
                    state.open = state.open.filter { $0.value.height > height }
                case .other: break
                }
            }
        }
    }

    /// The height of a committed block.
    public func height(of block: Digest) -> Height? { state.withLock { $0.heights[block] } }

    /// The places of the committed blocks above a height, at most so many.
    public func locations(above height: Height, through last: Height, maximum: Int) -> [JournalRecordLocation] {
        state.withLock { state in
            let end = min(last.rawValue, UInt64(state.committed.count))
            guard height.rawValue < end else { return [] }
            let start = Int(height.rawValue)
            return Array(state.committed[start..<min(Int(end), start + maximum)])
        }
    }

    /// The height of the last committed block that is durable.
    public var committedHeight: Height { state.withLock { Height(UInt64($0.committed.count)) } }
}
