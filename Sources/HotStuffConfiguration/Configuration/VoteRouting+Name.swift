package import HotStuff

extension VoteRouting {
    /// The routing as the configuration names it.
    package var name: String {
        switch self {
        case .everyone: "everyone"
        case .nextLeader: "nextLeader"
        }
    }

    /// The routing of a name; nothing if there is none.
    package init?(name: String) {
        guard let routing = VoteRouting.allCases.first(where: { $0.name == name }) else { return nil }
        self = routing
    }

    /// Reads a routing, to everyone where nothing is said.
    init(_ members: JSONMembers, member: String) throws(ConfigurationError) {
        guard members.contains(member) else {
            self = .everyone
            return
        }
        let text = try members.text(member)
        guard let routing = VoteRouting(name: text) else {
            throw ConfigurationError(
                .malformed,
                "\(members.name(member)) is \(PrintableText.quoted(text)) in \(members.file)",
                advice: "known is \(VoteRouting.allCases.map(\.name).joined(separator: ", "))"
            )
        }
        self = routing
    }
}
