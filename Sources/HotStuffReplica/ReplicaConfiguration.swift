public import CoreMetrics
public import HotStuff
public import HotStuffStorage
public import HotStuffTransport

/// Everything that a replica must be told.
public struct ReplicaConfiguration: Sendable {
    /// The document with which the chain begins.
    public var genesis: Genesis
    /// Which of its validators this replica is, or which listener.
    public var replica: ReplicaID
    /// Where all replicas are, and the listeners.
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
    /// How many threads look for solutions of puzzles, where proof of work elects leaders; one for each core, if it is left open.
    public var miningThreads: Int?
    /// The file beside the private key that says with which data directory the key signs; nil if none is kept.
    ///
    /// With it a replica that is started with an empty data directory, or a foreign one, knows that it has forgotten what it signed.
    public var keyMark: String?
    /// Commands that the application is not to execute, because it would crash on them; the data directory remembers them.
    ///
    /// All replicas of the chain must skip the same ones: a replica whose state differs from that of a quorum halts.
    public var skippedCommands: [CommandKey]
    /// Who leads which view; nil for the election that the chain's parameters name.
    ///
    /// All replicas of the chain must have the same one, and nothing in the chain's identity says which it is.
    public var leaders: (any LeaderElection)?
    /// Where the metrics are kept; nil for the process's own system of them.
    public var metrics: (any MetricsFactory)?

    #if HOTSTUFF_ATTACKS
    /// Makes the one who speaks in place of the replica.
    package var tongue: (@Sendable () -> any Tongue)?
    #endif

    /// Whether this replica follows the chain without a vote.
    public var isListener: Bool { replica.isListener }

    /// Those with whom this replica has connections, and itself: a listener has none with other listeners.
    var neighbours: [Peer] { peers.filter { !$0.id.isListener || !isListener || $0.id == replica } }

    /// The listeners that may connect to this replica.
    var audience: [ReplicaID] { isListener ? [] : peers.map(\.id).filter(\.isListener).sorted() }

    /// Whether whoever solves a puzzle first leads a view.
    var wantsWork: Bool { (leaders ?? genesis.parameters.leaderElection.election).wantsWork }

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
        verificationThreads: Int? = nil,
        miningThreads: Int? = nil,
        keyMark: String? = nil,
        skippedCommands: [CommandKey] = [],
        leaders: (any LeaderElection)? = nil,
        metrics: (any MetricsFactory)? = nil
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
        self.miningThreads = miningThreads
        self.keyMark = keyMark
        self.skippedCommands = skippedCommands
        self.leaders = leaders
        self.metrics = metrics
    }
}
