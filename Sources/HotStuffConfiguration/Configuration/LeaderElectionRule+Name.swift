package import HotStuff

/// What people write for an election of leaders, and why what they wrote is none.
package struct LeaderElectionFault: Error, Equatable {
    /// One clause that begins with the name of the setting.
    package let problem: String
    /// What to do.
    package let advice: String
}

extension LeaderElectionRule {
    /// The election that has a name.
    ///
    /// - Parameters:
    ///   - name: the name; nil for the standard one, every replica in turn.
    ///   - tenure: how many views in a row one replica leads; only for an election by turns, and nil for one view.
    ///   - difficulty: how many bits of a puzzle's solution are zero; only for proof of work, and nil for the usual difficulty.
    /// - Throws: which of the three is no such thing; the ranges of the numbers are the rule's own business (`fault`).
    package init(name: String?, tenure: UInt64?, difficulty: UInt64? = nil) throws(LeaderElectionFault) {
        switch name {
        case nil, "roundRobin": self = .roundRobin(tenure: tenure ?? 1)
        case "weighted": self = .weighted
        case "reputation": self = .reputation
        case "proofOfWork":
            let wanted = difficulty ?? UInt64(Self.usualDifficulty)
            guard let exact = UInt8(exactly: wanted) else {
                let allowed = ProofOfWork.difficulties
                throw LeaderElectionFault(
                    problem: "workDifficulty is \(wanted), allowed are \(allowed.lowerBound) to \(allowed.upperBound)",
                    advice: "choose a value in that range"
                )
            }
            self = .proofOfWork(difficulty: exact)
        case .some(let name):
            throw LeaderElectionFault(
                problem: "leaderElection is \(PrintableText.quoted(name))",
                advice: "known are \(Self.names.joined(separator: ", "))"
            )
        }
        if let name, tenure != nil, name != "roundRobin" {
            throw LeaderElectionFault(
                problem: "leaderTenure does not go with the election \(name)",
                advice: "leave it out, or choose roundRobin"
            )
        }
        if difficulty != nil, name != "proofOfWork" {
            throw LeaderElectionFault(
                problem: "workDifficulty does not go with the election \(name ?? "roundRobin")",
                advice: "leave it out, or choose proofOfWork"
            )
        }
    }

    /// How difficult puzzles are where nothing is said: a few milliseconds of a processor core.
    package static let usualDifficulty: UInt8 = 16
}
