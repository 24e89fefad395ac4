internal import HotStuff

/// The state from which execution goes on: the newest snapshot that can be restored, or the first state.
///
/// A chain that goes on from another one (`Origin`) has no first state but the one of its own snapshot.
struct RecoveryStart<Machine: StateMachine> {
    let execution: Execution<Machine>
    /// The height of that snapshot, if there is one.
    let snapshotHeight: Height?
    /// The height through which the archive was durable when that snapshot was written; the genesis if others gave it.
    let archivedHeight: Height
    /// What was passed over, and why.
    let notices: [String]

    init<Storage: Disk>(
        machine: Machine,
        snapshotInterval: UInt64,
        genesis: BlockHeader,
        in store: SnapshotStore<Storage>
    ) throws(RecoveryFailure) {
        var notices: [String] = []
        let heights: [Height]
        do {
            heights = Machine.offersSnapshots ? try store.heights() : []
        } catch {
            throw .snapshots(error)
        }
        for height in heights {
            do {
                let isTaken = try store.isTaken(height)
                let reader = try store.open(height)
                var content = reader.content()
                execution = try Execution(
                    restoring: machine,
                    of: reader.manifest,
                    snapshotInterval: snapshotInterval,
                    genesis: genesis,
                    from: &content
                )
                archivedHeight = isTaken ? .genesis : height
                snapshotHeight = height
                self.notices = notices
                return
            } catch {
                notices.append("passed over the snapshot of height \(height): \(error)")
            }
        }
        guard genesis.height == .genesis else {
            throw .noBeginning(path: store.disk.path, height: genesis.height, notices: notices)
        }
        execution = Execution(machine: machine, snapshotInterval: snapshotInterval)
        snapshotHeight = nil
        archivedHeight = .genesis
        self.notices = notices
    }
}
