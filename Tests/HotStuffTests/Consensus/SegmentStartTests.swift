import HotStuff
import Testing

@Suite("The beginning of a segment")
struct SegmentStartTests {
    // Seven, so that a replica leads none of the first views.
    let world = World(7)
    let chain: TestChain
    let oracle = Oracle()

    init() { chain = TestChain(world) }

    private func started() -> TestReplica {
        let replica = TestReplica(world: world, id: 0, settings: ConsensusSettings(), oracle: oracle)
        _ = replica.start(now: Instant(0), wall: Timestamp(1_000))
        return replica
    }

    @discardableResult
    private func propose(_ block: Block, to replica: TestReplica) -> [Effect] {
        let proposal = Frame.encode(Message.proposal(world.proposal(block, after: nil)))
        return settle(replica, replica.receive(proposal, from: block.header.proposer))
    }

    private func extend(_ parent: Block?, view: UInt64, bodyByteCount: Int = 10) -> Block {
        let key = CommandKey(session: SessionID(height: Height(1), position: 0), sequence: view)
        let command = Command(key: key, body: Array(repeating: 1, count: bodyByteCount))
        return chain.extend(parent ?? chain.genesis, view: view, [command])
    }

    /// The heights of the segments that begin, and the records of the last one.
    private func segments(in effects: [Effect]) -> (heights: [Height], records: [JournalRecord]) {
        var heights: [Height] = []
        var records: [JournalRecord] = []
        for effect in effects {
            switch effect {
            case .startSegment(let height):
                heights.append(height)
                records = []
            case .append(let record, _): if !heights.isEmpty { records.append(record) }
            default: break
            }
        }
        return (heights, records)
    }

    private func recover(_ records: [JournalRecord]) throws -> RecoveredState {
        var recovery = Recovery(committee: world.committee)
        for record in records { _ = try recovery.apply(record) }
        var verifier = world.verifier()
        return try recovery.state(verifier: &verifier, executed: [.genesis], position: .start)
    }

    private func expectSame(_ found: RecoveredState, _ expected: RecoveredState) {
        #expect(found.record == expected.record)
        #expect(found.certificates.content == expected.certificates.content)
        #expect(found.timeoutCertificates == expected.timeoutCertificates)
        #expect(found.proposalCertificate == expected.proposalCertificate)
        #expect(found.committed == expected.committed)
        #expect(found.pending == expected.pending)
    }

    @Test("holds all that is needed of the segments before", arguments: [false, true])
    func isEnough(hasGivenUp: Bool) throws {
        let replica = started()
        var last: Block?
        for view in 1...6 as ClosedRange<UInt64> {
            let block = extend(last, view: view)
            propose(block, to: replica)
            last = block
        }
        if hasGivenUp {
            settle(replica, replica.handle(.clock(now: Instant(100_000_000), wall: Timestamp(1_000))))
            #expect(replica.core.safetyRecord.lastTimeout != nil)
        }
        let before = replica.journal
        let (heights, records) = segments(in: replica.handle(.segmentIsFull(room: 1 << 20)))
        #expect(heights == [replica.core.committed.height])
        #expect(replica.core.committed.height > .genesis)
        let expected = try recover(before)
        #expect(!expected.pending.isEmpty)
        #expect((expected.timeoutCertificates != nil) == hasGivenUp)
        expectSame(try recover(records), expected)
        expectSame(try recover(before + records), expected)
    }

    @Test("waits while it would be too long, and comes with a later commit, once")
    func waits() throws {
        let replica = started()
        var last: Block?
        for view in 1...3 as ClosedRange<UInt64> {
            let block = extend(last, view: view, bodyByteCount: 20_000)
            propose(block, to: replica)
            last = block
        }
        #expect(segments(in: replica.handle(.segmentIsFull(room: 30_000))).heights.isEmpty)
        var heights: [Height] = []
        var records: [JournalRecord] = []
        for view in 4...6 as ClosedRange<UInt64> {
            let block = extend(last, view: view)
            let found = segments(in: propose(block, to: replica))
            if heights.isEmpty { records = found.records }
            heights += found.heights
            last = block
        }
        let bytes = records.reduce(0) { $0 + $1.encoded.count }
        #expect(heights.count == 1)
        #expect(bytes > 0 && bytes < 40_000)
        #expect(throws: Never.self) { try recover(records) }
    }

    @Test("that is not that of the blocks before is refused, one above them is gone on from")
    func checkpoints() throws {
        let blocks = chain.extend(chain.genesis, views: 1...6)
        let fork = chain.extend(blocks[0], view: 9)
        func checkpoint(_ block: Block) -> JournalRecord {
            .checkpoint(Checkpoint(committed: block, timeoutCertificates: nil, proposalCertificate: nil))
        }
        let first =
            blocks.map { JournalRecord.block($0) } + [
                .commit(height: Height(1), block: blocks[0].id), .commit(height: Height(2), block: blocks[1].id),
            ]
        #expect(throws: RecoveryError.wrongCheckpoint(height: Height(2))) { try recover(first + [checkpoint(fork)]) }
        #expect(throws: RecoveryError.wrongCheckpoint(height: Height(1))) {
            try recover(first + [checkpoint(blocks[0])])
        }
        let state = try recover(first + [checkpoint(blocks[3])])
        #expect(state.committed == blocks[3])
        #expect(state.pending == Array(blocks[4...]))
        let next = try recover(first + [checkpoint(blocks[3]), .commit(height: Height(5), block: blocks[4].id)])
        #expect(next.committed == blocks[4])
    }
}
