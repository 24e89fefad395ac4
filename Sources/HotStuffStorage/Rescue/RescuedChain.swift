public import HotStuff

/// A chain as far as it could be restored: the state behind the highest block of which a certificate was found, and all below it.
public struct RescuedChain<Machine: StateMachine>: Sendable {
    /// The genesis document of the chain that cannot go on.
    public let genesis: Genesis
    /// What the quorum says that certified the last block.
    public let statement: VoteStatement
    /// The header of the last block.
    public let header: BlockHeader
    /// The highest of its blocks that is known to be final; those above are certified, and may have been final somewhere.
    public let finalHeight: Height
    /// The height of the snapshot from which its blocks were executed; that of the genesis if there was none.
    public let startHeight: Height
    /// The directory of that snapshot; none if execution began with nothing.
    public let startPath: String?
    /// The highest height whose state a quorum has confirmed in the header of a block; none if none did since the snapshot.
    public let provedHeight: Height?
    /// What is lost.
    public let losses: RescueLosses
    /// Why better attempts failed, a line each.
    public let notices: [String]
    /// The commands that are never executed.
    public let skipped: SkippedCommands
    /// The state with which the next chain begins.
    let beginning: Execution<Machine>

    /// Where the next chain begins.
    ///
    /// It follows from the blocks and the state alone: whoever restores the same block finds the same origin.
    public var origin: Origin {
        Origin(
            predecessors: (genesis.origin?.predecessors ?? []) + [genesis.chain],
            epoch: header.epoch.next ?? header.epoch,
            view: header.view,
            height: header.height,
            block: header.id,
            state: beginning.executed.digest,
            time: header.time
        )
    }

    /// Writes all that a replica of the next chain needs to begin: the snapshot of its first state, and what is never executed.
    ///
    /// There is nothing of any one replica in it, so that all replicas begin with copies of it.
    ///
    /// - Parameters:
    ///   - next: the genesis document of the next chain, which has this origin.
    ///   - disk: an empty directory.
    /// - Throws: `SnapshotStoreError` or `SkipListError`: how the disk failed.
    public func write(_ next: Genesis, to disk: some Disk) throws {
        precondition(next.origin == origin, "a chain that begins elsewhere")
        guard let writer = SnapshotWriter(of: beginning, behind: next.header) else {
            preconditionFailure("a beginning without a snapshot")
        }
        let store = SnapshotStore(on: disk, chain: next.chain)
        let written = try writer.write(to: store)
        precondition(written.manifest.isBeginning(of: next.header), "a beginning that is not that of its chain")
        try store.open(header.height).check()
        if skipped != .none { _ = try SkipList(on: disk).add(skipped) }
    }
}
