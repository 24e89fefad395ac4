import HotStuff
import Testing

@Suite("Domains of digests")
struct DomainTests {
    /// A name and the digest that belongs to it.
    private typealias Named = (name: String, digest: Digest)

    /// Names the first two that have one digest.
    private func collision(in table: [Named]) -> String? {
        var names: [Digest: String] = [:]
        for entry in table {
            if let other = names.updateValue(entry.name, forKey: entry.digest) { return "\(other) = \(entry.name)" }
        }
        return nil
    }

    @Test("all tags are different and 16 bytes long")
    func tags() {
        #expect(Domain.allCases.count == 16)
        #expect(Set(Domain.allCases.map(\.rawValue)).count == Domain.allCases.count)
        for domain in Domain.allCases {
            #expect(domain.rawValue.utf8.count == 16, "\(domain)")
            #expect(domain.rawValue.utf8.allSatisfy { (0x21...0x7e).contains($0) }, "\(domain)")
        }
    }

    @Test("a domain's digest is the hash of its tag and the bytes")
    func tagIsHashed() {
        for domain in Domain.allCases {
            let expected = Digest.hash(of: Array(domain.rawValue.utf8) + [7, 0, 0, 0, 0, 0, 0, 0])
            #expect(domain.digest(of: View(7)) == expected, "\(domain)")
        }
    }

    @Test(
        "many values have the digests that each has alone, short or long, few or many",
        arguments: [0, 1, 2, 17, 300]
    )
    func many(count: Int) {
        let commands = (0..<count).map { number in
            let body = [UInt8](repeating: UInt8(number % 256), count: number * 97 % 1_500)
            return Command(key: CommandKey(session: .none, sequence: UInt64(number)), body: body)
        }
        #expect(Domain.command.digests(of: commands) == commands.map(\.digest))
        let long = Command(key: CommandKey(session: .none, sequence: 1), body: [UInt8](repeating: 5, count: 100_000))
        #expect(
            Domain.command.digests(of: commands + [long] + commands) == (commands + [long] + commands).map(\.digest)
        )
    }

    @Test("the same bytes have another digest in every domain")
    func sameBytes() {
        let table: [Named] = Domain.allCases.map { ($0.rawValue, $0.digest(of: GoldenValues.header)) }
        #expect(collision(in: table) == nil)
    }

    @Test("a statement of one kind never has the digest of another kind with the same fields")
    func kinds() {
        for seed in UInt64(0)..<50 {
            var generator = SplitMix64(seed: seed)
            let header = generator.header()
            let proposal = ProposalStatement(proposing: header, id: header.id)
            let vote = VoteStatement(
                chain: header.chain,
                epoch: header.epoch,
                view: header.view,
                block: header.id,
                height: header.height,
                parentView: header.justifyView,
                commits: nil
            )
            let timeout = TimeoutStatement(
                chain: header.chain,
                epoch: header.epoch,
                view: header.view,
                highestCertifiedView: header.justifyView
            )
            let table: [Named] = [
                ("header", header.id), ("proposal", proposal.digest), ("vote", vote.digest),
                ("timeout", timeout.digest),
            ]
            #expect(collision(in: table) == nil, "seed \(seed)")
        }
    }

    @Test("every field of a vote statement is signed")
    func voteFields() {
        func vote(
            chain: UInt8 = 1,
            epoch: UInt64 = 2,
            view: UInt64 = 3,
            block: UInt8 = 4,
            height: UInt64 = 5,
            parentView: UInt64 = 6,
            commits: UInt8? = 7
        ) -> Digest {
            VoteStatement(
                chain: GoldenValues.digest(from: chain),
                epoch: Epoch(epoch),
                view: View(view),
                block: GoldenValues.digest(from: block),
                height: Height(height),
                parentView: View(parentView),
                commits: commits.map(GoldenValues.digest)
            ).digest
        }
        let table: [Named] = [
            ("base", vote()), ("chain", vote(chain: 99)), ("epoch", vote(epoch: 99)), ("view", vote(view: 99)),
            ("block", vote(block: 99)), ("height", vote(height: 99)), ("parent view", vote(parentView: 99)),
            ("commits", vote(commits: 99)), ("commits nothing", vote(commits: nil)),
        ]
        #expect(collision(in: table) == nil)
        #expect(vote() == vote(), "the same statement has the same digest")
    }

    @Test("every field of a timeout statement is signed")
    func timeoutFields() {
        func timeout(chain: UInt8 = 1, epoch: UInt64 = 2, view: UInt64 = 3, highest: UInt64 = 4) -> Digest {
            TimeoutStatement(
                chain: GoldenValues.digest(from: chain),
                epoch: Epoch(epoch),
                view: View(view),
                highestCertifiedView: View(highest)
            ).digest
        }
        let table: [Named] = [
            ("base", timeout()), ("chain", timeout(chain: 99)), ("epoch", timeout(epoch: 99)),
            ("view", timeout(view: 99)), ("highest", timeout(highest: 99)),
            ("exchanged", timeout(epoch: 3, view: 2)),
        ]
        #expect(collision(in: table) == nil)
    }

    @Test("every field of a proposal statement is signed")
    func proposalFields() {
        func proposal(chain: UInt8 = 1, epoch: UInt64 = 2, view: UInt64 = 3, block: UInt8 = 4) -> Digest {
            let header = Self.header(chain: chain, epoch: epoch, view: view)
            return ProposalStatement(proposing: header, id: GoldenValues.digest(from: block)).digest
        }
        let table: [Named] = [
            ("base", proposal()), ("chain", proposal(chain: 99)), ("epoch", proposal(epoch: 99)),
            ("view", proposal(view: 99)), ("block", proposal(block: 99)),
        ]
        #expect(collision(in: table) == nil)
    }

    @Test("every field of a header is in the block's name")
    func headerFields() {
        let table: [Named] = [
            ("base", Self.header().id), ("version", Self.header(version: 99).id), ("chain", Self.header(chain: 99).id),
            ("epoch", Self.header(epoch: 99).id), ("view", Self.header(view: 99).id),
            ("height", Self.header(height: 99).id), ("parent", Self.header(parent: 99).id),
            ("justify view", Self.header(justifyView: 99).id), ("proposer", Self.header(proposer: 99).id),
            ("payload", Self.header(payload: 99).id), ("next set", Self.header(nextSet: 99).id),
            ("executed height", Self.header(executedHeight: 99).id), ("executed", Self.header(executed: 99).id),
            ("time", Self.header(time: 99).id),
        ]
        #expect(collision(in: table) == nil)
    }

    @Test("every field of a genesis document is in the chain's name")
    func genesisFields() throws {
        let set = try ValidatorSet(GoldenValues.validators)
        let smaller = try ValidatorSet([GoldenValues.validators[0]])
        func chain(
            name: String = "a",
            of validators: ValidatorSet,
            scheme: String = "s",
            _ change: (inout ChainParameters) -> Void = { _ in }
        ) -> Digest {
            var parameters = ChainParameters()
            change(&parameters)
            return Genesis(name: name, validators: validators, signatureScheme: scheme, parameters: parameters).chain
        }
        let table: [Named] = [
            ("base", chain(of: set)), ("name", chain(name: "b", of: set)), ("validators", chain(of: smaller)),
            ("scheme", chain(of: set, scheme: "t")), ("commands", chain(of: set) { $0.maximumCommandsPerBlock += 1 }),
            ("command bytes", chain(of: set) { $0.maximumCommandBytes += 1 }),
            ("payload bytes", chain(of: set) { $0.maximumPayloadBytes += 1 }),
            ("drift", chain(of: set) { $0.maximumClockDriftMilliseconds += 1 }),
            ("lag", chain(of: set) { $0.maximumExecutionLag += 1 }),
            ("snapshots", chain(of: set) { $0.snapshotInterval += 1 }),
            ("tenure", chain(of: set) { $0.leaderElection = .roundRobin(tenure: 2) }),
            ("longer tenure", chain(of: set) { $0.leaderElection = .roundRobin(tenure: 3) }),
            ("weighted", chain(of: set) { $0.leaderElection = .weighted }),
            ("reputation", chain(of: set) { $0.leaderElection = .reputation }),
            ("work", chain(of: set) { $0.leaderElection = .proofOfWork(difficulty: 1) }),
            ("harder work", chain(of: set) { $0.leaderElection = .proofOfWork(difficulty: 2) }),
            ("commit rule", chain(of: set) { $0.commitRule = .twoChain }),
            ("vote routing", chain(of: set) { $0.voteRouting = .nextLeader }),
        ]
        #expect(collision(in: table) == nil)
    }

    private static func header(
        version: UInt16 = 1,
        chain: UInt8 = 1,
        epoch: UInt64 = 2,
        view: UInt64 = 3,
        height: UInt64 = 4,
        parent: UInt8 = 5,
        justifyView: UInt64 = 6,
        proposer: UInt16 = 7,
        payload: UInt8 = 8,
        nextSet: UInt8 = 9,
        executedHeight: UInt64 = 10,
        executed: UInt8 = 11,
        time: UInt64 = 12,
        difficulty: UInt8 = 13,
        nonce: UInt64 = 14
    ) -> BlockHeader {
        BlockHeader(
            version: version,
            chain: GoldenValues.digest(from: chain),
            epoch: Epoch(epoch),
            view: View(view),
            height: Height(height),
            parent: GoldenValues.digest(from: parent),
            justifyView: View(justifyView),
            proposer: ReplicaID(proposer),
            payloadDigest: GoldenValues.digest(from: payload),
            nextValidatorSet: GoldenValues.digest(from: nextSet),
            executed: ExecutedState(height: Height(executedHeight), digest: GoldenValues.digest(from: executed)),
            time: Timestamp(time),
            work: Work(difficulty: difficulty, nonce: nonce)
        )
    }
}
