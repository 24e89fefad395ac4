package import HotStuff

extension CommitRule {
    /// The rule as the configuration names it.
    package var name: String {
        switch self {
        case .threeChain: "threeChain"
        case .twoChain: "twoChain"
        }
    }

    /// The rule of a name; nothing if there is none.
    package init?(name: String) {
        guard let rule = CommitRule.allCases.first(where: { $0.name == name }) else { return nil }
        self = rule
    }

    /// Reads a rule, three-chain where nothing is said.
    init(_ members: JSONMembers, member: String) throws(ConfigurationError) {
        guard members.contains(member) else {
            self = .threeChain
            return
        }
        let text = try members.text(member)
        guard let rule = CommitRule(name: text) else {
            throw ConfigurationError(
                .malformed,
                "\(members.name(member)) is \(PrintableText.quoted(text)) in \(members.file)",
                advice: "known is \(CommitRule.allCases.map(\.name).joined(separator: ", "))"
            )
        }
        self = rule
    }
}
