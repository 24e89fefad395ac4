import HotStuff
import Testing

@Suite("BlockTree")
struct BlockTreeTests {
    let world = World(4)
    let chain: TestChain

    init() { chain = TestChain(world) }

    private func tree(_ blocks: [Block], capacity: Int = 512) -> BlockTree {
        var tree = BlockTree(root: chain.genesis, capacity: capacity)
        for block in blocks { tree.insert(block, isJournaled: false, protecting: []) }
        return tree
    }

    @Test("a block is taken once, above a parent that is here, one height up")
    func inserts() {
        let blocks = chain.extend(chain.genesis, views: 1...3)
        var tree = tree([])
        #expect(tree.insert(blocks[1], isJournaled: false, protecting: []) == false)
        #expect(tree.insert(blocks[0], isJournaled: false, protecting: []) == true)
        #expect(tree.insert(blocks[0], isJournaled: false, protecting: []) == false)
        #expect(tree.insert(chain.genesis, isJournaled: false, protecting: []) == false)
        let skipping = chain.extend(blocks[0], view: 5) { $0.height = Height(3) }
        #expect(tree.insert(skipping, isJournaled: false, protecting: []) == false)
        #expect(tree.count == 1)
    }

    @Test("the ancestry of a block leads from the root to it; that of a stranger does not exist")
    func ancestry() {
        let blocks = chain.extend(chain.genesis, views: 1...3)
        let tree = tree(blocks)
        #expect(tree.ancestry(of: blocks[2].id) == Ancestry(final: chain.genesis, pending: blocks))
        #expect(tree.ancestry(of: chain.genesis.id) == Ancestry(final: chain.genesis, pending: []))
        #expect(tree.ancestry(of: .zero) == nil)
    }

    @Test("a commit gives the path in order, and drops all that does not descend from the new root")
    func commits() {
        let blocks = chain.extend(chain.genesis, views: 1...4)
        let low = chain.extend(blocks[0], view: 7)
        let high = chain.extend(blocks[1], view: 8)
        var tree = tree(blocks + [low, high])
        #expect(tree.commit(to: blocks[1].id) == [blocks[0], blocks[1]])
        #expect(tree.root == blocks[1])
        #expect(tree.blocks == [blocks[2], blocks[3], high])
        #expect(!tree.contains(low.id))
        #expect(tree.commit(to: blocks[1].id).isEmpty)
        #expect(tree.commit(to: low.id).isEmpty)
        #expect(tree.commit(to: .zero).isEmpty)
    }

    @Test("a full tree makes room, but not of what is protected nor of its ancestors")
    func makesRoom() {
        let blocks = chain.extend(chain.genesis, views: 1...5)
        var tree = tree(blocks, capacity: 8)
        for view in 10...200 {
            let fork = chain.extend(chain.genesis, view: UInt64(view))
            #expect(tree.insert(fork, isJournaled: false, protecting: [blocks[4].id]) == true)
            #expect(tree.count <= 9)
        }
        #expect(tree.ancestry(of: blocks[4].id)?.pending == blocks)
        for block in tree.blocks { #expect(tree.ancestry(of: block.id) != nil) }
    }

    @Test("what is not journaled is told with its ancestors that are not, parents first")
    func unjournaled() {
        let blocks = chain.extend(chain.genesis, views: 1...4)
        var tree = tree(blocks)
        #expect(tree.unjournaled(upTo: blocks[3].id) == blocks)
        tree.markJournaled(blocks[0].id)
        tree.markJournaled(blocks[1].id)
        #expect(tree.unjournaled(upTo: blocks[3].id) == [blocks[2], blocks[3]])
        #expect(tree.unjournaled(upTo: blocks[1].id).isEmpty)
        #expect(tree.unjournaled(upTo: .zero).isEmpty)
        #expect(tree.isJournaled(chain.genesis.id))
    }

    @Test("the final height of a chain follows from its own certificates alone")
    func finalHeight() {
        let blocks = chain.extend(chain.genesis, views: 1...5)
        let gap = chain.extend(blocks[4], view: 9)
        let tree = tree(blocks + [gap])
        let heights = blocks.map { tree.finalHeight(below: $0).rawValue }
        #expect(heights == [0, 0, 0, 1, 2])
        #expect(tree.finalHeight(with: chain.certificate(blocks[4])) == Height(3))
        #expect(tree.finalHeight(with: chain.certificate(gap)) == Height(3))
        let fork = chain.extend(blocks[1], view: 20)
        #expect(tree.finalHeight(below: fork) == .genesis)
    }

    @Test(
        "who begins with a later block knows by the rule what is final, though the block that a certificate names is below"
    )
    func finalHeightAfterStart() {
        let blocks = chain.extend(chain.genesis, views: 1...9)
        var tree = BlockTree(root: blocks[5], rule: .threeChain)
        #expect(tree.finalHeight(with: chain.certificate(blocks[5])) == blocks[3].height)
        for block in blocks[6...] { tree.insert(block, isJournaled: true, protecting: []) }
        let heights = blocks[6...].map { tree.finalHeight(below: $0).rawValue }
        #expect(heights == [4, 5, 6])
        let gap = chain.extend(blocks[6], view: 20)
        tree.insert(gap, isJournaled: true, protecting: [])
        #expect(tree.finalHeight(with: chain.certificate(gap)) == blocks[4].height)
        #expect(BlockTree(root: blocks[5], rule: .threeChain).finalHeight(with: blocks[5].justify) == blocks[2].height)
        #expect(
            BlockTree(root: blocks[5].bare, rule: .threeChain).finalHeight(with: blocks[5].bare.justify) == .genesis
        )
    }
}

@Suite("What is remembered of the chain")
struct HistoryTests {
    private func digest(_ number: Int) -> Digest { Digest(word0: UInt64(number), word1: 1, word2: 2, word3: 3) }

    @Test("the names of the last committed blocks are kept, a bounded number")
    func committed() {
        var history = CommittedHistory(height: Height(10), block: digest(10))
        for height in 11...5_000 { history.append(digest(height)) }
        for height in (5_001 - CommittedHistory.capacity)...5_000 {
            #expect(history.block(at: Height(UInt64(height))) == digest(height))
            #expect(history.contains(digest(height)))
        }
        #expect(history.block(at: Height(5_001)) == nil)
        #expect(history.block(at: Height(.max)) == nil)
        #expect(history.block(at: Height(10)) == nil)
        #expect(!history.contains(digest(10)))
    }

    @Test("the states of the last executed heights are kept, a bounded number")
    func executed() {
        var history = ExecutionHistory([.genesis])
        for height in 1...9_000 {
            history.append(ExecutedState(height: Height(UInt64(height)), digest: digest(height)))
        }
        #expect(history.last.height == Height(9_000))
        for height in (9_001 - ExecutionHistory.capacity)...9_000 {
            #expect(history.answer(at: Height(UInt64(height))) == .digest(digest(height)))
        }
        #expect(history.answer(at: Height(9_001)) == .notYet)
        #expect(history.answer(at: Height(.max)) == .notYet)
        #expect(history.answer(at: Height(1)) == .forgotten)
    }
}
