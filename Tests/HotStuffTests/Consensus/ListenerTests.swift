import HotStuff
import Testing

/// A core without a vote, and a validator that it follows.
@Suite("Listeners")
struct ListenerTests {
    private static let listener = ReplicaID.listeners.lowerBound

    private let world = World(4)
    private let chain: TestChain
    private let oracle = Oracle()

    init() { chain = TestChain(world) }

    private func replica(_ id: Int) -> TestReplica {
        let replica = TestReplica(
            world: world,
            id: id,
            settings: ConsensusSettings(),
            oracle: oracle,
            listeners: id < 4 ? [Self.listener] : []
        )
        _ = replica.start(now: Instant(0), wall: Timestamp(1_000))
        return replica
    }

    private func listener() -> TestReplica { replica(Self.listener.index) }

    @discardableResult
    private func propose(_ block: Block, to replica: TestReplica) -> [Effect] {
        tell(replica, .proposal(world.proposal(block)), from: block.header.proposer.index)
    }

    private func pair(_ block: Block) -> CertificatePair {
        CertificatePair(quorum: chain.certificate(block), timeout: nil)
    }

    // MARK: It never signs

    /// What makes a validator sign.
    enum Trigger: String, CaseIterable {
        case proposal
        case othersGiveUp
        case ownTimer
        case deadLeader
        case leadership
        case restart
    }

    /// Whether effects sign, send or write anything of the replica's own.
    private func signs(_ effects: [Effect]) -> Bool {
        effects.contains { effect in
            switch effect {
            case .sign, .send, .append(.safety, at: _), .gaveUp: true
            default: false
            }
        }
    }

    /// Makes a replica see what makes a validator sign; the replica, validator or listener, has given no sign of itself before.
    private func pull(_ trigger: Trigger, on replica: TestReplica) throws -> [Effect] {
        let blocks = chain.extend(chain.genesis, views: 1...3)
        switch trigger {
        case .proposal: return propose(blocks[0], to: replica)
        case .othersGiveUp:
            let shown = CertificatePair(quorum: chain.genesis.justify, timeout: nil)
            return [1, 2].flatMap { tell(replica, .timeout(world.timeout(1, by: $0, showing: shown)), from: $0) }
        case .ownTimer, .deadLeader:
            var effects = replica.handle(.submitted([World.command(1)]))
            if trigger == .deadLeader { effects += replica.handle(.disconnected(world.leader(1))) }
            for time in stride(from: UInt64(0), to: 30_000_000, by: 10_000) {
                effects += replica.handle(.clock(now: Instant(time), wall: Timestamp(1_000)))
            }
            return effects
        case .leadership:
            // Replica 0 leads view 4.
            _ = replica.handle(.submitted([World.command(1)]))
            for block in blocks {
                tell(replica, .blockResponse(BlockResponse(target: block.id, blocks: [block])), from: 1)
            }
            var effects = tell(replica, .certificates(pair(blocks[2])), from: 1)
            effects += replica.handle(.clock(now: Instant(200_000), wall: Timestamp(1_000)))
            effects += tell(replica, .blockResponse(BlockResponse(target: blocks[2].id, blocks: blocks)), from: 1)
            return effects
        case .restart:
            // Both read the journal of a validator that voted: a listener cannot have written it.
            let voter = self.replica(0)
            var effects = propose(blocks[0], to: voter)
            for case .sign(let request) in effects { effects += voter.sign(request) }
            effects += voter.sync()
            var recovery = Recovery(committee: world.committee)
            for record in voter.journal { _ = try recovery.apply(record) }
            var verifier = world.verifier()
            let state = try recovery.state(
                verifier: &verifier,
                executed: [.genesis],
                position: JournalPosition(UInt64(voter.journal.count))
            )
            var core = world.core(replica.id.index, recovered: state)
            effects = []
            core.start(now: Instant(0), wall: Timestamp(1_000), into: &effects)
            return effects
        }
    }

    @Test("a listener signs nothing at all that a validator signs", arguments: Trigger.allCases)
    func neverSigns(trigger: Trigger) throws {
        #expect(signs(try pull(trigger, on: replica(0))), "a validator signs, or the test shows nothing")
        let listener = listener()
        #expect(!signs(try pull(trigger, on: listener)))
        #expect(listener.core.isListener)
        #expect(listener.core.safetyRecord.lastVote == nil && listener.core.safetyRecord.lastTimeout == nil)
        #expect(listener.core.safetyRecord.lastProposal == nil)
        #expect(oracle.violations == [])
    }

    @Test("the rules themselves refuse a listener every signature")
    func rules() throws {
        var verifier = world.verifier()
        var rules = world.rules(Self.listener.index)
        let block = chain.extend(chain.genesis, view: 1)
        let checked = try verifier.verify(block)
        let before = rules.record
        #expect(!rules.hasVote)
        #expect(throws: VoteRefusal.listener) {
            _ = try rules.vote(for: checked, after: nil, on: chain.ancestry(of: chain.genesis), nextValidatorSet: .zero)
        }
        #expect(throws: ProposalRefusal.listener) {
            _ = try rules.propose(checked, on: chain.ancestry(of: chain.genesis))
        }
        #expect(throws: TimeoutRefusal.listener) { _ = try rules.timeOut(View(1)) }
        #expect(rules.record == before)
    }

    // MARK: It has no say

    /// A message of each kind, signed by the listener where it is signed; true otherwise.
    private func messages() -> [Message] {
        let block = chain.extend(chain.genesis, view: 1)
        let shown = CertificatePair(quorum: chain.genesis.justify, timeout: nil)
        let own = chain.extend(chain.genesis, view: 1) { $0.proposer = Self.listener }
        let vote = world.vote(chain.statement(block), by: Self.listener.index)
        return [
            .proposal(world.proposal(block)), .proposal(world.proposal(own)), .vote(vote),
            .vote(world.vote(chain.statement(block), by: 1)),
            .timeout(world.timeout(1, by: Self.listener.index, showing: shown)),
            .timeout(world.timeout(1, by: 1, showing: shown)), .certificates(pair(block)),
            .echo(Echo(vote: vote, timeout: nil)), .echo(Echo(vote: nil, timeout: nil)),
            .blockResponse(BlockResponse(target: block.id, blocks: [block])),
            .blockRange(BlockRange(nothingAbove: .genesis)),
        ]
    }

    @Test("what a listener says of votes, views and certificates is not even looked at, and would lead to nothing")
    func noSay() {
        for message in messages() {
            let replica = replica(0)
            #expect(!replica.core.heeds(message, from: Self.listener))
            #expect(tell(replica, message, from: Self.listener.index) == [])
            #expect(replica.core.view == View(1))
        }
    }

    @Test("no vote and no timeout of a listener is valid, whoever brings it")
    func invalidByConstruction() {
        var verifier = world.verifier()
        let block = chain.extend(chain.genesis, view: 1)
        let shown = CertificatePair(quorum: chain.genesis.justify, timeout: nil)
        let certificate = world.certificate(chain.statement(block), by: [0, 1, Self.listener.index])
        let echo = Echo(vote: world.vote(chain.statement(block), by: Self.listener.index), timeout: nil)
        let signed: [(Message, ReplicaID)] = [
            (.vote(world.vote(chain.statement(block), by: Self.listener.index)), Self.listener),
            (.timeout(world.timeout(1, by: Self.listener.index, showing: shown)), Self.listener),
            (.certificates(CertificatePair(quorum: certificate, timeout: nil)), ReplicaID(1)),
            (.echo(echo), ReplicaID(1)),
        ]
        for (message, sender) in signed {
            #expect(throws: VerificationFailure.self) { _ = try verifier.verify(message, from: sender) }
        }
    }

    @Test("an unknown listener is told nothing")
    func unknown() {
        let replica = replica(0)
        let other = ReplicaID(Self.listener.rawValue + 1)
        #expect(replica.handle(.connected(other)) == [])
        #expect(tell(replica, .plea(.genesis), from: other.index) == [])
        #expect(
            tell(replica, .rangeRequest(RangeRequest(above: .genesis, through: Height(1))), from: other.index) == []
        )
    }

    // MARK: It is served

    @Test("a listener that connects is greeted with certificates and statements, and with no echo")
    func greeting() {
        let replica = replica(0)
        let block = chain.extend(chain.genesis, view: 1)
        var effects = propose(block, to: replica)
        for case .sign(let request) in effects { effects += replica.sign(request) }
        _ = replica.sync()
        let greeting = replica.handle(.connected(Self.listener))
        #expect(greeting.count == 2)
        #expect(greeting.first == .say(.certificates(replica.core.certificates), to: .replica(Self.listener)))
        guard case .send(let released, to: .replica(Self.listener)) = greeting.last, case .vote = released.message
        else {
            Issue.record("\(greeting)")
            return
        }
    }

    @Test("requests of a listener are served, so many in a second and no more")
    func limit() {
        let replica = replica(0)
        let request = Message.rangeRequest(RangeRequest(above: .genesis, through: Height(1)))
        func served(at time: UInt64) -> Int {
            _ = replica.handle(.clock(now: Instant(time), wall: Timestamp(1_000)))
            var count = 0
            for _ in 0..<100 {
                for case .serveRange(_, to: Self.listener) in tell(replica, request, from: Self.listener.index) {
                    count += 1
                }
            }
            return count
        }
        #expect(served(at: 0) == 32)
        #expect(served(at: 999_999) == 0)
        #expect(served(at: 1_000_000) == 32)
    }

    @Test("a listener that lags and asks is told the certificates; one that does not is told nothing")
    func plea() {
        let replica = replica(0)
        let block = chain.extend(chain.genesis, view: 1)
        _ = tell(replica, .certificates(pair(block)), from: 1)
        #expect(tell(replica, .plea(View(1)), from: Self.listener.index) == [])
        let answer = Effect.say(.certificates(pair(block)), to: .replica(Self.listener))
        #expect(tell(replica, .plea(.genesis), from: Self.listener.index) == [answer])
        #expect(tell(replica, .plea(.genesis), from: Self.listener.index) == [], "not at once again")
        #expect(replica.core.view == View(2), "nobody goes on for it")
    }

    @Test("commands of a listener's clients are passed on soon, to all validators, and again when they come again")
    func passesOn() {
        let listener = listener()
        let command = World.command(1)
        func passed(from time: UInt64) -> [Effect] {
            var effects = listener.handle(.submitted([command]))
            for step in stride(from: time, through: time + 100_000, by: 10_000) {
                effects += listener.handle(.clock(now: Instant(step), wall: Timestamp(1_000)))
            }
            return effects.filter { if case .say(.commands, _) = $0 { true } else { false } }
        }
        #expect(passed(from: 0) == [.say(.commands([command]), to: .everyone)])
        #expect(listener.core.pendingCommandCount == 0)
        #expect(passed(from: 1_000_000) == [.say(.commands([command]), to: .everyone)])
        let replica = replica(0)
        tell(replica, .commands([command]), from: Self.listener.index)
        #expect(replica.core.pendingCommandCount == 1)
    }

    // MARK: It follows

    @Test("a listener makes certificates of the votes that it hears, commits and executes")
    func follows() {
        let listener = listener()
        let blocks = chain.extend(chain.genesis, views: 1...4)
        for block in blocks {
            propose(block, to: listener)
            for voter in 0..<3 { tell(listener, .vote(world.vote(chain.statement(block), by: voter)), from: voter) }
        }
        #expect(listener.core.view == View(5))
        #expect(listener.core.committed == blocks[1])
        _ = listener.executeNext()
        #expect(listener.execution.executed.height == Height(1))
        _ = listener.sync()
        #expect(oracle.violations == [])
    }

    @Test("a listener starts again where it was, from a journal without a word about what it signed")
    func restarts() throws {
        let listener = listener()
        let blocks = chain.extend(chain.genesis, views: 1...4)
        for block in blocks { propose(block, to: listener) }
        tell(listener, .certificates(pair(blocks[3])), from: 1)
        _ = listener.sync()
        #expect(listener.journal.allSatisfy { if case .safety = $0 { false } else { true } })
        listener.crash()
        let effects = try listener.restart(now: Instant(0), wall: Timestamp(1_000))
        #expect(!signs(effects))
        #expect(listener.core.committed == blocks[1])
    }

    @Test(
        "a listener that hears nothing asks one validator after the other, often while there is work and seldom at rest"
    )
    func inquires() {
        let listener = listener()
        _ = listener.handle(.disconnected(ReplicaID(2)))
        func asked(from start: UInt64, to end: UInt64) -> [String] {
            var asked: [String] = []
            for time in stride(from: start, to: end, by: 100_000) {
                for effect in listener.handle(.clock(now: Instant(time), wall: Timestamp(1_000))) {
                    if case .say(.plea(let view), to: .replica(let peer)) = effect {
                        asked.append("v\(view) of \(peer)")
                    }
                }
            }
            return asked
        }
        let blocks = chain.extend(chain.genesis, views: 1...3)
        for block in blocks { propose(block, to: listener) }
        tell(listener, .certificates(pair(blocks[2])), from: 0)
        // At rest: the chain ends with a certificate that makes an empty block final.
        #expect(asked(from: 0, to: 35_000_000) == ["v3 of 1", "v3 of 3", "v3 of 0"])
        propose(chain.extend(blocks[2], view: 4, [World.command(1)]), to: listener)
        tell(listener, .timeout(world.timeout(4, by: 0, showing: pair(blocks[2]))), from: 0)
        let busy = asked(from: 35_000_000, to: 40_000_000)
        #expect(busy == ["v3 of 1", "v3 of 3", "v3 of 0", "v3 of 1", "v3 of 3"])
    }

    @Test("a listener of a chain with one validator asks that one for what it lacks", arguments: [1, 4])
    func fetches(count: Int) {
        let world = World(count)
        let chain = TestChain(world)
        let blocks = chain.extend(chain.genesis, views: 1...100)
        for end in [3, 99] {
            let listener = TestReplica(
                world: world,
                id: Self.listener.index,
                settings: ConsensusSettings(),
                oracle: Oracle()
            )
            var effects = listener.start(now: Instant(0), wall: Timestamp(1_000))
            let certificate = CertificatePair(quorum: chain.certificate(blocks[end]), timeout: nil)
            effects += listener.receive(Frame.encode(Message.certificates(certificate)), from: ReplicaID(0))
            for time in stride(from: UInt64(0), to: 3_000_000, by: 50_000) {
                effects += listener.handle(.clock(now: Instant(time), wall: Timestamp(1_000)))
                _ = listener.sync()
                while listener.executionBacklog > 0 { _ = listener.executeNext() }
                let open = effects
                effects = []
                for case .say(let courtesy, .replica(let peer)) in open {
                    switch courtesy {
                    case .blockRequest(let request):
                        let run = blocks[0...end].filter { $0.height > request.above }.prefix(64)
                        let answer = BlockResponse(target: request.target, blocks: Array(run))
                        effects += listener.receive(Frame.encode(Message.blockResponse(answer)), from: peer)
                    case .rangeRequest(let request):
                        let through = min(Int(request.through.rawValue), end - 1)
                        let range = BlockRange(
                            above: request.above,
                            blocks: Array(blocks[Int(request.above.rawValue)..<through]),
                            certificate: chain.certificate(blocks[through + 1])
                        )
                        effects += listener.receive(Frame.encode(Message.blockRange(range)), from: peer)
                    case .snapshotRequest(let request):
                        let answer = Message.snapshotAnswer(.nothing(request))
                        effects += listener.receive(Frame.encode(answer), from: peer)
                    case .certificates, .commands, .echo, .plea: break
                    }
                }
            }
            #expect(listener.core.committed.id == blocks[end - 2].id)
            #expect(listener.rejected == [])
        }
    }
}
