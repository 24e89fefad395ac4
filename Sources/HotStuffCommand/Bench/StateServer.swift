import HotStuff
import HotStuffReplica
import HotStuffStorage
import PostQuantum

/// A short chain whose state is large, and what a replica has of it on its disk: archive, snapshot and certificate.
struct StateServer {
    let scheme: SignatureScheme
    let genesis: Genesis
    let committee: Committee
    /// The state from which the snapshot was written.
    let executed: ExecutedState
    /// A certificate of the chain's end, by which others learn that they lag.
    let tip: QuorumCertificate
    /// The length of the snapshot.
    let snapshotBytes: UInt64
    private let machine: FileState
    private var snapshots: SnapshotShelf<RealDisk>

    /// The height of the snapshot.
    private static let interval: UInt64 = 10
    private static let session = SessionID(height: Height(1), position: 0)

    /// Makes a chain whose commands write a state of some length, executes it, and writes a snapshot of it.
    init(stateBytes: UInt64, scheme: SignatureScheme, on disk: RealDisk, progress: (String) -> Void) throws {
        self.scheme = scheme
        let signers = try (0..<4).map { _ in try scheme.makeSigner(seed: scheme.generateSeed()) }
        let validators = signers.map { Validator(verificationKey: $0.verificationKey.bytes, power: VotingPower(1)) }
        genesis = Genesis(
            name: "bench",
            validators: try ValidatorSet(validators),
            signatureScheme: scheme.rawValue,
            parameters: ChainParameters(snapshotInterval: Self.interval)
        )
        let committee = Committee(genesis)
        self.committee = committee
        let bench = BenchCommittee(committee: committee, signers: signers)
        let store = SnapshotStore(on: disk, chain: committee.chain)
        var execution = Execution(machine: FileState(on: disk), snapshotInterval: Self.interval)
        var (blocks, certificates): ([Block], [QuorumCertificate]) = ([], [])
        var prover = SnapshotProver(wanted: [Height(Self.interval)])
        var written: WrittenSnapshot?
        for number in 1...(Self.interval + 4) {
            let payload = Self.payload(number, stateBytes: stateBytes)
            let parent = blocks.last ?? committee.genesis
            let header = bench.header(number, on: parent, payload: payload, executed: execution.executed)
            let justify = certificates.last ?? committee.genesisCertificate
            let block = Block(header: header, payload: payload, justify: justify)
            blocks.append(block)
            let final = blocks.count > 2 ? blocks[blocks.count - 3].id : nil
            certificates.append(try bench.certificate(of: header, commits: final))
            guard number <= Self.interval else { continue }
            progress("executing block \(number) of \(Self.interval)")
            _ = execution.execute(block)
            guard let writer = SnapshotWriter(of: execution, behind: header) else { continue }
            progress("writing the snapshot")
            written = try writer.write(to: store)
        }
        var archive = try BlockArchive.open(on: disk, chain: committee.chain)
        try archive.append(Array(blocks.dropLast(2)), finality: certificates[blocks.count - 1])
        try archive.sync()
        let first = Int(Self.interval)
        for proved in prover.prove(
            by: blocks[first].header,
            finality: certificates[first + 2],
            trail: execution.trail
        ) {
            try store.keep(proved)
        }
        guard let written, execution.machine.byteCount == stateBytes else {
            throw Failure(
                .inputOutput,
                "the state could not be written to \(disk.path)",
                advice: "make room on the disk"
            )
        }
        executed = execution.executed
        machine = execution.machine
        snapshotBytes = written.manifest.byteCount
        tip = certificates[blocks.count - 1]
        snapshots = SnapshotShelf(store, archive: archive.reader)
    }

    /// The digest of the application's state.
    var stateDigest: Digest { machine.stateDigest }

    /// Answers as a replica that has pruned all blocks below its snapshot; nothing to what it would not answer.
    mutating func answer(_ request: Message) throws -> Message? {
        switch request {
        case .snapshotRequest(let request): .snapshotAnswer(try snapshots.answer(request))
        case .rangeRequest(let request): .blockRange(BlockRange(nothingAbove: request.above))
        default: nil
        }
    }

    /// A session first, and then a command in each block with its share of the state.
    private static func payload(_ number: UInt64, stateBytes: UInt64) -> Payload {
        guard number > 1 else { return Payload([.openSession(nonce: 1)]) }
        guard number <= interval else { return .empty }
        let (share, rest) = stateBytes.quotientAndRemainder(dividingBy: interval - 1)
        let byteCount = number == interval ? share + rest : share
        let body = FileState.command(byteCount: byteCount)
        return Payload([Command(key: CommandKey(session: session, sequence: number - 1), body: body)])
    }
}
