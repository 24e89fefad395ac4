extension Execution {
    /// The format of the content; it is the first thing in it.
    private static var contentVersion: UInt16 { 1 }

    /// A copy that later blocks do not change, to be written as a snapshot by another thread.
    public func frozen() -> Execution {
        Execution(
            machine: machine.frozen(),
            sessions: sessions,
            executedCommands: executedCommands,
            trail: trail.point.map { ExecutionTrail(from: $0) } ?? ExecutionTrail(from: executed),
            snapshotInterval: snapshotInterval
        )
    }

    /// Writes all that decides what later blocks do: the number of executed commands, the sessions, the application.
    ///
    /// Equal states write equal bytes. The digest and the height are not in it; they are certified beside its root. What was
    /// told to clients that opened sessions is not in it either: it decides nothing, and they open others.
    ///
    /// Complexity: O(state) in time; in memory one session and what the application takes.
    public func writeSnapshot<Sink: SnapshotSink>(into sink: inout Sink) throws(Sink.Failure) {
        var head = BorshEncoder(capacity: 16)
        head.append(Self.contentVersion)
        head.append(executedCommands)
        try sink.write(head.bytes)
        try sessions.writeSnapshot(into: &sink)
        try machine.writeSnapshot(into: &sink)
    }

    /// R, the root of the snapshot of the state as it is now; zero if the application offers none.
    ///
    /// Complexity: O(state) in time; in memory one chunk and a digest for each.
    public func snapshotRoot() -> Digest {
        guard Machine.offersSnapshots else { return .zero }
        var hasher = SnapshotHasher()
        writeSnapshot(into: &hasher)
        return hasher.finish()
    }

    /// Restores the state of a snapshot whose manifest is trusted.
    ///
    /// What comes out is hashed once more, and must have the manifest's root: a state that the application does not restore as it
    /// was written would part from the others at some later block.
    ///
    /// - Parameters:
    ///   - machine: the application in its first state.
    ///   - manifest: what the snapshot is of.
    ///   - snapshotInterval: the chain's interval.
    ///   - genesis: the header with which the chain begins; of a chain that begins with a state there is a snapshot at its height too.
    ///   - limits: the bounds of the session table.
    ///   - source: the content, at its beginning.
    /// - Throws: why the content is not that of the manifest.
    public init<Source: SnapshotSource>(
        restoring machine: Machine,
        of manifest: SnapshotManifest,
        snapshotInterval: UInt64,
        genesis: BlockHeader? = nil,
        limits: SessionLimits = SessionLimits(),
        from source: inout Source
    ) throws(SnapshotError) {
        guard Machine.offersSnapshots else { throw .notOffered }
        if let genesis, manifest.height <= genesis.height {
            guard manifest.isBeginning(of: genesis) else {
                throw .contradictory("it is not the state with which the chain begins at height \(genesis.height)")
            }
        } else if !ExecutionStep.isSnapshotDue(at: manifest.height, interval: snapshotInterval) {
            throw .contradictory("no snapshot is due at height \(manifest.height)")
        }
        let version = try source.readUInt16()
        guard version == Self.contentVersion else { throw .malformed(.unknownVersion(version)) }
        let executedCommands = try source.readUInt64()
        let sessions = try SessionTable(limits: limits, upTo: manifest.height, from: &source)
        var machine = machine
        try machine.restore(from: &source)
        guard source.remaining == 0 else { throw .trailingBytes(source.remaining) }
        self.init(
            machine: machine,
            sessions: sessions,
            executedCommands: executedCommands,
            trail: ExecutionTrail(from: manifest.point),
            snapshotInterval: snapshotInterval
        )
        guard snapshotRoot() == manifest.point.root else { throw .unfaithful }
    }
}
