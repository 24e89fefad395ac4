internal import HotStuff
internal import PostQuantum

/// A committee whose keys are all at hand, made of fixed seeds.
struct SampleCommittee {
    let committee: Committee
    let parameters = ChainParameters()
    let keys: [SigningKey]

    init(replicas: Int = 4) throws {
        keys = try (0..<replicas).map { index in
            try SigningKey(scheme: .mlDSA44, seed: SecretBytes([UInt8](repeating: UInt8(index), count: 32)))
        }
        let validators = try ValidatorSet(
            keys.map { Validator(verificationKey: $0.verificationKey.bytes, power: VotingPower(1)) }
        )
        committee = Committee(
            Genesis(
                name: "benchmarks",
                validators: validators,
                signatureScheme: SignatureScheme.mlDSA44.rawValue,
                parameters: parameters
            )
        )
    }

    /// Who makes a certificate here: the first replicas that are enough.
    var quorum: [ReplicaID] { Array(committee.validators.replicas.prefix(Int(committee.validators.quorum.rawValue))) }

    /// A verifier that has verified nothing yet.
    func verifier() -> MessageVerifier {
        MessageVerifier(committee: committee, parameters: parameters, verifier: StatementJudge(keys))
    }

    /// Signs without randomness (FIPS 204, section 3.4).
    func sign(_ digest: Digest, by replica: ReplicaID) throws -> Signature {
        Signature(
            try keys[replica.index].sign(
                digest.bytes,
                context: StatementJudge.context,
                randomness: [UInt8](repeating: 0, count: 32)
            )
        )
    }

    func vote(_ statement: VoteStatement, by replica: ReplicaID) throws -> Vote {
        Vote(statement: statement, voter: replica, signature: try sign(statement.digest, by: replica))
    }

    func verified(_ vote: Vote, by verifier: inout MessageVerifier) throws -> Verified<Vote> {
        guard case .vote(let verified) = try verifier.verify(.vote(vote), from: vote.voter) else {
            throw WorkloadFault("a vote is verified as something else")
        }
        return verified
    }
}
