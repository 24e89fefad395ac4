import HotStuff
import HotStuffSimulator
import HotStuffStorage
import Testing

@Suite("Recovery from a snapshot, the archive above it, and the last segments of the journal")
struct SnapshotRecoveryTests {
    private var fixture: RecoveryFixture
    private let disk = SimulatedDisk()

    init() throws { fixture = try RecoveryFixture() }

    /// Whether a replica goes on from the last of 97 final blocks.
    private func expectAll(
        from snapshot: Height?,
        _ recovered: borrowing RecoveredReplica<KeyValueStore, SimulatedDisk>,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let found = recovered.state
        let state = try #require(found, sourceLocation: sourceLocation)
        #expect(state.committed == fixture.blocks[96], sourceLocation: sourceLocation)
        #expect(state.pending == Array(fixture.blocks[97...]), sourceLocation: sourceLocation)
        #expect(recovered.execution.executed == fixture.executed(through: 97), sourceLocation: sourceLocation)
        #expect(state.executed.last == recovered.execution.executed, sourceLocation: sourceLocation)
        #expect(state.leaderHistory == fixture.history(through: 97), sourceLocation: sourceLocation)
        #expect(state.leaderHistory?.tenure == 7, sourceLocation: sourceLocation)
        #expect(state.executed.first?.height == snapshot ?? .genesis, sourceLocation: sourceLocation)
        #expect(recovered.snapshotHeight == snapshot, sourceLocation: sourceLocation)
    }

    @Test("a replica starts from its newest snapshot and reads no segment but the last")
    func newest() throws {
        #expect(fixture.grow(disk, through: 100) { Issue.record("\($0)") } == 97)
        #expect(disk.journalNames == ["journal-0000000005"])
        #expect(disk.snapshotNames.count == 2)
        disk.losePower(seed: 3)
        var seen: [JournalRecord] = []
        let recovered = try fixture.recover(disk) { seen.append($0) }
        try expectAll(from: Height(90), recovered)
        #expect(recovered.notices.isEmpty)
        guard case .checkpoint(let checkpoint)? = seen.first else {
            Issue.record("the segment begins with \(String(describing: seen.first))")
            return
        }
        #expect(checkpoint.committed == fixture.blocks[79])
        #expect(recovered.keeper.reader.firstHeight == Height(1))
        #expect(recovered.keeper.reader.height == Height(97))
    }

    @Test("if the newest snapshot is damaged, the one before serves, also where the archive was pruned")
    mutating func damagedNewest() throws {
        fixture.retention = .sinceSnapshot
        fixture.grow(disk, through: 100) { Issue.record("\($0)") }
        let name = try #require(disk.snapshotNames.last)
        disk.flip(bit: 5, at: 200, of: name)
        let recovered = try fixture.recover(disk)
        try expectAll(from: Height(80), recovered)
        #expect(recovered.keeper.reader.firstHeight > Height(1))
        #expect(recovered.keeper.reader.firstHeight <= Height(81))
        #expect(recovered.notices.count == 1)
        #expect(recovered.notices.first?.contains("height 90") == true)
    }

    @Test("without an intact snapshot all is executed again, if the archive has it")
    func noSnapshot() throws {
        fixture.grow(disk, through: 100) { Issue.record("\($0)") }
        for name in disk.snapshotNames { disk.flip(bit: 0, at: 100, of: name) }
        let recovered = try fixture.recover(disk)
        try expectAll(from: nil, recovered)
        #expect(recovered.notices.count == 2)
    }

    @Test("without an intact snapshot and without the blocks below, a replica does not start, and says what is missing")
    mutating func lost() throws {
        fixture.retention = .sinceSnapshot
        fixture.grow(disk, through: 100) { Issue.record("\($0)") }
        for name in disk.snapshotNames { disk.flip(bit: 0, at: 100, of: name) }
        let before = disk.contents
        let failure = #expect(throws: RecoveryFailure.self) { _ = try fixture.recover(disk) }
        guard case .lost(_, height: Height(1), _)? = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        #expect(disk.contents.keys.sorted() == before.keys.sorted())
        #expect(disk.contents == before)
    }

    @Test("pruning keeps what the older of two intact snapshots needs, a damaged one between them or not")
    mutating func damagedBetween() throws {
        fixture.retention = .sinceSnapshot
        fixture.grow(disk, through: 84) { Issue.record("\($0)") }
        // Height 80 is the newest, 70 the one before.
        let name = try #require(disk.snapshotNames.last)
        disk.flip(bit: 5, at: 200, of: name)
        fixture.grow(disk, through: 100) { Issue.record("\($0)") }
        let newest = try #require(disk.snapshotNames.last)
        disk.flip(bit: 5, at: 200, of: newest)
        try expectAll(from: Height(70), fixture.recover(disk))
    }

    @Test("a state ahead of a journal that lost its end is written down in it, and the chain goes on")
    mutating func aheadOfJournal() throws {
        fixture.isEager = true
        // The write of the batch that commits height 60 fails, when the snapshot of that height is there.
        var stops = 0
        for after in 50..<150 where stops < 3 {
            let disk = SimulatedDisk()
            disk.inject(.init(operation: .write, code: 5, after: after))
            let acknowledged = fixture.grow(disk, through: 100)
            disk.clearFaults()
            disk.losePower(seed: UInt64(after))
            var seen: [JournalRecord] = []
            let recovered = try fixture.recover(disk) { seen.append($0) }
            let reached = Int(recovered.execution.executed.height.rawValue)
            #expect(reached >= acknowledged, "fault after \(after) writes")
            #expect(recovered.state?.committed.height ?? .genesis == recovered.execution.executed.height)
            guard reached > acknowledged, recovered.snapshotHeight?.rawValue == UInt64(reached) else { continue }
            stops += 1
            // What is signed from now on may rest on the certificate, so it must be in the journal itself.
            let isWritten = seen.contains {
                guard case .quorumCertificate(let certificate) = $0 else { return false }
                return certificate.statement.commits == fixture.blocks[reached - 1].id
            }
            #expect(isWritten, "fault after \(after) writes")
            #expect(recovered.state?.pending == Array(fixture.blocks[reached..<acknowledged + 3]))
            #expect(recovered.state?.certificates.content.quorum.statement.commits == fixture.blocks[reached - 1].id)
            #expect(fixture.grow(disk, through: 100) { Issue.record("fault after \(after) writes: \($0)") } == 97)
            try expectAll(from: Height(90), fixture.recover(disk))
        }
        #expect(stops > 0)
    }

    @Test(
        "nothing acknowledged is lost, wherever the disk fails and the power goes",
        arguments: 0..<150 as Range<UInt64>
    )
    func crashes(seed: UInt64) throws {
        var fixture = fixture
        var random = RandomSource(seed: seed)
        fixture.isEager = Bool.random(using: &random)
        fixture.segmentEvery = Int.random(in: 1...12, using: &random)
        fixture.retention = [.all, .sinceSnapshot, .last(5)][Int.random(in: 0..<3, using: &random)]
        let operations: [DiskError.Operation] = [.write, .sync, .rename, .syncDirectory, .remove]
        var acknowledged = 0
        for round in 0..<12 {
            disk.inject(
                .init(
                    operation: operations[Int.random(in: 0..<operations.count, using: &random)],
                    code: 5,
                    after: Int.random(in: 0..<30, using: &random),
                    keeping: Int.random(in: 0..<900, using: &random),
                    leavesPending: Bool.random(using: &random)
                )
            )
            let goal = min(100, acknowledged + 3 + Int.random(in: 1..<25, using: &random))
            let reached = fixture.grow(disk, through: goal) { error in
                switch error {
                case RecoveryFailure.journal(.disk), RecoveryFailure.archive(.disk), RecoveryFailure.snapshots(.disk),
                    JournalError.disk, ArchiveError.disk, SnapshotStoreError.disk:
                    return
                default: Issue.record("seed \(seed), round \(round): \(error)")
                }
            }
            acknowledged = max(acknowledged, reached)
            disk.clearFaults()
            if Bool.random(using: &random) { disk.losePower(seed: random.next()) } else { disk.killProcess() }
            let recovered = try fixture.recover(disk)
            let height = Int(recovered.state?.committed.height.rawValue ?? 0)
            #expect(height >= acknowledged, "seed \(seed), round \(round)")
            #expect(recovered.execution.executed == fixture.executed(through: height), "seed \(seed), round \(round)")
            #expect(
                recovered.state?.committed ?? fixture.cluster.committee.genesis
                    == (height == 0 ? fixture.cluster.committee.genesis : fixture.blocks[height - 1])
            )
            acknowledged = height
        }
    }
}
