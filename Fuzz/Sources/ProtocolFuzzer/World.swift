internal import FuzzKit
internal import HotStuff

/// Signatures of which everything is believed: what the core must withstand is any statement, whoever made it.
private struct Credulous: SignatureVerifier {
    func isValid(_ signature: Signature, on statement: Digest, by signer: ReplicaID) -> Bool { true }
}

/// A chain of four replicas, and statements of its replicas as an input asks for them.
struct World: Sendable {
    static let standard = World(.standard)
    /// The same with leaders by proof of work; the puzzles are easy, and become harder while views fail.
    static let mined = World(.proofOfWork(difficulty: 2))

    let committee: Committee
    let parameters: ChainParameters
    let schedule: LeaderSchedule

    private init(_ election: LeaderElectionRule) {
        parameters = ChainParameters(leaderElection: election)
        let validators = (0..<4).map { Validator(verificationKey: [UInt8($0)], power: VotingPower(1)) }
        guard let set = try? ValidatorSet(validators) else { fail("there is no set of four") }
        committee = Committee(
            Genesis(name: "fuzz", validators: set, signatureScheme: "none", parameters: parameters)
        )
        schedule = LeaderSchedule(among: set, parameters: parameters)
    }

    var replicas: [ReplicaID] { committee.validators.replicas }

    func verifier() -> MessageVerifier {
        MessageVerifier(committee: committee, parameters: parameters, verifier: Credulous())
    }

    func core(recovered: RecoveredState? = nil) -> Consensus {
        Consensus(
            committee: committee,
            replica: ReplicaID(0),
            parameters: parameters,
            settings: ConsensusSettings(syncDistance: 1),
            recovered: recovered
        )
    }

    func signature(of replica: ReplicaID) -> Signature { Signature([UInt8(truncatingIfNeeded: replica.rawValue)]) }

    /// The signatures of three replicas, all but one: mostly the one that is tested, which stops when it sees that others have its
    /// key.
    func quorum(without left: Int) -> SignatureSet {
        SignatureSet(replicas.filter { $0.index != (left < 224 ? 0 : left % 4) }.map { ($0, signature(of: $0)) })
    }
}
