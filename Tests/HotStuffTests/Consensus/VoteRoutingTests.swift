import HotStuff
import Testing

/// Votes to the next leader.
@Suite("Votes to the next leader")
struct VoteRoutingTests {
    static let parameters = ChainParameters(commitRule: .twoChain, voteRouting: .nextLeader)
    let world = World(4, parameters: parameters)
    let chain: TestChain
    let oracle = Oracle()

    init() { chain = TestChain(world) }

    private func replica(_ id: Int, listeners: [ReplicaID] = []) -> TestReplica {
        let replica = TestReplica(
            world: world,
            id: id,
            settings: ConsensusSettings(),
            oracle: oracle,
            listeners: listeners
        )
        _ = replica.start(now: Instant(0), wall: Timestamp(1_000))
        return replica
    }

    private func votes(_ effects: [Effect]) -> [Recipients] {
        effects.compactMap {
            if case .send(let released, let recipients) = $0, case .vote = released.message { recipients } else { nil }
        }
    }

    private func told(_ effects: [Effect]) -> [Recipients] {
        effects.compactMap { if case .say(.certificates, let recipients) = $0 { recipients } else { nil } }
    }

    private func vote(_ block: Block, by voter: Int, to replica: TestReplica) -> [Effect] {
        tell(replica, .vote(world.vote(chain.statement(block), by: voter)), from: voter)
    }

    @Test("a vote goes to the leader of the next view and to nobody else")
    func goesToTheNextLeader() {
        let replica = replica(0)
        let block = chain.extend(chain.genesis, view: 1, [World.command(1)])
        let effects = settle(replica, tell(replica, .proposal(world.proposal(block)), from: 1))
        #expect(votes(effects) == [.replica(ReplicaID(2))])
    }

    @Test("whoever connects is shown the vote only if it collects it")
    func shownToTheCollector() {
        let replica = replica(0)
        let block = chain.extend(chain.genesis, view: 1, [World.command(1)])
        _ = settle(replica, tell(replica, .proposal(world.proposal(block)), from: 1))
        #expect(votes(replica.handle(.connected(ReplicaID(3)))) == [])
        #expect(votes(replica.handle(.connected(ReplicaID(2)))) == [.replica(ReplicaID(2))])
    }

    @Test("the next leader's own vote counts at home, and its proposal shows the certificate")
    func ownVoteCounts() {
        let replica = replica(2)
        let block = chain.extend(chain.genesis, view: 1, [World.command(1)])
        var effects = settle(replica, tell(replica, .proposal(world.proposal(block)), from: 1))
        #expect(votes(effects) == [])
        for voter in [0, 3] { effects = settle(replica, vote(block, by: voter, to: replica)) }
        let proposals = effects.compactMap { effect -> Proposal? in
            if case .send(let released, .everyone) = effect, case .proposal(let proposal) = released.message {
                proposal
            } else {
                nil
            }
        }
        #expect(proposals.map(\.block.header.parent) == [block.id])
        #expect(told(effects) == [])
    }

    @Test("who collects a certificate and has nothing to propose shows it to everybody, listeners too")
    func tellsBeforeRest() {
        let listener = ReplicaID.listeners.lowerBound
        let replica = replica(3, listeners: [listener])
        let first = chain.extend(chain.genesis, view: 1)
        let second = chain.extend(first, view: 2)
        for block in [first, second] {
            _ = settle(replica, tell(replica, .proposal(world.proposal(block)), from: block.header.proposer.index))
        }
        var effects: [Effect] = []
        for voter in [0, 1] { effects = settle(replica, vote(second, by: voter, to: replica)) }
        #expect(replica.core.view == View(3) && replica.core.leader == ReplicaID(3))
        #expect(told(effects) == [.everyone, .listeners])
        #expect(replica.core.safetyRecord.lastProposal == nil)
    }

    @Test("what a certificate shows of a replica's vote is told to the replica that asks what it signed")
    func echoesCertificates() {
        let replica = replica(0)
        let block = chain.extend(chain.genesis, view: 1)
        let pair = CertificatePair(quorum: chain.certificate(block, by: [1, 2, 3]), timeout: nil)
        tell(replica, .certificates(pair), from: 2)
        let echoes = tell(replica, .plea(.genesis), from: 3).compactMap { effect -> Echo? in
            if case .say(.echo(let echo), _) = effect { echo } else { nil }
        }
        #expect(echoes.map(\.vote?.statement) == [chain.statement(block)])
    }

    @Test("a crashed replica takes the block before its own view with it, and its commands are ordered again")
    func crashedCollector() throws {
        let cluster = ScriptCluster(count: 4, parameters: Self.parameters)
        _ = try cluster.step("crash 2")
        var lines: [String] = []
        for replica in [0, 1, 3] { lines += try cluster.step("submit \(replica) 7") }
        for _ in 0..<6 {
            lines += try cluster.step("deliver all")
            lines += try cluster.step("tick 12000")
        }
        lines += try cluster.step("deliver all")
        #expect(!lines.contains { $0.hasPrefix("VIOLATION") || $0.contains("halt") })
        let blocks = cluster.chain(of: 0)
        // View 1 is lost with its collector and view 2 with its leader.
        #expect(blocks.first?.view == View(3))
        #expect(blocks.flatMap(\.payload.commands).map(\.key) == [World.command(7).key])
        #expect([1, 3].allSatisfy { cluster.chain(of: $0).first == blocks.first })
    }

    @Test("a chain at rest has no timer, and all stand on the same certificate")
    func rests() throws {
        let cluster = ScriptCluster(count: 4, parameters: Self.parameters)
        for number in 1...5 {
            _ = try cluster.step("submit \(number % 4) \(number)")
            _ = try cluster.step("deliver all")
        }
        #expect(
            (0..<4).allSatisfy {
                cluster.core(of: $0).certificates.quorum.view == cluster.core(of: 0).certificates.quorum.view
            }
        )
        #expect((0..<4).allSatisfy { cluster.core(of: $0).pendingCommandCount == 0 })
        let later = try cluster.step("tick 60000")
        #expect(!later.contains { $0.contains("gave up") })
    }

    @Test("alone, a replica is its own next leader")
    func alone() throws {
        let cluster = ScriptCluster(count: 1, parameters: ChainParameters(voteRouting: .nextLeader))
        _ = try cluster.step("submit 0 1")
        _ = try cluster.step("deliver all")
        #expect(cluster.chain(of: 0).flatMap(\.payload.commands).count == 1)
    }
}
