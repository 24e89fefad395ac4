/// What a replica finds in its journal when it starts.
public struct RecoveredState: Hashable, Sendable {
    /// What it signed.
    public var record: SafetyRecord
    /// The certificates that it held, checked again.
    public var certificates: Verified<CertificatePair>
    /// The certificates on which its last timeout rests, if it gave up a view.
    public var timeoutCertificates: CertificatePair?
    /// The timeout certificate by which the view of its last proposal was entered, if it was entered by one.
    public var proposalCertificate: TimeoutCertificate?
    /// The last committed block.
    public var committed: Block
    /// The recorded blocks above it, parents before children.
    public var pending: [Block]
    /// What has been executed: the last heights one by one, up to the last committed one.
    public var executed: [ExecutedState]
    /// What the chain tells of its leaders up to the last committed block; nil where the history begins with it.
    public var leaderHistory: LeaderHistory?
    /// How far the journal reaches.
    public var position: JournalPosition

    /// Creates what was found.
    public init(
        record: SafetyRecord,
        certificates: Verified<CertificatePair>,
        timeoutCertificates: CertificatePair?,
        proposalCertificate: TimeoutCertificate? = nil,
        committed: Block,
        pending: [Block],
        executed: [ExecutedState],
        leaderHistory: LeaderHistory? = nil,
        position: JournalPosition
    ) {
        self.record = record
        self.certificates = certificates
        self.timeoutCertificates = timeoutCertificates
        self.proposalCertificate = proposalCertificate
        self.committed = committed
        self.pending = pending
        self.executed = executed
        self.leaderHistory = leaderHistory
        self.position = position
    }
}
