public import HotStuff
public import HotStuffStorage
public import HotStuffTransport

/// Everything that a replica must be told.
public struct ReplicaConfiguration: Sendable {
    /// The document with which the chain begins.
    public var genesis: Genesis
    /// Which of its validators this replica is.
    public var replica: ReplicaID
    /// Where all replicas are.
    public var peers: [Peer]
    /// This replica's own limits.
    public var settings: ConsensusSettings
    /// The directory that keeps what must not be lost; made when it is missing.
    public var dataDirectory: String
    /// What a statement must survive before it leaves.
    public var durability: Durability
    /// Which committed blocks are kept, and in files of which size.
    public var archive: ArchiveConfiguration
    /// The length in bytes at which the journal begins another file.
    public var segmentBytes: Int
    /// How many threads help to verify certificates with many signatures; with none the replica's loop verifies them alone.
    ///
    /// If it is left open: one for each core but one, and no more than seven.
    public var verificationThreads: Int?

    /// Creates a configuration.
    public init(
        genesis: Genesis,
        replica: ReplicaID,
        peers: [Peer],
        settings: ConsensusSettings = ConsensusSettings(),
        dataDirectory: String,
        durability: Durability = .powerLoss,
        archive: ArchiveConfiguration = ArchiveConfiguration(),
        segmentBytes: Int = 64 << 20,
        verificationThreads: Int? = nil
    ) {
        self.genesis = genesis
        self.replica = replica
        self.peers = peers
        self.settings = settings
        self.dataDirectory = dataDirectory
        self.durability = durability
        self.archive = archive
        self.segmentBytes = segmentBytes
        self.verificationThreads = verificationThreads
    }
}
