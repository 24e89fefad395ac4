import HotStuff
import Testing

/// What a proposal must be before anybody thinks about its chain.
@Suite("MessageVerifier: proposals and blocks")
struct ProposalVerificationTests {
    let world = World(4)
    let chain: TestChain
    let blocks: [Block]

    init() {
        chain = TestChain(world)
        blocks = chain.extend(chain.genesis, views: 1...3)
    }

    private func failure(_ proposal: Proposal, from sender: ReplicaID? = nil) -> VerificationFailure? {
        failure(.proposal(proposal), from: sender ?? proposal.block.header.proposer)
    }

    private func failure(_ message: Message, from sender: ReplicaID = ReplicaID(2)) -> VerificationFailure? {
        var verifier = world.verifier()
        do {
            _ = try verifier.verify(message, from: sender)
            return nil
        } catch {
            return error
        }
    }

    private func changed(_ change: (inout HeaderDraft) -> Void) -> VerificationFailure? {
        failure(world.proposal(chain.extend(blocks[2], view: 4, change: change)))
    }

    @Test("a proposal of another version, chain, epoch or of a stranger is not believed")
    func identity() {
        #expect(changed { _ in } == nil)
        #expect(changed { $0.version = 2 } == .wrongVersion(2))
        #expect(changed { $0.chain = .zero } == .wrongChain)
        #expect(changed { $0.epoch = Epoch(3) } == .wrongEpoch(Epoch(3)))
        #expect(changed { $0.proposer = ReplicaID(77) } == .unknownReplica(ReplicaID(77)))
    }

    @Test("block, parent, height and certificate must fit each other")
    func links() {
        #expect(changed { $0.parent = blocks[1].id } == .brokenLink)
        #expect(changed { $0.height = Height(3) } == .brokenLink)
        #expect(changed { $0.height = Height(5) } == .brokenLink)
        #expect(changed { $0.height = Height(0) } == .brokenLink)
        #expect(changed { $0.justifyView = View(2) } == .unjustified)
        #expect(changed { $0.executed = ExecutedState(height: Height(4), digest: .zero) } == .brokenLink)
    }

    @Test("the certificate must be of the view before, or a timeout certificate must fill the gap, no more and no less")
    func justification() {
        let skipping = chain.extend(blocks[2], view: 6)
        #expect(failure(world.proposal(skipping)) == .unjustified)
        let high = chain.certificate(blocks[2])
        #expect(failure(world.proposal(skipping, after: world.timeoutCertificate(5, highest: high))) == nil)
        #expect(
            failure(world.proposal(skipping, after: world.timeoutCertificate(4, highest: high))) == .inconsistentViews
        )
        let next = chain.extend(blocks[2], view: 4)
        let needless = world.timeoutCertificate(3, highest: chain.certificate(blocks[1]))
        #expect(failure(world.proposal(next, after: needless)) == .inconsistentViews)
        let weak = world.timeoutCertificate(5, highest: high, by: [0, 1])
        #expect(failure(world.proposal(skipping, after: weak)) == .noQuorum)
    }

    @Test("a proposal is signed by its proposer, which sent it")
    func signature() {
        let block = chain.extend(blocks[2], view: 5)
        let good = chain.extend(blocks[2], view: 4)
        #expect(failure(world.proposal(good, signer: ReplicaID(1))) == .invalidSignature(ReplicaID(0)))
        #expect(failure(world.proposal(good), from: ReplicaID(2)) == .notTheSender(ReplicaID(0)))
        #expect(failure(world.proposal(block), from: ReplicaID(2)) == .notTheSender(ReplicaID(1)))
        let uncertified = chain.extend(blocks[2], view: 4, justify: chain.certificate(blocks[2], by: [0, 3]))
        #expect(failure(world.proposal(uncertified)) == .noQuorum)
    }

    @Test("the commands are those of the header, and no more or longer than the chain allows")
    func payload() {
        #expect(changed { $0.payloadDigest = .zero } == .wrongPayload)
        let small = World(
            4,
            parameters: ChainParameters(maximumCommandsPerBlock: 2, maximumCommandBytes: 8, maximumPayloadBytes: 100)
        )
        let chain = TestChain(small)
        var verifier = small.verifier()
        func failure(_ commands: [Command]) -> VerificationFailure? {
            let proposal = small.proposal(chain.extend(chain.genesis, view: 1, commands))
            do {
                _ = try verifier.verify(.proposal(proposal), from: ReplicaID(1))
                return nil
            } catch {
                return error
            }
        }
        #expect(failure([World.command(1), World.command(2)]) == nil)
        #expect(failure([World.command(1), World.command(2), World.command(3)]) == .tooLarge)
        #expect(failure([World.command(1, byteCount: 9)]) == .tooLarge)
        #expect(throws: VerificationFailure.tooLarge) {
            try verifier.verify(.commands([World.command(1, byteCount: 9)]), from: ReplicaID(1))
        }
        let narrow = World(
            4,
            parameters: ChainParameters(maximumCommandsPerBlock: 9, maximumCommandBytes: 60, maximumPayloadBytes: 100)
        )
        var narrowVerifier = narrow.verifier()
        let wide = TestChain(narrow).extend(
            narrow.committee.genesis,
            view: 1,
            (1...2).map { World.command($0, byteCount: 40) }
        )
        #expect(throws: VerificationFailure.tooLarge) {
            try narrowVerifier.verify(.proposal(narrow.proposal(wide)), from: ReplicaID(1))
        }
    }

    @Test("served blocks follow one another, and each has a valid certificate")
    func responses() {
        #expect(failure(.blockResponse(BlockResponse(target: blocks[2].id, blocks: blocks))) == nil)
        #expect(failure(.blockResponse(BlockResponse(target: blocks[2].id, blocks: []))) == nil)
        #expect(
            failure(.blockResponse(BlockResponse(target: blocks[2].id, blocks: [blocks[0], blocks[2]]))) == .brokenLink
        )
        #expect(
            failure(.blockResponse(BlockResponse(target: blocks[2].id, blocks: blocks.reversed()))) == .brokenLink
        )
        let weak = chain.extend(blocks[0], view: 2, justify: chain.certificate(blocks[0], by: [1]))
        #expect(failure(.blockResponse(BlockResponse(target: weak.id, blocks: [blocks[0], weak]))) == .noQuorum)
    }

    @Test("whatever byte of a message is changed, no message is believed that says something else")
    func mutations() throws {
        let original = Message.proposal(world.proposal(chain.extend(blocks[2], view: 4, [World.command(1)])))
        let bytes = Frame.encode(original)
        var generator = SplitMix64(seed: 11)
        for index in bytes.indices {
            var mutated = bytes
            mutated[index] ^= UInt8(1 << generator.below(8))
            guard let message = try? Frame.decode(Message.self, from: mutated) else { continue }
            #expect(failure(message, from: ReplicaID(0)) != nil, "byte \(index)")
        }
        for count in 0..<bytes.count {
            #expect(throws: DecodingError.self) { try Frame.decode(Message.self, from: Array(bytes[..<count])) }
        }
    }
}
