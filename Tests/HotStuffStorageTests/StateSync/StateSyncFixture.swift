import HotStuff
import HotStuffSimulator

@testable import HotStuffStorage

/// Replicas whose archives begin late, and a newcomer that has to take their state.
struct StateSyncFixture: Sendable {
    /// Forty blocks with values so long that a state has several chunks; snapshots at 10, 20, 30 and 40.
    static let chain = Result { try AuditFixture(count: 40, name: "state", valueByteCount: 60_000) }

    let chain: AuditFixture

    init() throws { chain = try Self.chain.get() }

    /// The state behind a height.
    func execution(through height: Int) -> Execution<KeyValueStore> {
        var execution = Execution(machine: KeyValueStore(), snapshotInterval: AuditFixture.interval)
        for block in chain.blocks[..<height] { _ = execution.execute(block) }
        return execution
    }

    func verifier() -> MessageVerifier {
        MessageVerifier(
            committee: chain.committee,
            parameters: chain.genesis.parameters,
            verifier: chain.keys
        )
    }

    /// A replica that has snapshots of some heights, with certificates, and the blocks from a height on.
    func server(snapshots heights: [Int], blocksFrom first: Int, through last: Int = 38) throws -> Server {
        let disk = SimulatedDisk()
        var archive = try BlockArchive.open(
            on: disk,
            chain: chain.committee.chain,
            configuration: ArchiveConfiguration(fileByteCount: 400_000),
            salt: JournalSalt(Digest.hash(of: [7]))
        )
        if first > 1 { try archive.begin(above: Height(UInt64(first - 1)), block: chain.blocks[first - 2].id) }
        for height in first...last {
            try archive.append([chain.blocks[height - 1]], finality: chain.certificates[height + 1])
        }
        try archive.sync()
        let store = SnapshotStore(on: disk, chain: chain.committee.chain)
        var execution = Execution(machine: KeyValueStore(), snapshotInterval: AuditFixture.interval)
        var prover = SnapshotProver()
        for (index, block) in chain.blocks[..<last].enumerated() {
            _ = execution.execute(block)
            if heights.contains(index + 1), let writer = SnapshotWriter(of: execution, behind: block.header) {
                _ = try writer.write(to: store)
                prover.want(block.height)
            }
            let finality = chain.certificates[index + 2]
            for certificate in prover.prove(by: block.header, finality: finality, trail: execution.trail) {
                try store.keep(certificate)
            }
        }
        return Server(disk: disk, store: store, archive: archive.reader)
    }

    /// What a replica has of the state and the chain, and how it answers.
    final class Server {
        let disk: SimulatedDisk
        let store: SnapshotStore<SimulatedDisk>
        private var snapshots: SnapshotShelf<SimulatedDisk>
        private let blocks: BlockShelf<SimulatedDisk>

        init(
            disk: SimulatedDisk,
            store: SnapshotStore<SimulatedDisk>,
            archive: BlockArchiveReader<SimulatedDisk>
        ) {
            self.disk = disk
            self.store = store
            snapshots = SnapshotShelf(store, archive: archive)
            blocks = BlockShelf(archive)
        }

        func answer(_ request: SnapshotRequest) throws -> SnapshotAnswer { try snapshots.answer(request) }

        func answer(_ request: RangeRequest) throws -> BlockRange { try blocks.answer(request) }

        /// Removes a snapshot, and lets go of it.
        func remove(_ height: UInt64) throws {
            try disk.remove(SnapshotFile.name(of: Height(height)))
            snapshots.close()
        }
    }
}

/// A newcomer: a core, its verifier, and what keeps a snapshot on its disk.
final class Taker {
    let disk: SimulatedDisk
    private let fixture: StateSyncFixture
    private(set) var core: Consensus
    private var verifier: MessageVerifier
    private var receiver: SnapshotReceiver<SimulatedDisk>
    private var effects: [Effect] = []
    private(set) var time: UInt64
    /// What it asked, of whom.
    private(set) var asked: [(request: SnapshotRequest, peer: ReplicaID)] = []
    private(set) var refusals: [VerificationFailure] = []
    /// The snapshot that is durable here and from which the next start goes on.
    private(set) var adopted: SnapshotName?
    private(set) var begun: [SnapshotName] = []
    private(set) var keptChunks = 0
    private(set) var excess: [String] = []
    /// What an earlier start found.
    let recovered: RecoveredState?
    let executed: ExecutedState
    let notices: [String]

    /// Starts on a disk.
    init(_ fixture: StateSyncFixture, on disk: SimulatedDisk, at time: UInt64 = 0) throws {
        self.fixture = fixture
        self.disk = disk
        self.time = time
        var verifier = fixture.verifier()
        let found = try RecoveredReplica.recover(
            on: disk,
            identity: fixture.chain.identity,
            configuration: JournalConfiguration(durability: .powerLoss, preallocates: false),
            archive: ArchiveConfiguration(fileByteCount: 400_000),
            committee: fixture.chain.committee,
            machine: KeyValueStore(),
            parameters: ChainParameters(snapshotInterval: AuditFixture.interval),
            verifier: &verifier
        )
        recovered = found.state
        executed = found.execution.executed
        notices = found.notices
        core = Consensus(
            committee: fixture.chain.committee,
            replica: ReplicaID(1),
            parameters: fixture.chain.genesis.parameters,
            recovered: found.state
        )
        self.verifier = verifier
        receiver = SnapshotReceiver(
            in: SnapshotStore(on: disk, chain: fixture.chain.committee.chain)
        )
        core.start(now: Instant(time), wall: Timestamp(1), into: &effects)
    }

    /// The number of chunks that it asked for.
    var askedChunks: Int {
        asked.count { if case .chunk = $0.request { true } else { false } }
    }

    func asked(_ peer: Int) -> Int { asked.count { $0.peer == ReplicaID(UInt16(peer)) } }

    /// Hears of the end of the chain, and asks until it has a snapshot, or some time has passed, or a condition holds.
    func run(
        seconds: UInt64 = 120,
        until isDone: () -> Bool = { false },
        snapshots: (SnapshotRequest, ReplicaID) throws -> SnapshotAnswer?,
        ranges: (RangeRequest, ReplicaID) throws -> BlockRange?
    ) throws {
        let limit = Footprint.limit(
            validatorCount: 4,
            settings: ConsensusSettings(),
            parameters: fixture.chain.genesis.parameters
        )
        hear(.certificates(CertificatePair(quorum: fixture.chain.certificates[39], timeout: nil)), from: ReplicaID(0))
        for _ in 0..<seconds * 20 {
            guard adopted == nil, !isDone() else { return }
            time += 50_000
            core.handle(.clock(now: Instant(time), wall: Timestamp(1)), into: &effects)
            let open = effects
            effects = []
            for effect in open { try carryOut(effect, snapshots: snapshots, ranges: ranges) }
            excess += core.footprint.exceeding(limit)
        }
    }

    private func carryOut(
        _ effect: Effect,
        snapshots: (SnapshotRequest, ReplicaID) throws -> SnapshotAnswer?,
        ranges: (RangeRequest, ReplicaID) throws -> BlockRange?
    ) throws {
        switch effect {
        case .append(_, let position): core.handle(.durable(position), into: &effects)
        case .say(.snapshotRequest(let request), .replica(let peer)):
            asked.append((request, peer))
            if let answer = try snapshots(request, peer) { hear(.snapshotAnswer(answer), from: peer) }
        case .say(.rangeRequest(let request), .replica(let peer)):
            if let range = try ranges(request, peer) { hear(.blockRange(range), from: peer) }
        case .beginSnapshot(let plan):
            begun.append(plan.name)
            core.handle(.snapshotBegun(plan.name, missing: try receiver.begin(plan)), into: &effects)
        case .keepChunk(let chunk):
            guard try receiver.take(chunk) == .taken else {
                return core.handle(.snapshotFailed(chunk.name), into: &effects)
            }
            keptChunks += 1
            core.handle(.chunkKept(chunk.name, chunk.index), into: &effects)
        case .adoptSnapshot(let name):
            try receiver.finish(name)
            adopted = name
        default: break
        }
    }

    /// The connection to a peer breaks.
    func lose(_ peer: ReplicaID) { core.handle(.disconnected(peer), into: &effects) }

    /// A peer is connected.
    func meet(_ peer: ReplicaID) { core.handle(.connected(peer), into: &effects) }

    /// Takes in the bytes of a message.
    func hear(_ message: Message, from sender: ReplicaID) {
        guard let message = try? Frame.decode(Message.self, from: Frame.encode(message)) else { return }
        switch message {
        case .blockRange(let range) where !core.awaits(range, from: sender): return
        case .snapshotAnswer(let answer) where !core.awaits(answer, from: sender): return
        default: break
        }
        do {
            core.handle(.received(try verifier.verify(message, from: sender), from: sender), into: &effects)
        } catch {
            refusals.append(error)
            core.handle(.refused(sender), into: &effects)
        }
    }
}
