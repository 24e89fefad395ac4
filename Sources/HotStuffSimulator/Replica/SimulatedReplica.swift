package import HotStuff
package import HotStuffStorage

/// One replica: the real core, verifier, journal, recovery, executor and block shelf, over a simulated disk.
///
/// It does what the shell of a real replica does, but nothing by itself: its surroundings decide when a write is durable, when
/// a signature is made, when a block is executed and when a message arrives.
package final class SimulatedReplica {
    enum Job {
        case execute(Block, by: QuorumCertificate, at: JournalPosition)
        case answer([Command])
        case begin(SnapshotPlan)
        case keep(SnapshotChunk)
        case adopt(SnapshotName)
    }

    /// Its place among all replicas of the simulation, twins included.
    package let index: Int
    /// Who it is.
    package let id: ReplicaID
    /// The listeners that may connect to it.
    let listeners: [ReplicaID]
    let world: SimulatedWorld
    let disk: SimulatedDisk
    let durability: Durability
    let settings: ConsensusSettings
    let footprintLimit: Footprint
    let pen: Pen
    let errsAt: Int?
    /// Sees what an honest replica does; nobody inspects a liar.
    private(set) var inspector: Inspector?
    unowned let surroundings: any Surroundings

    /// How often this replica has been started.
    package internal(set) var incarnation = 0
    /// Whether it runs.
    package internal(set) var isUp = false
    /// The core, while it runs.
    package internal(set) var core: Consensus
    /// Where the core stands: cheaper to look at than the core, which would be copied.
    package internal(set) var standing: Standing
    var verifier: MessageVerifier
    var journal: Journal<SimulatedDisk>?
    var lease: SigningLease<SimulatedDisk>?
    /// How often its machine has been started.
    var boots: UInt8 = 0
    /// The same when this replica was started last.
    var bootsAtStart: UInt8 = 0
    /// Whether others sign with the same key.
    let sharesKey: Bool
    /// The archive, while it runs.
    var keeper: ChainKeeper<SimulatedDisk>?
    let archive: ArchiveConfiguration
    /// What it asks of the others before it can start, while blocks of its archive are damaged that it needs for that.
    var mending: Mending?
    /// The archive meanwhile.
    var damagedArchive: DamagedArchive<SimulatedDisk>?
    var prover = SnapshotProver()
    /// The newest snapshot of its own, and up to which height blocks may go when that has a certificate.
    var pendingPrune: (newest: Height, reserve: Height)?
    var receiver: SnapshotReceiver<SimulatedDisk>
    var snapshots: SnapshotShelf<SimulatedDisk>?
    /// The height of the snapshot from which it started last, if there was one.
    var snapshotHeight: Height?
    /// The segment for which a successor was asked.
    var askedSegment: UInt64 = 0
    /// The length at which a segment of the journal is full.
    let segmentBytes: Int
    /// Short, so that segments come and go.
    package static let segmentBytes = 60_000
    /// Files of which all blocks are kept.
    package static let wholeArchive = ArchiveConfiguration(fileByteCount: 240_000)
    /// So little that the beginning of a segment sometimes has to wait.
    static let segmentRoom = 400_000
    var executor: Executor<ObservedStore>

    var writes = WriteQueue()
    var jobs: [Job] = []
    var waiting: [CommandKey: [Int]] = [:]
    var effects: [Effect] = []
    /// When it wants to be woken.
    var wakeTime: Instant?
    /// What it found while it carried out the wishes of a step; the core hears of it after the step.
    var discoveries: [Event] = []
    var now = Instant(0)
    /// When it may try again to take a snapshot, after one could not be kept.
    var snapshotPauseEnd = Instant(0)
    var wall = Timestamp(0)
    var steps = 0
    var ticks = 0

    /// Creates a replica that has never run.
    package init(
        index: Int,
        id: ReplicaID,
        listeners: [ReplicaID] = [],
        world: SimulatedWorld,
        settings: ConsensusSettings,
        durability: Durability = .powerLoss,
        archive: ArchiveConfiguration = SimulatedReplica.wholeArchive,
        segmentBytes: Int = SimulatedReplica.segmentBytes,
        errsAt: Int? = nil,
        sharesKey: Bool = false,
        inspector: Inspector?,
        surroundings: any Surroundings
    ) {
        self.sharesKey = sharesKey
        self.index = index
        self.id = id
        self.listeners = listeners
        self.world = world
        self.settings = settings
        self.durability = durability
        self.archive = archive
        self.segmentBytes = segmentBytes
        self.inspector = inspector
        self.surroundings = surroundings
        disk = SimulatedDisk()
        receiver = SnapshotReceiver(in: SnapshotStore(on: disk, chain: world.committee.chain))
        pen = world.keys.pen(of: id)
        self.errsAt = errsAt
        footprintLimit = Footprint.limit(
            validatorCount: world.count,
            settings: settings,
            parameters: world.parameters
        )
        core = SimulatedReplica.core(
            id,
            listeners: listeners,
            world: world,
            settings: settings,
            recovered: nil,
            sharesKey: sharesKey
        )
        standing = core.standing(wall: Timestamp(0))
        verifier = world.verifier()
        executor = Executor(
            Execution(
                machine: ObservedStore(errsAt: errsAt),
                snapshotInterval: world.parameters.snapshotInterval
            )
        )
    }

    static func core(
        _ id: ReplicaID,
        listeners: [ReplicaID],
        world: SimulatedWorld,
        settings: ConsensusSettings,
        recovered: RecoveredState?,
        sharesKey: Bool
    ) -> Consensus {
        Consensus(
            committee: world.committee,
            replica: id,
            listeners: listeners,
            parameters: world.parameters,
            settings: settings,
            recovered: recovered,
            sharesKey: sharesKey
        )
    }

    /// Whether it runs, but has not started yet, for blocks of its archive have to be repaired before.
    package var isMending: Bool { mending != nil }

    /// Its highest certificates.
    var certificates: CertificatePair { core.shownCertificates() }

    /// Whether it follows the protocol and is inspected.
    package var isHonest: Bool { inspector != nil }

    /// From now on it may break promises, and nobody holds it to them: its disk lost what was durable.
    func becomesFaulty() { inspector = nil }
}
