internal import HotStuff

/// How a replica goes on from a snapshot that it took from others: its archive begins anew with the snapshot's block.
///
/// The snapshot has its name only when the blocks are durable beside it, and the archive is touched only when the state has been
/// restored. A start that is interrupted finds the same again. The journal stays as it is: what was signed, the lock, and
/// what is forgotten hold as before; its last final block is below the snapshot, and a checkpoint follows.
enum Takeover {
    /// Begins the archive anew, if it does not reach the snapshot from which the state was restored.
    ///
    /// Where the chain goes on from another one, the archive begins above its first block, which has no commands.
    ///
    /// - Parameters:
    ///   - height: the height of that snapshot; nil if there was none.
    ///   - archive: the archive.
    ///   - genesis: the block with which the chain begins.
    ///   - store: the snapshots.
    ///   - verifier: checks the blocks once more.
    /// - Returns: a line for the operator, if something was done.
    /// - Throws: that the blocks are not there, or how the disk failed.
    static func carryOut<Storage: Disk>(
        of height: Height?,
        into archive: inout BlockArchive<Storage>,
        above genesis: Block,
        from store: SnapshotStore<Storage>,
        verifier: inout MessageVerifier
    ) throws(RecoveryFailure) -> String? {
        if archive.height < genesis.height {
            do {
                try archive.begin(above: genesis.height, block: genesis.id)
            } catch {
                throw .archive(error)
            }
        }
        guard let height, archive.height < height else { return nil }
        let foundation: BlockRange?
        do {
            foundation = try store.foundation(of: height)
        } catch {
            throw .snapshots(error)
        }
        // One of its own making; the archive was synced before it was begun, so its end must have been lost since.
        guard let foundation, let first = foundation.blocks.first, let certificate = foundation.certificate,
            (try? verifier.verify(foundation)) != nil
        else { return nil }
        let below = archive.height
        do {
            if below < foundation.above { try archive.begin(above: foundation.above, block: first.header.parent) }
            try archive.append(foundation.blocks, finality: certificate)
            try archive.sync()
        } catch {
            throw .archive(error)
        }
        return
            "went on from a snapshot of height \(height) that others gave; the blocks up to \(below) are gone from the archive"
    }
}
