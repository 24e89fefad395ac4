import HotStuff
import Testing

/// Clause A1: what a replica may do that has forgotten what it signed.
@Suite("Amnesia")
struct AmnesiaTests {
    let world = World(4)
    let chain: TestChain
    var verifier: MessageVerifier

    init() {
        chain = TestChain(world)
        verifier = world.verifier()
    }

    private func rules(after amnesia: Amnesia, record: SafetyRecord? = nil) -> SafetyRules {
        var record = record ?? SafetyRecord(epoch: .first, genesis: .genesis)
        record.forget(amnesia)
        return SafetyRules(
            committee: world.committee,
            replica: ReplicaID(1),
            leaders: world.schedule,
            rule: .threeChain,
            record: record
        )
    }

    @Test("A1: nothing is signed before a quorum certificate of the forgotten view or a higher one")
    mutating func waits() throws {
        let blocks = chain.extend(chain.genesis, views: 1...12)
        var rules = rules(after: .through(View(10)))
        // A certificate below the bound moves the view and the lock, and that is all.
        for block in blocks[..<9] {
            rules.observe(try verifier.verified(chain.certificate(block)))
            #expect(rules.record.forgottenThrough == View(10))
            #expect(throws: TimeoutRefusal.amnesia) { try rules.timeOut(View(20)) }
        }
        let next = try verifier.verify(blocks[9])
        #expect(throws: VoteRefusal.amnesia) {
            try rules.vote(for: next, after: nil, on: chain.ancestry(of: blocks[8]), nextValidatorSet: .zero)
        }
        rules.observe(try verifier.verified(chain.certificate(blocks[9])))
        #expect(rules.record.forgottenThrough == nil)
        #expect(rules.record.lockedView == View(9))
        let above = try verifier.verify(blocks[10])
        let vote = try rules.vote(for: above, after: nil, on: chain.ancestry(of: blocks[9]), nextValidatorSet: .zero)
        #expect(vote.view == View(11))
    }

    @Test("A1: a timeout certificate, however high, tells nothing of the lost lock")
    mutating func timeoutCertificate() throws {
        let blocks = chain.extend(chain.genesis, views: 1...3)
        var rules = rules(after: .through(View(10)))
        rules.observe(try verifier.verified(world.timeoutCertificate(50, highest: chain.certificate(blocks[2]))))
        #expect(rules.view == View(51))
        #expect(rules.record.forgottenThrough == View(10))
        #expect(throws: TimeoutRefusal.amnesia) { try rules.timeOut(View(51)) }
    }

    @Test("A1: views up to the bound count as voted in and given up, for ever")
    mutating func neverBack() throws {
        let blocks = chain.extend(chain.genesis, views: 1...12)
        var rules = rules(after: .through(View(10)))
        rules.observe(try verifier.verified(chain.certificate(blocks[9])))
        #expect(rules.record.lastVotedView == View(10))
        #expect(rules.record.lastTimedOutView == View(10))
        let again = try SafetyRecord(decoding: rules.record.encoded)
        #expect(again == rules.record)
    }

    @Test("A1: forgetting is durable, and forgetting twice adds up")
    mutating func addsUp() throws {
        var record = SafetyRecord(epoch: .first, genesis: .genesis)
        record.forget(.through(View(10)))
        record.forget(.through(View(4)))
        #expect(record.forgottenThrough == View(10))
        record.forget(.unknown)
        #expect(record.forgottenThrough == .unknown)
        record.forget(.through(View(7)))
        #expect(record.forgottenThrough == View(10), "what the others say does not make the earlier loss smaller")
        #expect(record.lastVotedView == View(10))
        #expect(try SafetyRecord(decoding: record.encoded) == record)
    }

    @Test(
        "A1: who loses power while it does not know what it forgot before remembers the bound of what it signed since"
    )
    func twoLosses() {
        var record = SafetyRecord(epoch: .first, genesis: .genesis)
        record.forget(.unknown)
        // Found at the next start, with a lease through view 256.
        record.forget(Amnesia.through(View(256)).joined(with: .unknown))
        #expect(record.forgottenThrough == .unknown)
        #expect(record.lastVotedView == View(256) && record.lastTimedOutView == View(256))
        // The others have heard of views up to 11 only.
        record.forget(.through(View(11)))
        #expect(record.forgottenThrough == View(256))
        #expect(Amnesia.unknown.joined(with: .through(View(3))) == .unknownBeside(View(3)))
        #expect(Amnesia.unknownBeside(View(5)).joined(with: .unknownBeside(View(4))) == .unknownBeside(View(5)))
        #expect(Amnesia.unknownBeside(View(5)).isOfUnknownExtent && !Amnesia.through(View(5)).isOfUnknownExtent)
    }

    // MARK: The core

    private func core(_ amnesia: Amnesia?) -> Consensus {
        var recovered: RecoveredState?
        if let amnesia {
            var record = SafetyRecord(epoch: .first, genesis: .genesis)
            record.forget(amnesia)
            recovered = RecoveredState(
                record: record,
                certificates: Verified<CertificatePair>(
                    quorum: Verified<QuorumCertificate>(genesisOf: world.committee),
                    timeout: nil
                ),
                timeoutCertificates: nil,
                committed: world.committee.genesis,
                pending: [],
                executed: [.genesis],
                position: JournalPosition(1)
            )
        }
        return world.core(1, recovered: recovered, sharesKey: false)
    }

    private mutating func tell(_ core: inout Consensus, _ message: Message, from sender: Int) throws -> [Effect] {
        var effects: [Effect] = []
        let sender = ReplicaID(UInt16(sender))
        core.handle(.received(try verifier.verify(message, from: sender), from: sender), into: &effects)
        return effects
    }

    private func start(_ core: inout Consensus) -> [Effect] {
        var effects: [Effect] = []
        core.start(now: Instant(0), wall: Timestamp(0), into: &effects)
        return effects
    }

    private func echo(view: UInt64) -> Message {
        let blocks = chain.extend(chain.genesis, views: 1...view)
        return .echo(Echo(vote: world.vote(chain.certificate(blocks[Int(view) - 1]).statement, by: 1), timeout: nil))
    }

    @Test("who lost everything asks, hears a quorum, and then knows how much it forgot")
    mutating func asks() throws {
        var core = core(.unknown)
        let effects = start(&core)
        #expect(effects.contains(.amnesia(through: nil)))
        #expect(effects.contains(.say(.plea(.genesis), to: .everyone)))
        #expect(try tell(&core, echo(view: 7), from: 0).contains(.amnesia(through: View(7))) == false)
        let second = try tell(&core, .echo(Echo(vote: nil, timeout: nil)), from: 2)
        #expect(second.contains(.amnesia(through: View(7))))
        #expect(core.safetyRecord.forgottenThrough == View(7))
        #expect(core.safetyRecord.lastVotedView == View(7))
    }

    @Test("an echo of another's statement counts as having spoken, and for nothing else")
    mutating func foreignEcho() throws {
        var core = core(.unknown)
        _ = start(&core)
        let blocks = chain.extend(chain.genesis, views: 1...9)
        let foreign = world.vote(chain.certificate(blocks[8]).statement, by: 2)
        _ = try tell(&core, .echo(Echo(vote: foreign, timeout: nil)), from: 0)
        _ = try tell(&core, .echo(Echo(vote: nil, timeout: nil)), from: 3)
        #expect(core.safetyRecord.forgottenThrough == nil, "nothing was shown, so the genesis is enough")
    }

    @Test("a replica with old data learns of its own signature from an echo or a certificate")
    mutating func oldData() throws {
        var core = core(nil)
        _ = start(&core)
        #expect(try tell(&core, echo(view: 5), from: 0).contains(.amnesia(through: View(5))))
        #expect(core.safetyRecord.forgottenThrough == View(5))
        var other = self.core(nil)
        _ = start(&other)
        let blocks = chain.extend(chain.genesis, views: 1...6)
        let pair = CertificatePair(quorum: chain.certificate(blocks[5]), timeout: nil)
        #expect(try tell(&other, .certificates(pair), from: 0).contains(.amnesia(through: View(6))))
        #expect(other.safetyRecord.lastVotedView == View(6))
        #expect(other.safetyRecord.forgottenThrough == nil, "the certificate itself is high enough")
    }

    @Test("a signature that appears while the replica signs itself is another's: it stops")
    mutating func copiedKey() throws {
        var core = core(nil)
        _ = start(&core)
        var effects: [Effect] = []
        // It leads view 1, so it proposes.
        core.handle(.submitted([Command.openSession(nonce: 1)]), into: &effects)
        try #require(core.safetyRecord.lastProposal != nil)
        #expect(try tell(&core, echo(view: 5), from: 0).contains(.halt(.sharedKey(View(5)))))
    }

    @Test("others go on for one who asks, and tell what they hold of it")
    mutating func pleas() throws {
        var core = core(nil)
        _ = start(&core)
        let effects = try tell(&core, .plea(View(40)), from: 3)
        #expect(effects.contains(.say(.echo(Echo(vote: nil, timeout: nil)), to: .replica(ReplicaID(3)))))
        #expect(effects.contains { if case .wake(.some) = $0 { true } else { false } }, "its views are timed now")
    }

    @Test("who may have forgotten something says nothing at its start, though it remembers a vote")
    mutating func saysNothing() throws {
        let block = chain.extend(chain.genesis, view: 1)
        var record = SafetyRecord(epoch: .first, genesis: .genesis)
        record.lastVote = chain.certificate(block).statement
        record.lastVotedView = View(1)
        record.forget(.through(View(10)))
        var core = core(remembering: record, pending: [block])
        let effects = start(&core)
        #expect(!effects.contains { if case .sign = $0 { true } else { false } })
    }

    private func core(remembering record: SafetyRecord, pending: [Block]) -> Consensus {
        let state = RecoveredState(
            record: record,
            certificates: Verified<CertificatePair>(
                quorum: Verified<QuorumCertificate>(genesisOf: world.committee),
                timeout: nil
            ),
            timeoutCertificates: nil,
            committed: world.committee.genesis,
            pending: pending,
            executed: [.genesis],
            position: JournalPosition(1)
        )
        return world.core(1, recovered: state, sharesKey: false)
    }
}
