/// The numbers of one replica that others need not share.
public struct ConsensusSettings: Hashable, Sendable {
    /// How long views may take.
    public var pacemaker: PacemakerSettings
    /// The most commands that wait to be ordered.
    public var maximumPendingCommands: Int
    /// The most bytes of commands that wait to be ordered.
    public var maximumPendingBytes: Int
    /// How many committed commands are remembered, so that a late copy is not ordered again.
    public var rememberedCommands: Int

    /// Creates settings; each has a default.
    public init(
        pacemaker: PacemakerSettings = PacemakerSettings(),
        maximumPendingCommands: Int = 20_000,
        maximumPendingBytes: Int = 64 << 20,
        rememberedCommands: Int = 65_536
    ) {
        self.pacemaker = pacemaker
        self.maximumPendingCommands = maximumPendingCommands
        self.maximumPendingBytes = maximumPendingBytes
        self.rememberedCommands = rememberedCommands
    }

    /// What is wrong with these settings, as one clause that names the setting and its range; nothing if all is well.
    public var fault: String? {
        if let fault = pacemaker.fault { return fault }
        if !(1...10_000_000).contains(maximumPendingCommands) {
            return "maximumPendingCommands is \(maximumPendingCommands), allowed are 1 to 10000000"
        }
        if !(1 << 20...1 << 36).contains(maximumPendingBytes) {
            return "maximumPendingBytes is \(maximumPendingBytes), allowed are \(1 << 20) to \(1 << 36)"
        }
        if !(1...10_000_000).contains(rememberedCommands) {
            return "rememberedCommands is \(rememberedCommands), allowed are 1 to 10000000"
        }
        return nil
    }
}

/// What a replica finds in its journal when it starts.
public struct RecoveredState: Hashable, Sendable {
    /// What it signed.
    public var record: SafetyRecord
    /// The certificates that it held, checked again.
    public var certificates: Verified<CertificatePair>
    /// The certificates on which its last timeout rests, if it gave up a view.
    public var timeoutCertificates: CertificatePair?
    /// The last committed block.
    public var committed: Block
    /// The recorded blocks above it, parents before children.
    public var pending: [Block]
    /// What has been executed: the last heights one by one, up to the last committed one.
    public var executed: [ExecutedState]
    /// How far the journal reaches.
    public var position: JournalPosition

    /// Creates what was found.
    public init(
        record: SafetyRecord,
        certificates: Verified<CertificatePair>,
        timeoutCertificates: CertificatePair?,
        committed: Block,
        pending: [Block],
        executed: [ExecutedState],
        position: JournalPosition
    ) {
        self.record = record
        self.certificates = certificates
        self.timeoutCertificates = timeoutCertificates
        self.committed = committed
        self.pending = pending
        self.executed = executed
        self.position = position
    }
}
