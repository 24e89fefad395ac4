import HotStuff
import HotStuffReplica
import HotStuffStorage

/// A newcomer: the core of a replica, its verifier, and what keeps a snapshot on its disk, in one thread and with a clock of its own.
struct StateTaker {
    private let disk: RealDisk
    private let server: StateServer
    private var core: Consensus
    private var verifier: MessageVerifier
    private var receiver: SnapshotReceiver<RealDisk>
    private var time: UInt64 = 0
    private var isAdopted = false
    /// The bytes of all messages that came, as they are on the wire.
    private(set) var receivedBytes: UInt64 = 0

    /// Starts with an empty directory; what serves is only asked what the chain is.
    init(_ server: StateServer, on disk: RealDisk, pool: VerificationPool) throws {
        self.disk = disk
        self.server = server
        verifier = try MessageVerifier(
            committee: server.committee,
            parameters: server.genesis.parameters,
            scheme: server.scheme,
            pool: pool
        )
        core = Consensus(
            committee: server.committee,
            replica: Self.id,
            parameters: server.genesis.parameters,
            settings: ConsensusSettings(syncDistance: 1),
            recovered: nil
        )
        receiver = SnapshotReceiver(in: SnapshotStore(on: disk, chain: server.committee.chain))
    }

    private static let id = ReplicaID(3)

    /// Takes the state from three peers, all of which are the same server.
    mutating func take(from server: inout StateServer, progress: (SnapshotProgress) -> Void) throws {
        var effects: [Effect] = []
        core.start(now: Instant(0), wall: Timestamp(1), into: &effects)
        try hear(
            .certificates(CertificatePair(quorum: server.tip, timeout: nil)),
            from: ReplicaID(0),
            into: &effects
        )
        // Nothing is lost here, so what is not done after an hour never will be.
        while !isAdopted, time < 3_600_000_000 {
            while !effects.isEmpty, !isAdopted {
                var next: [Effect] = []
                for effect in effects { try carryOut(effect, server: &server, into: &next) }
                effects = next
                if let reached = core.snapshotProgress { progress(reached) }
            }
            time += 50_000
            core.handle(.clock(now: Instant(time), wall: Timestamp(1)), into: &effects)
        }
        guard isAdopted else {
            throw Failure(
                .software,
                "the newcomer got no snapshot",
                advice: "please report this, with the command line"
            )
        }
    }

    private mutating func carryOut(_ effect: Effect, server: inout StateServer, into effects: inout [Effect]) throws {
        switch effect {
        case .append(_, let position): core.handle(.durable(position), into: &effects)
        case .say(let courtesy, .replica(let peer)):
            // What crosses are bytes, in both directions.
            let request = try Frame.decode(Message.self, from: Frame.encode(courtesy.message))
            if let answer = try server.answer(request) { try hear(answer, from: peer, into: &effects) }
        case .beginSnapshot(let plan):
            core.handle(.snapshotBegun(plan.name, missing: try receiver.begin(plan)), into: &effects)
        case .keepChunk(let chunk):
            guard case .taken = try receiver.take(chunk) else {
                return core.handle(.snapshotFailed(chunk.name), into: &effects)
            }
            core.handle(.chunkKept(chunk.name, chunk.index), into: &effects)
        case .adoptSnapshot(let name):
            try receiver.finish(name)
            isAdopted = true
        default: break
        }
    }

    private mutating func hear(_ message: Message, from peer: ReplicaID, into effects: inout [Effect]) throws {
        let bytes = Frame.encode(message)
        receivedBytes += UInt64(bytes.count)
        let message = try Frame.decode(Message.self, from: bytes)
        guard core.heeds(message, from: peer) || Consensus.heedsAlways(message, from: peer) else { return }
        core.handle(.received(try verifier.verify(message, from: peer), from: peer), into: &effects)
    }

    /// Starts from what is on the disk, as a replica does: the state is restored, hashed once more, and the archive begun.
    func load() throws -> (executed: ExecutedState, state: Digest) {
        var verifier = verifier
        let recovered = try RecoveredReplica.recover(
            on: disk,
            identity: JournalIdentity(
                chain: server.committee.chain,
                validator: server.committee.validators.validators[Self.id.index]
            ),
            configuration: JournalConfiguration(durability: .powerLoss),
            committee: server.committee,
            machine: FileState(on: disk),
            parameters: server.genesis.parameters,
            verifier: &verifier
        )
        return (recovered.execution.executed, recovered.execution.machine.stateDigest)
    }
}
