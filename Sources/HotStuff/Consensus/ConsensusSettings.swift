/// The numbers of one replica that others need not share.
public struct ConsensusSettings: Hashable, Sendable {
    /// How long views may take.
    public var pacemaker: PacemakerSettings
    /// After how long without a view a resting chain makes a block without commands, in milliseconds; zero for never.
    public var heartbeatMilliseconds: UInt64
    /// The most commands that wait to be ordered.
    public var maximumPendingCommands: Int
    /// The most bytes of commands that wait to be ordered.
    public var maximumPendingBytes: Int
    /// How many committed commands are remembered, so that a late copy is not ordered again.
    public var rememberedCommands: Int
    /// From so many missing final blocks on a replica asks for ranges of them instead of one after the other.
    public var syncDistance: Int
    /// From so many missing final blocks on a replica takes a snapshot, if there is one that saves half of the way.
    ///
    /// Nobody needs to have lost a block for that. Where fewer are missing, a snapshot is taken only if nobody has them any more.
    public var snapshotDistance: Int

    /// Creates settings; each has a default.
    public init(
        pacemaker: PacemakerSettings = PacemakerSettings(),
        heartbeatMilliseconds: UInt64 = 0,
        maximumPendingCommands: Int = 20_000,
        maximumPendingBytes: Int = 64 << 20,
        rememberedCommands: Int = 65_536,
        syncDistance: Int = 32,
        snapshotDistance: Int = 100_000
    ) {
        self.pacemaker = pacemaker
        self.heartbeatMilliseconds = heartbeatMilliseconds
        self.maximumPendingCommands = maximumPendingCommands
        self.maximumPendingBytes = maximumPendingBytes
        self.rememberedCommands = rememberedCommands
        self.syncDistance = syncDistance
        self.snapshotDistance = snapshotDistance
    }

    /// What is wrong with these settings, as one clause that names the setting and its range; nothing if all is well.
    public var fault: String? {
        if let fault = pacemaker.fault { return fault }
        if heartbeatMilliseconds != 0, !(pacemaker.viewTimeoutMilliseconds...86_400_000).contains(heartbeatMilliseconds)
        {
            return
                "heartbeatMilliseconds is \(heartbeatMilliseconds), allowed are 0 for never and \(pacemaker.viewTimeoutMilliseconds) to 86400000"
        }
        if !(1...10_000_000).contains(maximumPendingCommands) {
            return "maximumPendingCommands is \(maximumPendingCommands), allowed are 1 to 10000000"
        }
        if !(1 << 20...1 << 36).contains(maximumPendingBytes) {
            return "maximumPendingBytes is \(maximumPendingBytes), allowed are \(1 << 20) to \(1 << 36)"
        }
        if !(1...10_000_000).contains(rememberedCommands) {
            return "rememberedCommands is \(rememberedCommands), allowed are 1 to 10000000"
        }
        if !(1...1_000_000).contains(syncDistance) {
            return "syncDistance is \(syncDistance), allowed are 1 to 1000000"
        }
        if !(1...1_000_000_000_000).contains(snapshotDistance) {
            return "snapshotDistance is \(snapshotDistance), allowed are 1 to 1000000000000"
        }
        return nil
    }
}
