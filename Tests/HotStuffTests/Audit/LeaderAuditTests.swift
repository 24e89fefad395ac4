import HotStuff
import Testing

@Suite("An audit of leaders with a reputation")
struct LeaderAuditTests {
    private let world = World(4, parameters: ChainParameters(snapshotInterval: 5, leaderElection: .reputation))

    /// A chain in which replica 3 never leads; in the view of a forgery its turn is its own all the same.
    private func blocks(through last: UInt64, forgedIn forged: UInt64? = nil) -> [Block] {
        let chain = TestChain(world)
        var blocks: [Block] = []
        for view in 1...last {
            let history = world.history(of: blocks)
            let leader = world.schedule.leader(of: View(view), after: history) ?? ReplicaID(0)
            if leader == ReplicaID(3) { continue }
            blocks.append(
                chain.extend(blocks.last ?? chain.genesis, view: view) {
                    $0.proposer = view == forged ? ReplicaID(3) : leader
                }
            )
        }
        return blocks
    }

    private func reason(_ blocks: [Block], above below: Int = 0) -> ChainFault.Reason? {
        var audit = ChainAudit(committee: world.committee, parameters: world.parameters, verifier: IdealSignatures())
        do throws(ChainFault) {
            if below > 0 { audit.begin(above: blocks[below - 1].height, block: blocks[below - 1].id) }
            for block in blocks.dropFirst(below) { try audit.take(block, finality: nil, in: "") }
            try audit.finish()
            return nil
        } catch {
            return error.reason
        }
    }

    @Test("a chain in which others have the turns of one who failed is right, from wherever it is read")
    func right() {
        let blocks = blocks(through: 30)
        #expect(blocks.contains { $0.header.proposer != world.leader($0.view.rawValue) })
        for below in 0..<12 { #expect(reason(blocks, above: below) == nil) }
    }

    @Test("who takes a turn that is another's is named, as soon as the history is known")
    func wrong() throws {
        let honest = blocks(through: 30)
        // A turn of replica 3 that another has.
        let index = try #require(honest.firstIndex { $0.view.rawValue % 4 == 3 && $0.height > Height(10) })
        let view = honest[index].view.rawValue
        let forged = blocks(through: view, forgedIn: view)
        let expected = ChainFault.Reason.notTheLeader(ReplicaID(3), leader: honest[index].header.proposer)
        #expect(reason(forged) == expected)
        #expect(reason(forged, above: 5) == expected)
        // From the middle of an interval on it is known behind the next beginning.
        #expect(reason(forged, above: 7) == expected)
        #expect(reason(forged, above: index) == nil || honest[index].height.rawValue % 5 == 1)
    }
}
