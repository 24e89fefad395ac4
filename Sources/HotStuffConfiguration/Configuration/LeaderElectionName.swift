package import HotStuff

/// What people write for an election of leaders, and why what they wrote is none.
package struct LeaderElectionFault: Error, Equatable {
    /// One clause that begins with the name of the setting.
    package let problem: String
    /// What to do.
    package let advice: String
}

extension LeaderElectionRule {
    /// The names of all elections.
    package static let names = ["roundRobin", "weighted", "reputation"]

    /// The name of the election.
    package var name: String {
        switch self {
        case .roundRobin: "roundRobin"
        case .weighted: "weighted"
        case .reputation: "reputation"
        }
    }

    /// The election that has a name.
    ///
    /// - Parameters:
    ///   - name: the name; nil for the standard one, every replica in turn.
    ///   - tenure: how many views in a row one replica leads; only for an election by turns, and nil for one view.
    /// - Throws: which of the two is no such thing; the range of the tenure is the rule's own business (`fault`).
    package init(name: String?, tenure: UInt64?) throws(LeaderElectionFault) {
        switch name {
        case nil, "roundRobin": self = .roundRobin(tenure: tenure ?? 1)
        case "weighted": self = .weighted
        case "reputation": self = .reputation
        case .some(let name):
            throw LeaderElectionFault(
                problem: "leaderElection is \(PrintableText.quoted(name))",
                advice: "known are \(Self.names.joined(separator: ", "))"
            )
        }
        guard let name, tenure != nil, name != "roundRobin" else { return }
        throw LeaderElectionFault(
            problem: "leaderTenure does not go with the election \(name)",
            advice: "leave it out, or choose roundRobin"
        )
    }
}
