import HotStuff
import Testing

@Suite("A cluster that elects its leaders by proof of work")
struct MiningTests {
    private func cluster(_ difficulty: UInt8 = 6) -> ScriptCluster {
        ScriptCluster(count: 4, parameters: ChainParameters(leaderElection: .proofOfWork(difficulty: difficulty)))
    }

    @Test("nobody looks for anything before there is something to propose, and a command reaches all soon")
    func rest() throws {
        let cluster = cluster()
        #expect((0..<4).allSatisfy { cluster.puzzle(of: $0) == nil && cluster.core(of: $0).leader == nil })
        #expect(try cluster.step("submit 2 1").contains { $0.hasPrefix("r2: mine v1") })
        #expect(try !cluster.step("tick 49").contains { $0.contains("say commands") })
        #expect(try cluster.step("tick 1").contains("r2: say commands 1 -> everyone"))
        _ = try cluster.step("deliver all")
        #expect((0..<4).allSatisfy { cluster.puzzle(of: $0)?.view == View(1) })
        #expect(Set((0..<4).compactMap { cluster.puzzle(of: $0)?.proposer }).count == 4)
    }

    @Test(
        "whoever solves its puzzle proposes, all vote and stop looking, and the proposer stands back in the next view"
    )
    func race() throws {
        let cluster = cluster()
        for replica in 0..<4 { _ = try cluster.step("submit \(replica) 1") }
        let proposed = try cluster.step("solve 2")
        #expect(proposed.contains { $0.hasPrefix("r2: send brief proposal v1") })
        #expect(proposed.contains("r2: mine nothing"))
        let voted = try cluster.step("deliver 0")
        #expect(voted.contains("r0: mine nothing") && voted.contains { $0.hasPrefix("r0: send vote v1") })
        _ = try cluster.step("deliver all")
        #expect((0..<4).allSatisfy { cluster.core(of: $0).view == View(2) })
        #expect((0..<4).map { cluster.puzzle(of: $0) != nil } == [true, true, false, true])
    }

    @Test("a chain grows by proofs, each of them true, and comes to rest")
    func grows() throws {
        let cluster = cluster()
        for number in 1...8 {
            for replica in 0..<4 { _ = try cluster.step("submit \(replica) \(number)") }
            for turn in 0..<12 {
                let lines = try cluster.step("solve \((turn + number) % 4)") + cluster.step("deliver all")
                #expect(!lines.contains { $0.hasPrefix("VIOLATION") })
            }
        }
        let chain = cluster.chain(of: 0)
        #expect(chain.count >= 8 && cluster.core(of: 0).pendingCommandCount == 0)
        for block in chain { #expect(Puzzle(of: block.header).isSolved(by: block.header.work.nonce)) }
        #expect(zip(chain, chain.dropFirst()).allSatisfy { $0.header.proposer != $1.header.proposer })
        #expect((0..<4).allSatisfy { cluster.puzzle(of: $0) == nil })
    }

    @Test("a solution that is none, that comes twice or too late, is ignored and told")
    func stale() throws {
        let world = World(4, parameters: ChainParameters(leaderElection: .proofOfWork(difficulty: 8)))
        let replica = TestReplica(world: world, id: 0, settings: ConsensusSettings(), oracle: Oracle())
        _ = replica.start(now: Instant(0), wall: Timestamp(1_700_000_000_000))
        let wanted = replica.handle(.submitted([World.command(1)])).compactMap { effect in
            if case .mine(let puzzle) = effect { puzzle } else { nil }
        }
        let puzzle = try #require(wanted.last)
        let ignored = Effect.ignoredProof(of: ReplicaID(0), in: View(1))
        let nonce = puzzle.anySolution
        let wrong = try #require((0...).lazy.map { nonce &+ 1 &+ $0 }.first { !puzzle.isSolved(by: $0) })
        #expect(replica.handle(.mined(puzzle, nonce: wrong)) == [ignored])
        let foreign = Puzzle(
            chain: puzzle.chain,
            epoch: puzzle.epoch,
            view: puzzle.view,
            parent: puzzle.parent,
            justifyView: puzzle.justifyView,
            proposer: ReplicaID(1),
            difficulty: 8
        )
        #expect(replica.handle(.mined(foreign, nonce: foreign.anySolution)) == [ignored])
        let effects = replica.handle(.mined(puzzle, nonce: nonce))
        #expect(effects.contains(.mine(nil)) && !effects.contains(ignored))
        #expect(replica.core.safetyRecord.lastProposal?.view == View(1))
        #expect(replica.handle(.mined(puzzle, nonce: nonce)) == [ignored])
    }

    @Test("a proposal without a proof is ignored and told, and so is one of who stands back")
    func unproved() throws {
        let world = World(4, parameters: ChainParameters(leaderElection: .proofOfWork(difficulty: 8)))
        let chain = TestChain(world)
        let replica = TestReplica(world: world, id: 0, settings: ConsensusSettings(), oracle: Oracle())
        _ = replica.start(now: Instant(0), wall: Timestamp(1_700_000_000_000))
        func hear(_ block: Block) -> [Effect] {
            replica.receive(Frame.encode(Message.proposal(world.proposal(block))), from: block.header.proposer)
        }
        let ignored = Effect.ignoredProof(of: ReplicaID(1), in: View(1))
        #expect(hear(chain.extend(chain.genesis, view: 1, [World.command(1)])) == [ignored])
        let first = chain.extend(chain.genesis, view: 1, [World.command(1)]) { $0.solve(8) }
        #expect(hear(first).contains { if case .sign = $0 { true } else { false } })
        let second = chain.extend(first, view: 2) {
            $0.proposer = ReplicaID(1)
            $0.solve(8)
        }
        #expect(hear(second).contains(.ignoredProof(of: ReplicaID(1), in: View(2))))
        let third = chain.extend(first, view: 2) { $0.solve(8) }
        #expect(hear(third).contains { if case .sign = $0 { true } else { false } })
    }

    @Test(
        "when the votes are divided so that no block can reach a quorum, the view ends without waiting, and easier views follow harder ones"
    )
    func split() throws {
        let cluster = cluster()
        for replica in 0..<4 { _ = try cluster.step("submit \(replica) 1") }
        // All at once: four proposals, and each votes for its own.
        for replica in 0..<3 { _ = try cluster.step("solve \(replica)") }
        let lines = try cluster.step("deliver all")
        #expect(lines.contains("r0: gave up v1"))
        #expect((0..<4).allSatisfy { cluster.core(of: $0).view == View(2) })
        #expect(cluster.puzzle(of: 0)?.difficulty == 6)
        #expect(!lines.contains { $0.contains(": report") })
        _ = try cluster.step("solve 3")
        _ = try cluster.step("deliver all")
        #expect(cluster.core(of: 0).view == View(3) && cluster.core(of: 0).certificates.quorum.view == View(2))
    }

    @Test("a replica that starts again with its journal looks for the same, unless it has said its word")
    func restart() throws {
        let cluster = cluster()
        for replica in 0..<4 { _ = try cluster.step("submit \(replica) 1") }
        _ = try cluster.step("solve 1")
        _ = try cluster.step("deliver 0")
        _ = try cluster.step("crash 0")
        _ = try cluster.step("restart 0")
        for other in 1..<4 { _ = try cluster.step("connect 0 \(other)") }
        #expect(cluster.puzzle(of: 0) == nil)
        _ = try cluster.step("deliver all")
        #expect((0..<4).allSatisfy { cluster.core(of: $0).view == View(2) })
    }
}
