import HotStuff
import HotStuffSimulator
import HotStuffStorage

/// A chain, and a replica that keeps it as the shell of a real one does.
struct RecoveryFixture {
    let cluster: TestCommittee
    /// A hundred blocks, each with a command of its own behind the first.
    let blocks: [Block]
    /// At which multiples of a height a segment begins.
    var segmentEvery = 20
    var retention = ArchiveConfiguration.Retention.all
    /// Whether blocks are executed, and snapshots written, before the journal has the commits.
    var isEager = false

    /// An election that looks at the chain.
    static let leaders = RoundRobin(tenure: 1_000)

    /// What the chain tells of its leaders up to a height, to one who was never down.
    func history(through height: Int) -> LeaderHistory {
        let validators = cluster.committee.validators
        let schedule = LeaderSchedule(Self.leaders, among: validators, parameters: cluster.parameters)
        let start = LeaderHistory(beginningIn: .genesis)
        return blocks[..<height].reduce(start) { schedule.history($0, with: $1.header) }
    }

    /// Which replica it is.
    var owner = 0

    init(name: String = "archive") throws {
        cluster = try TestCommittee(name: name, snapshotInterval: 10)
        let session = SessionID(height: Height(1), position: 0)
        var payloads: [[Command]] = [[.openSession(nonce: 1)]]
        for number in 1...99 as ClosedRange<UInt64> {
            let put = KeyValueCommand.put(key: [UInt8(number)], value: Array(repeating: 7, count: 60)).encoded
            payloads.append([Command(key: CommandKey(session: session, sequence: number), body: put)])
        }
        blocks = cluster.chain(payloads)
    }

    var identity: JournalIdentity {
        JournalIdentity(chain: cluster.committee.chain, validator: cluster.committee.validators.validators[owner])
    }

    /// The state behind a height.
    func executed(through height: Int) -> ExecutedState {
        var execution = Execution(machine: KeyValueStore(), snapshotInterval: cluster.parameters.snapshotInterval)
        for block in blocks[..<height] { _ = execution.execute(block) }
        return execution.executed
    }

    func recover(
        _ disk: SimulatedDisk,
        amnesia: Amnesia? = nil,
        observing: (JournalRecord) -> Void = { _ in }
    ) throws(RecoveryFailure) -> RecoveredReplica<KeyValueStore, SimulatedDisk> {
        var verifier = cluster.verifier
        return try RecoveredReplica.recover(
            on: disk,
            identity: identity,
            configuration: JournalConfiguration(
                durability: .powerLoss,
                maximumBatchBytes: 1 << 20,
                damagePolicy: amnesia == nil ? .refuse : .cut,
                preallocates: false
            ),
            archive: ArchiveConfiguration(fileByteCount: 4_000, retention: retention),
            committee: cluster.committee,
            machine: KeyValueStore(),
            parameters: cluster.parameters,
            // All blocks are replica 0's.
            leaders: Self.leaders,
            verifier: &verifier,
            amnesia: amnesia,
            observing: observing
        )
    }

    /// Starts on a disk and goes on until so many blocks are in the journal, of which the last three are not final.
    ///
    /// - Returns: how many blocks were final, and durable in the journal, when something failed or all was done.
    @discardableResult
    func grow(_ disk: SimulatedDisk, through count: Int, onFailure: (any Error) -> Void = { _ in }) -> Int {
        var acknowledged = 0
        do {
            var life = Life(try recover(disk), self, disk)
            while life.journaled < count { try life.step(&acknowledged) }
        } catch {
            onFailure(error)
        }
        return acknowledged
    }
}

/// A replica between two crashes.
private struct Life: ~Copyable {
    var journaled: Int
    private var committed: Int
    private var execution: Execution<KeyValueStore>
    private var journal: Journal<SimulatedDisk>
    private var keeper: ChainKeeper<SimulatedDisk>
    private let store: SnapshotStore<SimulatedDisk>
    private let fixture: RecoveryFixture

    init(
        _ recovered: consuming RecoveredReplica<KeyValueStore, SimulatedDisk>,
        _ fixture: RecoveryFixture,
        _ disk: SimulatedDisk
    ) {
        committed = Int(recovered.state?.committed.height.rawValue ?? 0)
        journaled = committed + (recovered.state?.pending.count ?? 0)
        execution = recovered.execution
        journal = recovered.journal
        keeper = recovered.keeper
        store = SnapshotStore(on: disk, chain: fixture.cluster.committee.chain)
        self.fixture = fixture
    }

    /// The next block, with what becomes final by it.
    mutating func step(_ acknowledged: inout Int) throws {
        let block = fixture.blocks[journaled]
        let final = max(committed, journaled - 2)
        let new = Array(fixture.blocks[committed..<final])
        let commits = new.map { JournalRecord.commit(height: $0.height, block: $0.id) }
        if fixture.isEager { try finish(new, by: block.justify) }
        _ = try journal.append(([.block(block)] + commits).map { JournalEntry($0) })
        acknowledged = final
        if !fixture.isEager { try finish(new, by: block.justify) }
        journaled += 1
        committed = final
        if !new.isEmpty, committed.isMultiple(of: fixture.segmentEvery) { try startSegment() }
    }

    private mutating func finish(_ new: [Block], by certificate: QuorumCertificate) throws {
        try keeper.keep(new, by: certificate)
        for block in new {
            _ = execution.execute(block)
            guard let writer = SnapshotWriter(of: execution, behind: block.header) else { continue }
            try keeper.sync()
            if let reserve = try writer.write(to: store).reserve { _ = try keeper.prune(snapshotHeight: reserve) }
        }
    }

    private mutating func startSegment() throws {
        let committee = fixture.cluster.committee
        let checkpoint = Checkpoint(
            committed: fixture.blocks[committed - 1],
            timeoutCertificates: nil,
            proposalCertificate: nil
        )
        let pending = fixture.blocks[committed..<journaled]
        let records: [JournalRecord] =
            [.checkpoint(checkpoint)] + pending.map { .block($0) } + [
                .quorumCertificate(fixture.blocks[journaled - 1].justify),
                .safety(SafetyRecord(epoch: committee.epoch, genesis: committee.genesis.view)),
            ]
        _ = try journal.startSegment(
            records.map { JournalEntry($0) },
            label: SegmentLabel.encode(Height(UInt64(committed)))
        )
        try keeper.sync()
        if let first = SegmentLabel.firstNeeded(of: journal.segments, durable: keeper.durableHeight) {
            try journal.remove(before: first)
        }
    }
}

extension SimulatedDisk {
    /// The snapshots by their names.
    var snapshotNames: [String] {
        ((try? names()) ?? []).filter { $0.hasPrefix("snapshot-") }.sorted()
    }

    /// All files but the indexes of the archive, which are brought up to date whenever it is opened.
    var contents: [String: [UInt8]] {
        let kept = files.filter { !$0.name.hasPrefix("index-") }
        return Dictionary(uniqueKeysWithValues: kept.map { ($0.name, $0.bytes) })
    }
}
