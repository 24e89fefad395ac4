internal import HotStuff

// A vote: whether, and its signature.
extension Workload {
    static let votes = [
        // Other statements take other numbers of attempts, so each of sixteen has its turn.
        Workload("Vote: sign with ML-DSA-44", repetitions: 16) { _ in
            let members = try SampleCommittee()
            let digests = (UInt8(0)..<16).map { Digest.hash(of: [$0]) }
            return { index in consume(try members.sign(digests[index % digests.count], by: ReplicaID(0))) }
        },
        Workload("Vote: verify with ML-DSA-44", repetitions: 32) { _ in
            let members = try SampleCommittee()
            let judge = StatementJudge(members.keys)
            let signer = ReplicaID(0)
            let signed = try (UInt8(0)..<16).map { number in
                let digest = Digest.hash(of: [number])
                return SignedDigest(try members.sign(digest, by: signer), on: digest, by: signer)
            }
            try WorkloadFault.unless(judge.firstInvalid(of: signed) == nil, "a signature is not valid")
            return { index in
                let signed = signed[index % signed.count]
                consume(judge.isValid(signed.signature, on: signed.digest, by: signer))
            }
        },
        Workload("Proposal: decide by the safety rules", repetitions: 32) { count in
            let members = try SampleCommittee()
            let chain = try SampleChain(of: count, commands: 0, by: members)
            let proposals = try chain.verifiedProposals()
            var rules = SafetyRules(
                committee: members.committee,
                replica: ReplicaID(0),
                leaders: LeaderSchedule(
                    SteadyLeader(),
                    among: members.committee.validators,
                    parameters: members.parameters
                ),
                rule: members.parameters.commitRule
            )
            return { index in
                let block = proposals[index].block
                rules.observe(block.justify)
                let statement = try rules.vote(
                    for: block,
                    after: nil,
                    on: chain.links[index].ancestry,
                    nextValidatorSet: .zero
                )
                consume(statement)
            }
        },
    ]
}
