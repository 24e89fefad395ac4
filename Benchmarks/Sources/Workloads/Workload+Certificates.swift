internal import HotStuff

// The certificate of a quorum of sixteen replicas.
extension Workload {
    static let certificates = [
        Workload("Certificate of 11 votes: form", repetitions: 100) { _ in
            let members = try SampleCommittee(replicas: 16)
            let link = try SampleChain(of: 1, commands: 0, by: members).links[0]
            var verifier = members.verifier()
            let votes = try link.votes.map { try members.verified($0, by: &verifier) }
            try WorkloadFault.unless(votes.count == 11, "\(votes.count) votes make a certificate")
            let empty = VoteCollector(committee: members.committee)
            return { _ in
                var collector = empty
                for vote in votes.dropLast() { consume(collector.add(vote)) }
                let last = collector.add(votes[votes.count - 1])
                try WorkloadFault.unless(last.certificate != nil, "a quorum makes no certificate")
                consume(last)
            }
        },
        Workload("Certificate of 11 votes: verify", repetitions: 8) { _ in
            let members = try SampleCommittee(replicas: 16)
            let link = try SampleChain(of: 1, commands: 0, by: members).links[0]
            let pair = CertificatePair(quorum: link.certificate, timeout: nil)
            let fresh = members.verifier()
            return { _ in
                // A copy that remembers no signature.
                var verifier = fresh
                consume(try verifier.verify(pair))
            }
        },
    ]
}
