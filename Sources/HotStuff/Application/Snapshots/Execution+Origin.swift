extension Execution {
    /// The same state as that with which another chain begins: a snapshot at the height that was executed last, whether or not one was
    /// due there; nil if the application offers none.
    ///
    /// Its digest is that of the digest so far and of the root, so that the genesis document of the new chain proves every byte of
    /// the state. What was executed, and what became of each command, stays: a command that comes once more has its first result.
    ///
    /// Complexity: O(state), for the root.
    public func beginningAnotherChain() -> Execution? {
        guard Machine.offersSnapshots else { return nil }
        let point = SnapshotPoint(height: executed.height, before: executed.digest, root: snapshotRoot())
        return Execution(
            machine: machine,
            sessions: sessions,
            executedCommands: executedCommands,
            trail: ExecutionTrail(from: point),
            snapshotInterval: snapshotInterval
        )
    }
}
