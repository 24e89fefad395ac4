import HotStuff
import Testing

/// One core, spoken to by hand.
@Suite("Consensus")
struct CoreTests {
    // Seven, so that a replica leads none of the first views.
    let world = World(7)
    let chain: TestChain
    let oracle = Oracle()

    init() { chain = TestChain(world) }

    private func replica(_ id: Int) -> TestReplica {
        let replica = TestReplica(world: world, id: id, settings: ConsensusSettings(), oracle: oracle)
        _ = replica.start(now: Instant(0), wall: Timestamp(1_000))
        return replica
    }

    @discardableResult
    private func propose(_ block: Block, to replica: TestReplica, after timeout: TimeoutCertificate? = nil) -> [Effect]
    {
        tell(replica, .proposal(world.proposal(block, after: timeout)), from: block.header.proposer.index)
    }

    private func certify(_ block: Block, to replica: TestReplica) -> [Effect] {
        tell(replica, .certificates(CertificatePair(quorum: chain.certificate(block), timeout: nil)), from: 1)
    }

    private func voted(_ replica: TestReplica) -> Digest? { replica.core.safetyRecord.lastVote?.block }

    @Test("a replica that slept for a million views catches up from one certificate, and votes again")
    func catchesUp() {
        let replica = replica(0)
        let far = chain.extend(chain.genesis, view: 1_000_000)
        _ = certify(far, to: replica)
        #expect(replica.core.view == View(1_000_001))
        tell(replica, .blockResponse(BlockResponse(target: far.id, blocks: [far])), from: 1)
        #expect(replica.core.committed == chain.genesis)
        let next = chain.extend(far, view: 1_000_001)
        propose(next, to: replica)
        #expect(voted(replica) == nil)
        _ = replica.handle(.clock(now: Instant(200_000), wall: Timestamp(1_000)))
        tell(replica, .blockResponse(BlockResponse(target: far.id, blocks: [far])), from: 1)
        #expect(voted(replica) == next.id)
    }

    @Test("an answer that was not asked for is ignored")
    func ignoresUnasked() {
        let replica = replica(0)
        let block = chain.extend(chain.genesis, view: 1)
        let answer = BlockResponse(target: block.id, blocks: [block])
        func awaited() -> [UInt16] { (0..<7).filter { replica.core.awaits(answer, from: ReplicaID($0)) } }
        #expect(awaited() == [])
        #expect(tell(replica, .blockResponse(answer), from: 1).isEmpty)
        _ = certify(block, to: replica)
        _ = replica.handle(.clock(now: Instant(200_000), wall: Timestamp(1_000)))
        #expect(awaited() == [1], "the one who brought the certificate is asked, and nobody else")
    }

    @Test("a certificate for a block that nobody has costs a few small requests, and stops nobody")
    func missingBlock() {
        let replica = replica(0)
        let ghost = chain.extend(chain.genesis, view: 5)
        var requests = 0
        for effect in certify(ghost, to: replica) { if case .say(.blockRequest, _) = effect { requests += 1 } }
        for time in stride(from: UInt64(0), to: 10_000_000, by: 10_000) {
            for effect in replica.handle(.clock(now: Instant(time), wall: Timestamp(1_000))) {
                guard case .say(.blockRequest(let request), .replica(let peer)) = effect else { continue }
                requests += 1
                tell(replica, .blockResponse(BlockResponse(target: request.target, blocks: [])), from: peer.index)
            }
        }
        #expect((3...40).contains(requests))
        #expect(replica.core.view == View(6))
    }

    @Test("a run of blocks is read to its end, also when it has to be read from its beginning again")
    func readsOn() {
        let replica = replica(0)
        let blocks = chain.extend(chain.genesis, views: 1...150)
        var effects = certify(blocks[149], to: replica)
        var answers = 0
        for time in stride(from: UInt64(0), to: 20_000_000, by: 10_000)
        where replica.core.committed.height < Height(148) {
            effects += replica.handle(.clock(now: Instant(time), wall: Timestamp(1_000)))
            var open: [(request: BlockRequest, peer: ReplicaID)] = []
            for case .say(.blockRequest(let request), .replica(let peer)) in effects { open.append((request, peer)) }
            effects = []
            for (request, peer) in open {
                answers += 1
                // The second answer is empty, as that of a replica which does not know the block yet.
                let rest = answers == 2 ? [] : blocks.drop { $0.height <= request.above }.prefix(64)
                let answer = BlockResponse(target: request.target, blocks: Array(rest))
                effects += tell(replica, .blockResponse(answer), from: peer.index)
            }
        }
        #expect(replica.core.committed.height == Height(148))
        #expect(answers < 10)
    }

    @Test("who lags by more blocks than memory may hold commits them on the way")
    func commitsOnTheWay() {
        let replica = replica(0)
        let blocks = chain.extend(chain.genesis, views: 1...700)
        let limit = Footprint.limit(validatorCount: 7, settings: ConsensusSettings(), parameters: ChainParameters())
        var effects = certify(blocks[699], to: replica)
        for time in stride(from: UInt64(0), to: 20_000_000, by: 10_000)
        where replica.core.committed.height < Height(698) {
            effects += replica.handle(.clock(now: Instant(time), wall: Timestamp(1_000)))
            var open: [(request: BlockRequest, peer: ReplicaID)] = []
            for case .say(.blockRequest(let request), .replica(let peer)) in effects { open.append((request, peer)) }
            effects = []
            for (request, peer) in open {
                let rest = blocks.drop { $0.height <= request.above }.prefix(64)
                let answer = BlockResponse(target: request.target, blocks: Array(rest))
                effects += tell(replica, .blockResponse(answer), from: peer.index)
                #expect(replica.core.footprint.exceeding(limit) == [])
            }
        }
        #expect(replica.core.committed.height == Height(698))
    }

    @Test("a proposal with a wrong result of execution gets no vote, and stops nobody")
    func wrongDigest() {
        let replica = replica(6)
        let blocks = chain.extend(chain.genesis, views: 1...3)
        for block in blocks { propose(block, to: replica) }
        _ = certify(blocks[2], to: replica)
        _ = replica.executeNext()
        #expect(replica.core.committed == blocks[0])
        let lie = chain.extend(blocks[2], view: 4) {
            $0.executed = ExecutedState(height: Height(1), digest: Digest.hash(of: [1]))
        }
        propose(lie, to: replica)
        #expect(replica.core.view == View(4))
        #expect(voted(replica) == blocks[2].id)
        #expect(replica.halt == nil)
    }

    @Test("a certified result of execution that differs from ours stops us")
    func divergence() {
        let replica = replica(6)
        let blocks = chain.extend(chain.genesis, views: 1...3)
        for block in blocks { propose(block, to: replica) }
        _ = certify(blocks[2], to: replica)
        _ = replica.executeNext()
        let claim = ExecutedState(height: Height(1), digest: Digest.hash(of: [1]))
        let lie = chain.extend(blocks[2], view: 4) { $0.executed = claim }
        propose(lie, to: replica)
        #expect(replica.halt == nil)
        _ = certify(lie, to: replica)
        #expect(replica.halt == .divergence(certified: claim, ours: replica.states[1].digest))
        #expect(propose(chain.extend(lie, view: 5), to: replica).isEmpty)
    }

    @Test("a certified claim about a height that we have not executed is compared when we have")
    func lateDivergence() {
        let replica = replica(6)
        let blocks = chain.extend(chain.genesis, views: 1...3)
        for block in blocks { propose(block, to: replica) }
        _ = certify(blocks[2], to: replica)
        let lie = chain.extend(blocks[2], view: 4) {
            $0.executed = ExecutedState(height: Height(1), digest: Digest.hash(of: [1]))
        }
        propose(lie, to: replica)
        #expect(voted(replica) == blocks[2].id)
        _ = certify(lie, to: replica)
        #expect(replica.halt == nil)
        _ = replica.executeNext()
        #expect(replica.halt != nil)
    }

    @Test("a voter whose executor lags waits with its vote, and gives it when execution has come so far")
    func waitsForExecution() throws {
        let replica = replica(6)
        let blocks = chain.extend(chain.genesis, views: 1...3)
        for block in blocks { propose(block, to: replica) }
        _ = certify(blocks[2], to: replica)
        var ahead = Execution(machine: KeyValueStore())
        _ = ahead.execute(blocks[0])
        let block = chain.extend(blocks[2], view: 4) { $0.executed = ahead.executed }
        propose(block, to: replica)
        #expect(voted(replica) == blocks[2].id)
        _ = replica.executeNext()
        #expect(voted(replica) == block.id)
    }

    @Test("a leader whose executor lags votes for its own block when execution has come so far")
    func leaderWaitsForExecution() {
        let replica = replica(5)
        let blocks = chain.extend(chain.genesis, views: 1...3)
        for block in blocks { propose(block, to: replica) }
        _ = certify(blocks[2], to: replica)
        var ahead = Execution(machine: KeyValueStore())
        _ = ahead.execute(blocks[0])
        let block = chain.extend(blocks[2], view: 4, [World.command(1)]) { $0.executed = ahead.executed }
        propose(block, to: replica)
        _ = certify(block, to: replica)
        #expect(replica.core.safetyRecord.lastProposal?.view == View(5))
        #expect(replica.core.safetyRecord.lastVotedView < View(5))
        _ = replica.executeNext()
        #expect(replica.core.safetyRecord.lastVotedView == View(5))
    }

    @Test("a leader claims no more execution than the chain below its block shows to be final")
    func claimsWhatOthersKnow() throws {
        let leader = replica(5)
        let blocks = chain.extend(chain.genesis, views: 1...3)
        for block in blocks { propose(block, to: leader) }
        // Only the leader sees the certificate that makes height 1 final; the others end view 3 without it.
        _ = certify(blocks[2], to: leader)
        _ = leader.executeNext()
        #expect(leader.core.committed == blocks[0])
        let end = world.timeoutCertificate(3, highest: chain.certificate(blocks[1]))
        let next = chain.extend(blocks[1], view: 4, [World.command(1)])
        propose(next, to: leader, after: end)
        let effects = settle(leader, certify(next, to: leader))
        let proposal = try #require(
            effects.compactMap { effect -> Proposal? in
                guard case .send(let released, _) = effect, case .briefProposal(let brief) = released.message else {
                    return nil
                }
                return brief.whole(with: chain.certificate(next))
            }.last
        )
        #expect(proposal.block.view == View(5))
        #expect(proposal.block.header.executed == .genesis)
        let other = replica(6)
        for block in blocks[..<2] { propose(block, to: other) }
        propose(next, to: other, after: end)
        tell(other, .proposal(proposal), from: 5)
        #expect(voted(other) == proposal.block.id)
    }

    @Test("a proposal from too far in the future, or from before its parent, gets no vote")
    func judgesTime() {
        for (time, isGood) in [(UInt64(1_000), true), (11_000, true), (11_001, false), (.max, false)] {
            let replica = replica(0)
            let block = chain.extend(chain.genesis, view: 1) { $0.time = Timestamp(time) }
            propose(block, to: replica)
            #expect((voted(replica) == block.id) == isGood)
        }
        let replica = replica(0)
        let parent = chain.extend(chain.genesis, view: 1) { $0.time = Timestamp(500) }
        propose(parent, to: replica)
        let early = chain.extend(parent, view: 2) { $0.time = Timestamp(499) }
        propose(early, to: replica)
        #expect(replica.core.view == View(2))
        #expect(voted(replica) == parent.id)
    }

    @Test("two proposals of one view are reported once, and one gets the vote")
    func reportsTwoProposals() {
        let replica = replica(0)
        let first = chain.extend(chain.genesis, view: 1)
        let second = chain.extend(chain.genesis, view: 1, [World.command(1)])
        propose(first, to: replica)
        let effects = propose(second, to: replica)
        #expect(effects.contains(.report(.proposals(world.proposal(first), world.proposal(second)))))
        let again = propose(second, to: replica)
        #expect(!again.contains { if case .report = $0 { true } else { false } })
        #expect(voted(replica) == first.id)
    }

    @Test("a certificate that finalises another block than ours stops us with both shown")
    func contradiction() {
        let replica = replica(6)
        let blocks = chain.extend(chain.genesis, views: 1...3)
        for block in blocks { propose(block, to: replica) }
        _ = certify(blocks[2], to: replica)
        #expect(replica.core.committed == blocks[0])
        let other = chain.extend(chain.genesis, view: 7)
        let rivals = chain.extend(other, views: 8...9)
        let certificate = chain.certificate(rivals[1])
        _ = certify(rivals[1], to: replica)
        #expect(
            replica.halt == .contradiction(certificate: certificate, committed: blocks[0].id, height: Height(1))
        )
    }

    @Test("a message that shows lower certificates is answered with ours, but not over and over")
    func tellsLaggards() {
        let replica = replica(0)
        _ = certify(chain.extend(chain.genesis, view: 9), to: replica)
        let old = Message.certificates(CertificatePair(quorum: chain.genesis.justify, timeout: nil))
        func answers() -> Int {
            tell(replica, old, from: 3).count {
                if case .say(.certificates, .replica(ReplicaID(3))) = $0 { true } else { false }
            }
        }
        #expect(answers() == 1)
        for _ in 0..<20 { #expect(answers() == 0) }
        _ = replica.handle(.clock(now: Instant(500_000), wall: Timestamp(1_000)))
        #expect(answers() == 1)
        #expect(answers() == 0)
    }

    @Test("garbage, and every message cut short, changes nothing")
    func garbage() {
        let replica = replica(0)
        let before = replica.core.safetyRecord
        var generator = SplitMix64(seed: 5)
        for _ in 0..<2_000 {
            #expect(replica.receive(generator.bytes(fewerThan: 200), from: ReplicaID(1)).isEmpty)
        }
        let bytes = Frame.encode(Message.proposal(world.proposal(chain.extend(chain.genesis, view: 1))))
        for count in 0..<bytes.count { #expect(replica.receive(Array(bytes[..<count]), from: ReplicaID(1)).isEmpty) }
        #expect(replica.core.safetyRecord == before)
    }

    @Test("a message in one's own name, or of a stranger, is ignored")
    func strangers() {
        let replica = replica(0)
        let block = chain.extend(chain.genesis, view: 9)
        let pair = Message.certificates(CertificatePair(quorum: chain.certificate(block), timeout: nil))
        #expect(tell(replica, pair, from: 0).isEmpty)
        #expect(tell(replica, pair, from: 99).isEmpty)
        #expect(replica.handle(.connected(ReplicaID(99))).isEmpty)
        #expect(replica.core.view == View(1))
    }

    @Test("a full pool refuses a client, and a committed command is answered")
    func admission() {
        var settings = ConsensusSettings()
        settings.maximumPendingCommands = 2
        let replica = TestReplica(world: world, id: 6, settings: settings, oracle: oracle)
        _ = replica.start(now: Instant(0), wall: Timestamp(1_000))
        let commands = (UInt64(1)...3).map { World.command($0) }
        #expect(replica.handle(.submitted(commands)).contains(.refuse([commands[2].key])))
        let full = chain.extend(chain.genesis, view: 1, [commands[0]])
        let blocks = [full] + chain.extend(full, views: 2...3)
        for block in blocks { propose(block, to: replica) }
        _ = certify(blocks[2], to: replica)
        #expect(replica.core.pendingCommandCount == 1)
        #expect(replica.handle(.submitted([commands[0]])).contains(.answer([commands[0]])))
    }
}
