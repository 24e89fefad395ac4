/// Which final blocks a replica keeps: all, the last ones, or those above the snapshot from which it would start.
///
/// As text `all`, `last-N` or `since-snapshot`, in the configuration and on the command line.
public enum KeepPolicy: Hashable, Sendable {
    /// All.
    case all
    /// At least so many of the last ones, and always those above the snapshot.
    case last(UInt64)
    /// Those above the snapshot.
    case sinceSnapshot

    /// The name of the setting.
    static let member = "keep"
    /// What belongs there, for people.
    static let advice = "all, last-N with a number of blocks from 1 on, or since-snapshot belongs there"

    /// Reads a policy; nothing if the text is none.
    public init?(_ text: String) {
        switch text {
        case "all": self = .all
        case "since-snapshot": self = .sinceSnapshot
        default:
            let digits = text.utf8.dropFirst("last-".utf8.count)
            guard text.hasPrefix("last-"), digits.first != UInt8(ascii: "0"),
                digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
                let count = UInt64(String(decoding: digits, as: UTF8.self))
            else { return nil }
            self = .last(count)
        }
    }

    /// The policy as text.
    public var text: String {
        switch self {
        case .all: "all"
        case .last(let count): "last-\(count)"
        case .sinceSnapshot: "since-snapshot"
        }
    }

    /// Reads the policy of the settings of a replica; all is kept where none is named.
    init(settings: JSONValue, file: String, path: String) throws(ConfigurationError) {
        guard case .object(let members) = settings, let value = members[KeepPolicy.member] else {
            self = .all
            return
        }
        guard case .string(let text) = value, let policy = KeepPolicy(text) else {
            let found = if case .string(let text) = value { PrintableText.quoted(text) } else { value.kind }
            throw ConfigurationError(
                .malformed,
                "\(path).\(KeepPolicy.member) is \(found) in \(file)",
                advice: KeepPolicy.advice
            )
        }
        self = policy
    }
}
