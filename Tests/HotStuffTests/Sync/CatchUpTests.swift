import HotStuff
import Testing

/// A core that is far behind, among peers of whom one lies.
@Suite("Catching up")
struct CatchUpTests {
    private let fixture = FinalChain(length: 1_300)
    private var world: World { fixture.world }
    private var chain: TestChain { fixture.chain }
    private var blocks: [Block] { fixture.blocks }
    private let oracle = Oracle()

    /// How a peer answers a request for a range.
    typealias Answer = (RangeRequest, ReplicaID) -> BlockRange?

    private func honest(_ request: RangeRequest) -> BlockRange {
        let through = min(Int(request.through.rawValue), 1_298)
        guard Int(request.above.rawValue) < through else { return BlockRange(nothingAbove: request.above) }
        return fixture.range(Int(request.above.rawValue) + 1...through)
    }

    private struct Course {
        var asked: [ReplicaID: Int] = [:]
        var refused = 0
        var mostHeld: [String] = []
        var fetched = 0
    }

    /// Shows a replica the last certificate, and lets its peers answer until it is there or a minute has passed.
    private func catchUp(
        _ replica: TestReplica,
        executes: Bool = true,
        from start: UInt64 = 0,
        _ answer: Answer
    ) -> Course {
        var course = Course()
        let limit = Footprint.limit(validatorCount: 4, settings: ConsensusSettings(), parameters: ChainParameters())
        let pair = CertificatePair(quorum: chain.certificate(blocks[1_299]), timeout: nil)
        var effects = replica.receive(Frame.encode(Message.certificates(pair)), from: ReplicaID(1))
        for time in stride(from: start, to: start + 60_000_000, by: 50_000)
        where replica.core.committed.height < Height(1_298) && replica.halt == nil {
            effects += replica.handle(.clock(now: Instant(time), wall: Timestamp(1_000)))
            effects += replica.sync()
            while executes, replica.executionBacklog > 0 { effects += replica.executeNext() }
            let open = effects
            effects = []
            for case .say(let courtesy, .replica(let peer)) in open {
                if case .blockRequest = courtesy { course.fetched += 1 }
                guard case .rangeRequest(let request) = courtesy else { continue }
                course.asked[peer, default: 0] += 1
                guard let range = answer(request, peer) else { continue }
                let before = replica.rejected.count
                effects += replica.receive(Frame.encode(Message.blockRange(range)), from: peer)
                if replica.rejected.count > before {
                    course.refused += 1
                    effects += replica.handle(.refused(peer))
                }
                course.mostHeld += replica.core.footprint.exceeding(limit)
            }
        }
        _ = replica.sync()
        while executes, replica.executionBacklog > 0 { _ = replica.executeNext() }
        return course
    }

    private func newcomer() -> TestReplica {
        let replica = TestReplica(world: world, id: 0, settings: ConsensusSettings(), oracle: oracle)
        _ = replica.start(now: Instant(0), wall: Timestamp(1_000))
        return replica
    }

    @Test("a thousand blocks come from all peers, in order, and are all executed")
    func fromAll() throws {
        let replica = newcomer()
        let course = catchUp(replica) { request, _ in self.honest(request) }
        #expect(replica.core.committed.id == blocks[1_297].id)
        #expect(replica.archive.map(\.id) == blocks[..<1_298].map(\.id))
        #expect(course.asked.count == 3 && course.asked.values.reduce(0, +) <= 6)
        #expect(course.mostHeld == [])
        #expect(replica.executionBacklog == 0)
        #expect(replica.halt == nil && oracle.violations == [])
        // What was got without certificates is enough to start again from.
        replica.crash()
        _ = try replica.restart(now: Instant(0), wall: Timestamp(1_000))
        #expect(replica.core.committed.id == blocks[1_297].id)
    }

    @Test("a validator gets from a listener what no other validator has any more")
    func fromListener() {
        let listener = ReplicaID.listeners.lowerBound
        let replica = TestReplica(
            world: world,
            id: 0,
            settings: ConsensusSettings(),
            oracle: oracle,
            listeners: [listener]
        )
        _ = replica.start(now: Instant(0), wall: Timestamp(1_000))
        _ = replica.handle(.connected(listener))
        let course = catchUp(replica) { request, peer in
            peer.isListener ? self.honest(request) : BlockRange(nothingAbove: request.above)
        }
        #expect(replica.core.committed.id == blocks[1_297].id)
        #expect(course.asked[listener] == 3)
        #expect(course.refused == 0 && oracle.violations == [])
    }

    @Test("a listener that lies is asked nothing for a minute, and one that is not connected nothing at all")
    func lyingListener() {
        let listeners = [ReplicaID(1_024), ReplicaID(1_025)]
        let replica = TestReplica(
            world: world,
            id: 0,
            settings: ConsensusSettings(),
            oracle: oracle,
            listeners: listeners
        )
        _ = replica.start(now: Instant(0), wall: Timestamp(1_000))
        _ = replica.handle(.connected(listeners[0]))
        let course = catchUp(replica) { request, peer in
            peer.isListener ? self.lie(.hole, request) : self.honest(request)
        }
        #expect(replica.core.committed.id == blocks[1_297].id)
        #expect(course.asked[listeners[0], default: 0] <= 1)
        #expect(course.asked[listeners[1]] == nil)
        #expect(oracle.violations == [])
    }

    /// What a liar says instead of the truth.
    enum Lie: CaseIterable {
        case hole, wrongCommands, otherProof, cutEnd, forgedProof, nothing, silence, elsewhere
    }

    private func lie(_ kind: Lie, _ request: RangeRequest) -> BlockRange? {
        let truth = honest(request)
        guard let proof = truth.certificate, truth.blocks.count > 3 else { return truth }
        var blocks = truth.blocks
        switch kind {
        case .hole:
            blocks.remove(at: 1)
            return BlockRange(above: request.above, blocks: blocks, certificate: proof)
        case .wrongCommands:
            blocks[2] = Block(bare: blocks[2].header, payload: .empty)
            return BlockRange(above: request.above, blocks: blocks, certificate: proof)
        case .otherProof:
            return BlockRange(above: request.above, blocks: blocks, certificate: chain.certificate(self.blocks[9]))
        case .cutEnd: return BlockRange(above: request.above, blocks: blocks.dropLast(), certificate: proof)
        case .forgedProof:
            let forged = QuorumCertificate(
                statement: proof.statement,
                signatures: chain.certificate(self.blocks[4]).signatures
            )
            return BlockRange(above: request.above, blocks: blocks, certificate: forged)
        case .nothing: return BlockRange(nothingAbove: request.above)
        case .silence: return nil
        case .elsewhere:
            return BlockRange(
                above: Height(request.above.rawValue + 1),
                blocks: Array(blocks.dropFirst()),
                certificate: proof
            )
        }
    }

    @Test("one of three peers lies, each time in the same way: the others are enough")
    func liars() {
        for kind in Lie.allCases { liar(kind) }
    }

    private func liar(_ kind: Lie) {
        let replica = newcomer()
        let course = catchUp(replica) { request, peer in
            peer == ReplicaID(2) ? self.lie(kind, request) : self.honest(request)
        }
        #expect(replica.core.committed.id == blocks[1_297].id, "\(kind)")
        #expect(replica.archive.map(\.id) == blocks[..<1_298].map(\.id), "\(kind)")
        #expect(course.mostHeld == [])
        #expect(replica.halt == nil && oracle.violations == [])
        switch kind {
        case .hole, .wrongCommands, .otherProof, .cutEnd, .forgedProof:
            #expect(course.refused == 1, "a liar is asked once in a minute: \(kind)")
            #expect(course.asked[ReplicaID(2)] == 1)
        case .nothing, .silence, .elsewhere: #expect(course.refused == 0)
        }
    }

    @Test("where ranges do not come, blocks are asked for one run after the other")
    func fallsBack() {
        let course = catchUp(newcomer()) { request, _ in BlockRange(nothingAbove: request.above) }
        #expect(course.fetched > 3)
    }

    @Test("who does not execute as fast as blocks come asks for no more, until it has")
    func backlog() {
        let replica = newcomer()
        let answer: Answer = { request, peer in
            let most = Height(request.above.rawValue + 300)
            let short = RangeRequest(above: request.above, through: min(request.through, most))
            return peer == ReplicaID(1) ? self.honest(short) : nil
        }
        _ = catchUp(replica, executes: false, answer)
        // 1,024 may wait, and at most 300 come at a time.
        let reached = replica.core.committed.height
        #expect(reached > Height(1_024) && reached < Height(1_298), "reached \(reached)")
        #expect(UInt64(replica.executionBacklog) == reached.rawValue)
        while replica.executionBacklog > 0 { _ = replica.executeNext() }
        _ = catchUp(replica, from: 60_000_000, answer)
        #expect(replica.core.committed.height == Height(1_298))
        #expect(replica.executionBacklog == 0)
    }

    @Test("a range that does not go on from the last final block stops the replica: too many lie")
    func contradiction() {
        let replica = newcomer()
        // A chain of its own, with a quorum's signatures.
        var other: [Block] = []
        for view in 1...60 {
            other.append(
                chain.extend(other.last ?? chain.genesis, view: UInt64(view), [World.command(UInt64(5_000 + view))])
            )
        }
        let own = chain.range(above: 0, to: blocks[9], by: chain.certificate(blocks[11]))
        var isFirst = true
        _ = catchUp(replica) { request, _ in
            defer { isFirst = false }
            if isFirst { return own }
            guard request.above == Height(10) else { return nil }
            return BlockRange(
                above: Height(10),
                blocks: Array(other[10..<50]),
                certificate: self.chain.certificate(other[51])
            )
        }
        #expect(replica.halt != nil)
        #expect(replica.core.committed.id == blocks[9].id)
    }

    @Test("only a few missing blocks are asked for one by one, not in ranges")
    func near() {
        let replica = newcomer()
        let pair = CertificatePair(quorum: chain.certificate(blocks[20]), timeout: nil)
        var effects = replica.receive(Frame.encode(Message.certificates(pair)), from: ReplicaID(1))
        effects += replica.handle(.clock(now: Instant(200_000), wall: Timestamp(1_000)))
        var kinds: Set<String> = []
        for case .say(let courtesy, _) in effects {
            if case .rangeRequest = courtesy { kinds.insert("range") }
            if case .blockRequest = courtesy { kinds.insert("block") }
        }
        #expect(kinds == ["block"])
    }
}
