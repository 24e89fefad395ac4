import HotStuff

/// A chain's genesis and everybody's keys: makes blocks, statements and certificates, true or false as a test asks.
struct World: Sendable {
    let genesis: Genesis
    let committee: Committee
    let parameters: ChainParameters

    init(
        _ count: Int,
        powers: [UInt64]? = nil,
        name: String = "test",
        parameters: ChainParameters = ChainParameters()
    ) {
        let validators = (0..<count).map { index in
            Validator(
                verificationKey: [UInt8(index >> 8), UInt8(index & 255)],
                power: VotingPower(powers?[index] ?? 1)
            )
        }
        guard let set = try? ValidatorSet(validators) else { preconditionFailure("no validator set of \(count)") }
        genesis = Genesis(name: name, validators: set, signatureScheme: "ideal", parameters: parameters)
        committee = Committee(genesis)
        self.parameters = parameters
    }

    var count: Int { committee.validators.count }

    /// As few replicas from the first on as make a quorum.
    var quorum: [Int] {
        var power: UInt64 = 0
        return Array(
            (0..<count).prefix { index in
                defer { power += committee.validators.validators[index].power.rawValue }
                return power < committee.validators.quorum.rawValue
            }
        )
    }

    func verifier(_ signatures: any SignatureVerifier = IdealSignatures()) -> MessageVerifier {
        MessageVerifier(committee: committee, parameters: parameters, verifier: signatures)
    }

    func leader(_ view: UInt64) -> ReplicaID { ReplicaID(UInt16(view % UInt64(count))) }

    var schedule: LeaderSchedule { LeaderSchedule(among: committee.validators, parameters: parameters) }

    /// What blocks on the genesis tell of their leaders.
    func history(of blocks: [Block]) -> LeaderHistory {
        schedule.history(of: Ancestry(final: committee.genesis, pending: blocks))
    }

    func rules(_ replica: Int = 0) -> SafetyRules {
        SafetyRules(
            committee: committee,
            replica: ReplicaID(UInt16(replica)),
            leaders: schedule,
            rule: parameters.commitRule
        )
    }

    func core(
        _ replica: Int = 0,
        settings: ConsensusSettings = ConsensusSettings(),
        recovered: RecoveredState? = nil,
        sharesKey: Bool = true,
        listeners: [ReplicaID] = []
    ) -> Consensus {
        Consensus(
            committee: committee,
            replica: ReplicaID(UInt16(replica)),
            listeners: listeners,
            parameters: parameters,
            settings: settings,
            recovered: recovered,
            // Certificates of tests bear everybody's signature, also where nobody was asked.
            sharesKey: sharesKey
        )
    }

    func vote(_ statement: VoteStatement, by voter: Int, variant: UInt8 = 0) -> Vote {
        let voter = ReplicaID(UInt16(voter))
        return Vote(
            statement: statement,
            voter: voter,
            signature: IdealSignatures.sign(statement.digest, by: voter, variant: variant)
        )
    }

    func certificate(_ statement: VoteStatement, by signers: [Int]? = nil, variant: UInt8 = 0) -> QuorumCertificate {
        let votes = (signers ?? quorum).map { vote(statement, by: $0, variant: variant) }
        return QuorumCertificate(
            statement: statement,
            signatures: SignatureSet(votes.map { ($0.voter, $0.signature) })
        )
    }

    func timeout(_ view: UInt64, by sender: Int, showing certificates: CertificatePair) -> Timeout {
        let sender = ReplicaID(UInt16(sender))
        let statement = TimeoutStatement(
            chain: committee.chain,
            epoch: committee.epoch,
            view: View(view),
            highestCertifiedView: certificates.quorum.view
        )
        return Timeout(
            statement: statement,
            sender: sender,
            signature: IdealSignatures.sign(statement.digest, by: sender),
            certificates: certificates
        )
    }

    func timeoutCertificate(
        _ view: UInt64,
        highest: QuorumCertificate,
        by signers: [Int]? = nil
    ) -> TimeoutCertificate {
        let timeouts = (signers ?? quorum).map {
            timeout(view, by: $0, showing: CertificatePair(quorum: highest, timeout: nil))
        }
        return TimeoutCertificate(
            chain: committee.chain,
            epoch: committee.epoch,
            view: View(view),
            signatures: SignatureSet(timeouts.map { ($0.sender, $0.signature) }),
            certifiedViews: timeouts.map(\.statement.highestCertifiedView),
            highest: highest
        )
    }

    func proposal(_ block: Block, after timeout: TimeoutCertificate? = nil, signer: ReplicaID? = nil) -> Proposal {
        let statement = ProposalStatement(proposing: block.header, id: block.id)
        return Proposal(
            block: block,
            timeoutCertificate: timeout,
            signature: IdealSignatures.sign(statement.digest, by: signer ?? block.header.proposer)
        )
    }

    /// A command of no open session: it is ordered and refused, which is enough for most tests.
    static func command(_ number: UInt64, byteCount: Int = 1) -> Command {
        Command(
            key: CommandKey(session: SessionID(height: Height(1), position: 0), sequence: number),
            body: Array(repeating: UInt8(truncatingIfNeeded: number), count: byteCount)
        )
    }
}
