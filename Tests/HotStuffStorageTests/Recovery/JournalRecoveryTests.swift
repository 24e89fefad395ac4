import HotStuff
import HotStuffSimulator
import HotStuffStorage
import Testing

@Suite("Recovery from a journal alone, and the blocks served out of the archive")
struct JournalRecoveryTests {
    private let cluster: TestCommittee
    private let blocks: [Block]
    private let disk = SimulatedDisk()

    init() throws {
        cluster = try TestCommittee()
        let session = SessionID(height: Height(1), position: 0)
        var payloads: [[Command]] = [[.openSession(nonce: 1)], [.openSession(nonce: 2)]]
        for number in 1...98 as ClosedRange<UInt64> {
            payloads.append([
                Command(
                    key: CommandKey(session: session, sequence: number),
                    body: Array(repeating: UInt8(number), count: 40)
                )
            ])
        }
        blocks = cluster.chain(payloads)
    }

    /// Every block with its certificate, and the commit of the one three below.
    private var records: [JournalRecord] {
        blocks.indices.flatMap { index -> [JournalRecord] in
            guard index >= 3 else { return [.block(blocks[index])] }
            return [.block(blocks[index]), .commit(height: blocks[index - 3].height, block: blocks[index - 3].id)]
        }
    }

    private func recover(
        _ disk: SimulatedDisk,
        observing: (JournalRecord) -> Void = { _ in }
    ) throws -> RecoveredReplica<KeyValueStore, SimulatedDisk> {
        var verifier = cluster.verifier
        var random = RandomSource(seed: 5)
        return try RecoveredReplica.recover(
            on: disk,
            identity: JournalIdentity(
                chain: cluster.committee.chain,
                validator: cluster.committee.validators.validators[0]
            ),
            configuration: JournalConfiguration(durability: .powerLoss, maximumBatchBytes: 1 << 20),
            committee: cluster.committee,
            machine: KeyValueStore(),
            parameters: cluster.parameters,
            verifier: &verifier,
            salt: JournalSalt(using: &random),
            observing: observing
        )
    }

    /// Writes the records to the disk of a replica that has never run.
    private func write() throws {
        let recovered = try recover(disk)
        #expect(recovered.state == nil)
        var journal = recovered.journal
        for record in records { _ = try journal.append([record.encoded]) }
    }

    @Test("an empty disk gives a replica that has done nothing, with the journal of the salt that was given")
    func empty() throws {
        let other = SimulatedDisk()
        let recovered = try recover(disk)
        #expect(recovered.state == nil)
        #expect(recovered.journal.opening.isNew)
        #expect(recovered.execution.executed == .genesis)
        _ = try recover(other)
        #expect(disk["journal-0000000001"] == other["journal-0000000001"])
    }

    @Test("what was committed is executed again, and every record is seen once in order")
    func recovers() throws {
        try write()
        disk.losePower(seed: 1)
        var seen: [JournalRecord] = []
        let recovered = try recover(disk) { seen.append($0) }
        #expect(seen == records)
        var execution = Execution(machine: KeyValueStore())
        var openings: [CommandResult] = []
        for block in blocks[..<97] { openings += execution.execute(block).filter { $0.key.session == .none } }
        #expect(recovered.execution.executed == execution.executed)
        #expect(recovered.openings == openings)
        #expect(recovered.openings.count == 2)
        let found = recovered.state
        let state = try #require(found)
        #expect(state.committed == blocks[96])
        #expect(state.pending == Array(blocks[97...]))
        #expect(state.executed.last == execution.executed)
        #expect(state.position == JournalPosition(UInt64(records.count)))
        #expect(recovered.keeper.reader.height == Height(97))
    }

    @Test("a record that contradicts the chain is refused with its place")
    func refuses() throws {
        let recovered = try recover(disk)
        var journal = recovered.journal
        let locations = try journal.append([
            records[0].encoded, JournalRecord.commit(height: Height(2), block: blocks[0].id).encoded,
        ])
        var reason: RecoveryFailure?
        do throws(RecoveryFailure) {
            var verifier = cluster.verifier
            _ = try RecoveredReplica.recover(
                on: disk,
                identity: JournalIdentity(
                    chain: cluster.committee.chain,
                    validator: cluster.committee.validators.validators[0]
                ),
                configuration: JournalConfiguration(durability: .powerLoss),
                committee: cluster.committee,
                machine: KeyValueStore(),
                parameters: cluster.parameters,
                verifier: &verifier
            )
        } catch {
            reason = error
        }
        guard case .journal(.rejected(_, locations[1].offset, _))? = reason else {
            Issue.record("not refused: \(String(describing: reason))")
            return
        }
    }

    @Test("a request is answered from the disk and from memory, in order, without a gap, up to the limit")
    func serves() throws {
        try write()
        let recovered = try recover(disk)
        let shelf = recovered.keeper.shelf
        func ask(_ target: Block, above: UInt64, pending: [Block] = []) throws -> [Block] {
            let response = try shelf.answer(
                BlockRequest(target: target.id, at: target.height, above: Height(above)),
                pending: pending
            )
            #expect(response.target == target.id)
            return response.blocks
        }
        #expect(try ask(blocks[9], above: 4) == Array(blocks[4...9]))
        #expect(try ask(blocks[9], above: 10).isEmpty)
        #expect(try ask(blocks[96], above: 0) == Array(blocks[..<64]))
        #expect(try ask(blocks[99], above: 90, pending: Array(blocks[97...])) == Array(blocks[90...]))
        #expect(try ask(blocks[99], above: 98, pending: Array(blocks[97...])) == Array(blocks[98...]))
        #expect(try ask(blocks[99], above: 10, pending: Array(blocks[97...])) == Array(blocks[10..<74]))
        #expect(try ask(blocks[99], above: 0).isEmpty, "not committed, and no way to it was given")
    }

    @Test("a block that rotted on the disk is an error, not an answer")
    func rots() throws {
        try write()
        let recovered = try recover(disk)
        let shelf = recovered.keeper.shelf
        let name = "blocks-00000000000000000001"
        let place = try #require(disk[name].flatMap { Self.place(of: blocks[4].payload.commands[0].body, in: $0) })
        disk.flip(bit: 3, at: place, of: name)
        func ask(above height: UInt64) throws(ArchiveError) -> [Block] {
            let request = BlockRequest(target: blocks[9].id, at: blocks[9].height, above: Height(height))
            return try shelf.answer(request, pending: []).blocks
        }
        #expect(throws: ArchiveError.damaged(Height(5))) { try ask(above: 4) }
        #expect(try ask(above: 5) == Array(blocks[5...9]))
        #expect(try ask(above: 2) == Array(blocks[2...3]))
    }

    /// Where some bytes begin in others.
    private static func place(of sought: [UInt8], in bytes: [UInt8]) -> Int? {
        (0...bytes.count - sought.count).first { Array(bytes[$0..<$0 + sought.count]) == sought }
    }
}
