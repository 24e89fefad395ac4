import HotStuff
import Testing

@Suite("Leaders by proof of work")
struct ProofOfWorkTests {
    /// A chain of headers that solve their puzzles.
    private struct MinedChain {
        let world: World
        let schedule: LeaderSchedule
        var tip: Block
        var history: LeaderHistory
        let chain: TestChain

        init(_ world: World) {
            self.world = world
            chain = TestChain(world)
            schedule = world.schedule
            tip = chain.genesis
            history = LeaderHistory(beginningWith: tip.header)
        }

        func difficulty(for replica: UInt16, in view: UInt64) -> UInt8? {
            schedule.puzzle(for: ReplicaID(replica), in: View(view), on: tip, after: history)?.difficulty
        }

        /// A block that solves a puzzle of a difficulty.
        func block(_ view: UInt64, by proposer: UInt16, difficulty: UInt8) -> Block {
            chain.extend(tip, view: view) {
                $0.proposer = ReplicaID(proposer)
                $0.solve(difficulty)
            }
        }

        func admits(_ block: Block) -> Bool { schedule.admits(block.header, after: history) == true }

        mutating func add(_ block: Block) {
            history = schedule.history(history, with: block.header)
            tip = block
        }

        /// Goes on with a block of a view as it should be.
        mutating func add(_ view: UInt64, by proposer: UInt16) throws {
            let wanted = try #require(difficulty(for: proposer, in: view))
            let next = block(view, by: proposer, difficulty: wanted)
            #expect(admits(next))
            add(next)
        }
    }

    private func mined(
        _ count: Int = 4,
        difficulty: UInt8 = 4,
        powers: [UInt64]? = nil,
        interval: UInt64 = 1_000_000
    ) -> MinedChain {
        let parameters = ChainParameters(
            snapshotInterval: interval,
            leaderElection: .proofOfWork(difficulty: difficulty)
        )
        return MinedChain(World(count, powers: powers, parameters: parameters))
    }

    @Test("nobody is expected, and whoever shows a solution of its own puzzle may lead")
    func anybody() {
        let chain = mined()
        #expect(chain.schedule.wantsWork && chain.schedule.leader(of: View(1), after: chain.history) == nil)
        for replica in 0..<4 as Range<UInt16> {
            #expect(chain.admits(chain.block(1, by: replica, difficulty: 4)))
        }
    }

    @Test("no proof, another difficulty, and the solution of another or for another view or block are refused")
    func refused() throws {
        var chain = mined(difficulty: 12)
        let honest = chain.block(1, by: 1, difficulty: 12)
        func altered(_ change: (inout HeaderDraft) -> Void) -> Block {
            chain.chain.extend(chain.tip, view: 1) {
                $0.proposer = ReplicaID(1)
                $0.work = honest.header.work
                change(&$0)
            }
        }
        #expect(chain.admits(altered { _ in }))
        #expect(!chain.admits(altered { $0.work = .none }))
        #expect(!chain.admits(altered { $0.work = Work(difficulty: 12, nonce: honest.header.work.nonce &+ 1) }))
        #expect(!chain.admits(altered { $0.work = Work(difficulty: 0, nonce: honest.header.work.nonce) }))
        #expect(!chain.admits(altered { $0.proposer = ReplicaID(2) }))
        #expect(!chain.admits(altered { $0.view = View(2) }))
        #expect(!chain.admits(altered { $0.proposer = ReplicaID(4) }))
        #expect(!chain.admits(chain.block(1, by: 1, difficulty: 11)))
        #expect(!chain.admits(chain.block(1, by: 1, difficulty: 13)))
        // What the solution does not bind is for the voters to judge.
        #expect(chain.admits(altered { $0.time = Timestamp(5) }))
        chain.add(honest)
        #expect(!chain.admits(chain.chain.extend(chain.tip, view: 2) { $0.work = honest.header.work }))
    }

    @Test("where no proof is wanted a header that shows one is refused")
    func needless() {
        let world = World(4)
        let chain = TestChain(world)
        let history = LeaderHistory(beginningIn: .genesis)
        let plain = chain.extend(chain.genesis, view: 1)
        let proud = chain.extend(chain.genesis, view: 1) { $0.solve(1) }
        #expect(world.schedule.admits(plain.header, after: history) == true)
        #expect(world.schedule.admits(proud.header, after: history) == false)
        #expect(world.schedule.puzzle(for: ReplicaID(1), in: View(1), on: chain.genesis, after: history) == nil)
    }

    @Test("the proposers of the last blocks stand back, as many as f of the power")
    func standingBack() throws {
        var four = mined(4)
        for view in 1...12 as ClosedRange<UInt64> {
            try four.add(view, by: UInt16(view % 2))
            let back = (0..<4).filter { four.difficulty(for: UInt16($0), in: view + 1) == nil }
            #expect(back == [Int(view % 2)])
            #expect(!four.admits(four.block(view + 1, by: UInt16(view % 2), difficulty: 4)))
        }
        var seven = mined(7)
        for (view, proposer) in zip(1...5 as ClosedRange<UInt64>, [3, 5, 1, 6, 0] as [UInt16]) {
            try seven.add(view, by: proposer)
        }
        #expect((0..<7).filter { seven.difficulty(for: UInt16($0), in: 6) == nil } == [0, 6])
        // Quorum 7 of 10: whoever has 4 can never stand back, and nobody behind it does.
        var unequal = mined(4, powers: [4, 1, 2, 3])
        try unequal.add(1, by: 1)
        try unequal.add(2, by: 0)
        #expect((0..<4).allSatisfy { unequal.difficulty(for: UInt16($0), in: 3) != nil })
        try unequal.add(3, by: 1)
        try unequal.add(4, by: 2)
        #expect((0..<4).filter { unequal.difficulty(for: UInt16($0), in: 5) == nil } == [1, 2])
        var two = mined(2)
        try two.add(1, by: 1)
        #expect(two.difficulty(for: 1, in: 2) == 4)
    }

    @Test(
        "after failed views the difficulty is searched around the base, easier first, in rounds that widen and begin anew"
    )
    func search() throws {
        var chain = mined(difficulty: 4)
        try chain.add(1, by: 0)
        let tried = (0..<16 as Range<UInt64>).map { chain.difficulty(for: 1, in: 2 + $0) }
        #expect(tried == [4, 4, 3, 5, 4, 3, 5, 2, 6, 4, 3, 5, 2, 6, 1, 7])
        let many = (1...2_000 as ClosedRange<UInt64>).compactMap { chain.difficulty(for: 1, in: 2 + $0) }
        #expect(many.min() == 1 && many.max() == 40 && many.count == 2_000)
        // Of any 150 in a row some are as easy and some as hard as the last rounds can say.
        #expect(many.indices.dropLast(150).allSatisfy { many[$0..<$0 + 150].contains(4) })
        #expect(chain.difficulty(for: 1, in: .max) != nil)
    }

    @Test(
        "the difficulty of the view that succeeds is the next base, and goes back a step after 64 blocks without a gap"
    )
    func retarget() throws {
        var chain = mined(difficulty: 6)
        try chain.add(1, by: 0)
        try chain.add(4, by: 1)
        #expect(chain.tip.header.work.difficulty == 5)
        var view: UInt64 = 4
        var bits: [UInt8] = []
        for _ in 0..<66 {
            view += 1
            try chain.add(view, by: UInt16(view % 3))
            bits.append(chain.tip.header.work.difficulty)
        }
        #expect(bits == Array(repeating: 5, count: 64) + [6, 6])
        // At its own difficulty it stays.
        for _ in 0..<70 {
            view += 1
            try chain.add(view, by: UInt16(view % 3))
            #expect(chain.tip.header.work.difficulty == 6)
        }
        // And down again, from one that is too hard.
        view += 4
        try chain.add(view, by: UInt16(view % 3))
        #expect(chain.tip.header.work.difficulty == 7)
        for _ in 0..<65 {
            view += 1
            try chain.add(view, by: UInt16(view % 3))
        }
        #expect(chain.tip.header.work.difficulty == 6)
    }

    @Test("where the history begins anew the header tells the difficulty, and nobody stands back")
    func snapshot() throws {
        var chain = mined(difficulty: 6, interval: 3)
        try chain.add(1, by: 0)
        try chain.add(4, by: 1)
        try chain.add(5, by: 2)
        #expect(chain.tip.height == Height(3) && chain.history == LeaderHistory(beginningWith: chain.tip.header))
        #expect(chain.difficulty(for: 2, in: 6) == 5)
        // Whoever begins above it without its header knows as much after one block.
        var blind = LeaderHistory(beginningIn: chain.tip.view)
        try chain.add(6, by: 2)
        blind = chain.schedule.history(blind, with: chain.tip.header)
        #expect(blind == chain.history)
    }

    @Test("what cannot be solved is refused by name and range", arguments: [0, 41, 255] as [UInt8])
    func range(difficulty: UInt8) {
        let rule = LeaderElectionRule.proofOfWork(difficulty: difficulty)
        #expect(rule.fault == "workDifficulty is \(difficulty), allowed are 1 to 40")
        #expect(ChainParameters(leaderElection: .proofOfWork(difficulty: 40)).fault == nil)
        #expect(rule.encoded == [3, difficulty, 0, 0, 0, 0, 0, 0, 0])
    }

    @Test("an audit checks every proof, and from the middle on those whose difficulty it knows")
    func audit() throws {
        var chain = mined(difficulty: 8, interval: 5)
        var blocks: [Block] = []
        for view in 1...14 as ClosedRange<UInt64> where view != 8 {
            try chain.add(view, by: UInt16(view % 3))
            blocks.append(chain.tip)
        }
        func reason(_ blocks: [Block], above below: Int = 0) -> ChainFault.Reason? {
            var audit = ChainAudit(
                committee: chain.world.committee,
                parameters: chain.world.parameters,
                verifier: IdealSignatures()
            )
            do throws(ChainFault) {
                if below > 0 { audit.begin(above: blocks[below - 1].height, block: blocks[below - 1].id) }
                for block in blocks.dropFirst(below) { try audit.take(block, finality: nil, in: "") }
                try audit.finish()
                return nil
            } catch {
                return error.reason
            }
        }
        for below in 0..<blocks.count { #expect(reason(blocks, above: below) == nil) }
        let last = blocks[blocks.count - 1]
        let lazy = chain.chain.extend(blocks[blocks.count - 2], view: last.view.rawValue) {
            $0.proposer = last.header.proposer
            $0.work = Work(difficulty: last.header.work.difficulty, nonce: last.header.work.nonce &+ 1)
        }
        #expect(reason(blocks.dropLast() + [lazy]) == .notTheLeader(last.header.proposer, leader: nil))
    }
}
