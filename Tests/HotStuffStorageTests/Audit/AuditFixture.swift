import HotStuff
import HotStuffSimulator

@testable import HotStuffStorage

/// A chain of four replicas with true certificates, and a directory that holds it as a replica would.
struct AuditFixture: Sendable {
    let genesis: Genesis
    let committee: Committee
    let keys = IdealKeys(count: 4, seed: 1)
    private(set) var blocks: [Block]
    /// The certificate of every block.
    private(set) var certificates: [QuorumCertificate]
    /// Whose directory it is.
    var owner = 1
    /// Snapshots are taken at multiples of this.
    var interval = AuditFixture.interval
    /// The interval where none is chosen.
    static let interval: UInt64 = 10

    /// A chain of forty blocks, made once.
    static let shared = Result { try AuditFixture(count: 40) }

    /// A chain in consecutive views, with a command in every block.
    init(count: Int, name: String = "audit", interval: UInt64 = AuditFixture.interval, valueByteCount: Int = 3) throws {
        self.interval = interval
        let validators = (0..<4).map { Validator(verificationKey: [UInt8($0)], power: VotingPower(1)) }
        var parameters = ChainParameters()
        parameters.snapshotInterval = interval
        genesis = Genesis(
            name: name,
            validators: try ValidatorSet(validators),
            signatureScheme: "ideal",
            parameters: parameters
        )
        committee = Committee(genesis)
        var blocks: [Block] = []
        var certificates: [QuorumCertificate] = []
        var execution = Execution(machine: KeyValueStore(), snapshotInterval: interval)
        for number in 1...UInt64(count) {
            let parent = blocks.last ?? committee.genesis
            let session = SessionID(height: Height(1), position: 0)
            let value = (1...valueByteCount).map { UInt8($0 & 255) }
            let put = KeyValueCommand.put(key: [UInt8(number & 255)], value: value).encoded
            let command =
                number == 1
                ? Command.openSession(nonce: 1)
                : Command(key: CommandKey(session: session, sequence: number), body: put)
            let payload = Payload([command])
            let header = BlockHeader(
                chain: committee.chain,
                epoch: committee.epoch,
                view: View(number),
                height: Height(number),
                parent: parent.id,
                justifyView: parent.view,
                proposer: ReplicaID(UInt16(number % 4)),
                payloadDigest: payload.digest,
                executed: execution.executed,
                time: Timestamp(number)
            )
            let justify = certificates.last ?? committee.genesisCertificate
            let block = Block(header: header, payload: payload, justify: justify)
            let below = blocks.count > 1 ? blocks[blocks.count - 2] : committee.genesis
            let ancestry = Ancestry(final: below, pending: blocks.isEmpty ? [] : [parent])
            certificates.append(
                Self.certificate(of: header, commits: CommitRule.threeChain.commits(header, on: ancestry), by: keys)
            )
            blocks.append(block)
            _ = execution.execute(block)
        }
        self.blocks = blocks
        self.certificates = certificates
    }

    static func certificate(of header: BlockHeader, commits: Digest?, by keys: IdealKeys) -> QuorumCertificate {
        let statement = VoteStatement(
            chain: header.chain,
            epoch: header.epoch,
            view: header.view,
            block: header.id,
            height: header.height,
            parentView: header.justifyView,
            commits: commits
        )
        let signatures = (0..<UInt16(3)).map { (ReplicaID($0), keys.pen(of: ReplicaID($0)).sign(statement.digest)) }
        return QuorumCertificate(statement: statement, signatures: SignatureSet(signatures))
    }

    var identity: JournalIdentity {
        JournalIdentity(chain: committee.chain, validator: genesis.validators.validators[owner])
    }

    /// Writes what a replica keeps: an archive of some blocks, a journal of all, and the snapshots.
    ///
    /// - Parameters:
    ///   - disk: the directory.
    ///   - archived: how many blocks the archive has.
    ///   - synced: how many of them are synced.
    ///   - segmentAt: the height at which the journal's second segment begins.
    ///   - committed: the height through which the journal says what is final.
    ///   - more: what is written behind all of it.
    /// - Throws: how the disk failed.
    func fill<Storage: Disk>(
        _ disk: Storage,
        archived: Int,
        synced: Int? = nil,
        segmentAt: Int = 15,
        committed: Int = .max,
        and more: [JournalRecord] = []
    ) throws {
        var archive = try BlockArchive.open(
            on: disk,
            chain: committee.chain,
            configuration: ArchiveConfiguration(fileByteCount: 4_000),
            salt: JournalSalt(Digest.hash(of: [5]))
        )
        for height in stride(from: 2, through: archived, by: 2) {
            try archive.append(Array(blocks[height - 2..<height]), finality: certificates[height + 1])
            if height == synced ?? archived { try archive.sync() }
        }
        try fillJournal(disk, segmentAt: segmentAt, committed: committed, and: more)
        var execution = Execution(machine: KeyValueStore(), snapshotInterval: interval)
        for block in blocks.prefix(archived) {
            _ = execution.execute(block)
            if let writer = SnapshotWriter(of: execution, behind: block.header) {
                _ = try writer.write(to: SnapshotStore(on: disk, chain: committee.chain))
            }
        }
    }

    /// The same chain, as somebody knows it who has only its beginning.
    func cut(to count: Int) -> AuditFixture {
        var fixture = self
        fixture.blocks.removeLast(blocks.count - count)
        fixture.certificates.removeLast(certificates.count - count)
        return fixture
    }

    /// The same chain, in the directory of another replica.
    func of(_ owner: Int) -> AuditFixture {
        var fixture = self
        fixture.owner = owner
        return fixture
    }

    private func fillJournal<Storage: Disk>(
        _ disk: Storage,
        segmentAt: Int,
        committed: Int,
        and more: [JournalRecord]
    ) throws {
        var journal = try Journal.open(
            on: disk,
            identity: identity,
            configuration: JournalConfiguration(durability: .powerLoss, preallocates: false),
            salt: JournalSalt(Digest.hash(of: [6]))
        ) { _, _ in }
        var safety = SafetyRecord(epoch: committee.epoch, genesis: .genesis)
        for (index, block) in blocks.enumerated() {
            if index == segmentAt {
                let committed = blocks[index - 4]
                let checkpoint = Checkpoint(committed: committed, timeoutCertificates: nil, proposalCertificate: nil)
                var records: [JournalRecord] = [.checkpoint(checkpoint)]
                records += blocks[index - 3..<index].map { .block($0) }
                records += [.quorumCertificate(certificates[index - 1]), .safety(safety)]
                _ = try journal.startSegment(
                    records.map { JournalEntry($0) },
                    label: SegmentLabel.encode(committed.height)
                )
            }
            safety.lastVotedView = block.view
            safety.lastVote = certificates[index].statement
            safety.lockedView = block.header.justifyView
            var records: [JournalRecord] = [.block(block)]
            if index >= 3, index - 2 <= committed {
                records.append(.commit(height: blocks[index - 3].height, block: blocks[index - 3].id))
            }
            records.append(.safety(safety))
            _ = try journal.append(records.map { JournalEntry($0) })
        }
        if !more.isEmpty { _ = try journal.append(more.map { JournalEntry($0) }) }
        journal.noteDurable()
    }

    /// What the audit of a directory finds.
    func audit<Storage: Disk>(
        _ disk: Storage,
        progress: @escaping (AuditProgress) -> Void = { _ in }
    ) throws(AuditRefusal) -> AuditReport {
        try DirectoryAudit.run(of: disk, genesis: genesis, verifier: keys, progress: progress)
    }
}
