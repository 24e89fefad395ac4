public import HotStuff

/// Takes a snapshot from others, a chunk at a time, until it is whole and durable.
///
/// What makes its blocks final is durable before the snapshot has its name: from then on a start goes on from it (`Takeover`).
public struct SnapshotReceiver<Storage: Disk>: Sendable {
    private let store: SnapshotStore<Storage>
    private var assembler: SnapshotAssembler<Storage>?

    /// Creates a receiver that takes nothing yet.
    public init(in store: SnapshotStore<Storage>) { self.store = store }

    /// Begins a snapshot, or goes on with what an earlier run had of it; what was begun of others is given up.
    ///
    /// - Returns: the chunks that are missing, in ascending order.
    /// - Throws: that it is here already, or how the disk failed.
    public mutating func begin(_ plan: SnapshotPlan) throws(SnapshotStoreError) -> [UInt32] {
        let height = plan.name.height
        assembler = nil
        // What is whole is not taken again: it would not help more than it did.
        if let reader = try? store.open(height), (try? reader.check()) != nil { throw .useless(height) }
        try store.removeAssemblies(but: height)
        try store.keep(plan.certificate)
        try store.keep(plan.foundation, of: height)
        let begun = try SnapshotAssembler(
            in: store,
            manifest: plan.manifest,
            digests: plan.digests,
            trusting: plan.certificate.point
        )
        assembler = begun
        var missing: [UInt32] = []
        var index = 0
        while let next = begun.nextMissing(from: index) {
            missing.append(UInt32(next))
            index = next + 1
        }
        return missing
    }

    /// Keeps a chunk that was judged to be right; it is judged again.
    public mutating func take(_ chunk: SnapshotChunk) throws(SnapshotStoreError) -> SnapshotAssembler<Storage>.Verdict {
        guard assembler?.manifest.name == chunk.name else { throw .notBegun(chunk.name.height) }
        return try assembler?.take(chunk.bytes, asChunk: Int(chunk.index)) ?? .noSuchChunk
    }

    /// Makes the snapshot durable, under its name: the next start goes on from it.
    public mutating func finish(_ name: SnapshotName) throws(SnapshotStoreError) {
        guard let assembler, assembler.manifest.name == name else { throw .notBegun(name.height) }
        self.assembler = nil
        _ = try assembler.finish()
    }
}
