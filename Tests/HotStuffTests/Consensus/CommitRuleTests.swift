import HotStuff
import Testing

/// Clause C1 and the definition of `commits`.
@Suite("CommitRule")
struct CommitRuleTests {
    let world = World(4)
    let chain: TestChain
    let set = Digest.hash(of: [7])

    init() { chain = TestChain(world) }

    private func commits(_ block: Block, on parent: Block) -> Digest? {
        world.parameters.commitRule.commits(block.header, on: chain.ancestry(of: parent))
    }

    @Test("C1: three blocks of consecutive views make the first final")
    func commitsFirstOfThree() {
        let blocks = chain.extend(chain.genesis, views: 5...7)
        #expect(commits(blocks[2], on: blocks[1]) == blocks[0].id)
    }

    @Test(
        "C1: a gap before the last, or before the middle, makes nothing final",
        arguments: [[5, 6, 8], [5, 7, 8], [5, 7, 9]]
    )
    func needsConsecutiveViews(views: [UInt64]) {
        let first = chain.extend(chain.genesis, view: views[0])
        let second = chain.extend(first, view: views[1])
        let third = chain.extend(second, view: views[2])
        #expect(commits(third, on: second) == nil)
    }

    @Test("C1: a gap below the three does not matter")
    func ignoresLowerGaps() {
        let low = chain.extend(chain.genesis, view: 2)
        let blocks = chain.extend(low, views: 9...11)
        #expect(commits(blocks[2], on: blocks[1]) == blocks[0].id)
    }

    @Test("C1: the genesis counts as a block of view 0, and is final in itself")
    func startsAtGenesis() {
        let blocks = chain.extend(chain.genesis, views: 1...2)
        #expect(commits(blocks[0], on: chain.genesis) == nil)
        #expect(commits(blocks[1], on: blocks[0]) == chain.genesis.id)
    }

    @Test("all replicas say the same of a block, however much of its chain is final for them")
    func doesNotDependOnTheRoot() {
        let blocks = chain.extend(chain.genesis, views: 1...6)
        for root in 0..<5 {
            let ancestry = Ancestry(final: blocks[root], pending: Array(blocks[(root + 1)..<5]))
            #expect(CommitRule.threeChain.commits(blocks[5].header, on: ancestry) == blocks[3].id)
        }
    }

    @Test("an epoch's end becomes final itself, when C1 makes it final or a block above it")
    func commitsEpochEnd() {
        let end = chain.extend(chain.genesis, view: 1) { $0.nextValidatorSet = set }
        let blocks = chain.extend(end, views: 2...4)
        #expect(commits(blocks[1], on: blocks[0]) == end.id)
        #expect(commits(blocks[2], on: blocks[1]) == end.id)
    }

    @Test("a block below an epoch's end becomes final alone, before the end")
    func commitsBelowEpochEnd() {
        let blocks = chain.extend(chain.genesis, views: 1...2)
        let end = chain.extend(blocks[1], view: 3) { $0.nextValidatorSet = set }
        #expect(commits(end, on: blocks[1]) == blocks[0].id)
        let after = chain.extend(end, view: 4)
        #expect(commits(after, on: end) == blocks[1].id)
    }

    @Test("the empty suffix below a view gap makes nothing final, although there is an epoch's end")
    func respectsGapInSuffix() {
        let end = chain.extend(chain.genesis, view: 1) { $0.nextValidatorSet = set }
        let first = chain.extend(end, view: 3)
        #expect(commits(first, on: end) == nil)
        let second = chain.extend(first, view: 4)
        #expect(commits(second, on: first) == nil)
        let third = chain.extend(second, view: 5)
        #expect(commits(third, on: second) == end.id)
    }

    @Test("of several epoch ends that are not final the earliest becomes final")
    func commitsEarliestEnd() {
        let first = chain.extend(chain.genesis, view: 1) { $0.nextValidatorSet = set }
        let second = chain.extend(first, view: 2) { $0.nextValidatorSet = Digest.hash(of: [8]) }
        let blocks = chain.extend(second, views: 3...4)
        #expect(commits(blocks[1], on: blocks[0]) == first.id)
    }

    @Test("an epoch's end that is final already changes nothing")
    func ignoresFinalEnd() {
        let end = chain.extend(chain.genesis, view: 1) { $0.nextValidatorSet = set }
        let blocks = chain.extend(end, views: 2...4)
        let ancestry = Ancestry(final: end, pending: [blocks[0], blocks[1]])
        #expect(CommitRule.threeChain.commits(blocks[2].header, on: ancestry) == blocks[0].id)
    }
}
