/// The members of one object of a JSON file, taken one by one; every complaint names the file and the member's path.
struct JSONMembers: Sendable {
    /// The file, as the user named it.
    let file: String
    private let path: String
    private let members: [String: JSONValue]

    /// Takes a value that must be an object with no other members than the named ones.
    ///
    /// The path says where the value stands in the file; it is empty for the whole file.
    init(_ value: JSONValue, file: String, path: String = "", known: [String]) throws(ConfigurationError) {
        self.file = file
        self.path = path
        guard case .object(let members) = value else {
            let what = path.isEmpty ? "the whole file" : path
            throw ConfigurationError(
                .malformed,
                "\(what) is \(value.kind) in \(file)",
                advice: "an object in braces belongs there"
            )
        }
        self.members = members
        if let unknown = members.keys.filter({ !known.contains($0) }).min() {
            throw ConfigurationError(
                .malformed,
                "unknown setting \(PrintableText.quoted(name(unknown))) in \(file)",
                advice: "known there are \(known.sorted().joined(separator: ", "))"
            )
        }
    }

    /// The path of a member.
    func name(_ member: String) -> String { path.isEmpty ? member : "\(path).\(member)" }

    /// Whether a member is there.
    func contains(_ member: String) -> Bool { members[member] != nil }

    /// A member that must be there.
    func value(_ member: String) throws(ConfigurationError) -> JSONValue {
        guard let value = members[member] else {
            throw ConfigurationError(.malformed, "\(name(member)) is missing in \(file)", advice: "add it")
        }
        return value
    }

    /// A member that is text.
    func text(_ member: String) throws(ConfigurationError) -> String {
        let value = try value(member)
        guard case .string(let text) = value else {
            throw mismatch(member, value, expected: "a string in quotation marks")
        }
        return text
    }

    /// A member that is bytes in base64 (RFC 4648, section 4, with padding).
    func bytes(_ member: String) throws(ConfigurationError) -> [UInt8] {
        guard let bytes = Base64.decode(try text(member)) else {
            throw ConfigurationError(
                .malformed,
                "\(name(member)) is not base64 in \(file)",
                advice: "copy the whole of it again"
            )
        }
        return bytes
    }

    /// A member that is a list.
    func list(_ member: String) throws(ConfigurationError) -> [JSONValue] {
        let value = try value(member)
        guard case .list(let values) = value else { throw mismatch(member, value, expected: "a list in brackets") }
        return values
    }

    /// A member that is a whole number in some range.
    func integer<Number: FixedWidthInteger>(
        _ member: String,
        in range: ClosedRange<Number>
    ) throws(ConfigurationError) -> Number {
        let value = try value(member)
        guard case .integer(let integer) = value, let number = Number(exactly: integer), range.contains(number) else {
            let found =
                switch value {
                case .integer(let integer): String(integer)
                case .number(let number): String(number)
                case .null, .boolean, .string, .list, .object: value.kind
                }
            throw ConfigurationError(
                .malformed,
                "\(name(member)) is \(found) in \(file)",
                advice: "a whole number from \(range.lowerBound) to \(range.upperBound) belongs there"
            )
        }
        return number
    }

    /// A member that is a whole number in the range of its type.
    func integer<Number: FixedWidthInteger>(_ member: String) throws(ConfigurationError) -> Number {
        try integer(member, in: 0...Number.max)
    }

    /// A member that is the name of one of several choices, and the standard one where nothing is said.
    func choice<Choice>(
        _ member: String,
        of choices: [Choice],
        named name: (Choice) -> String,
        standard: Choice
    ) throws(ConfigurationError) -> Choice {
        guard contains(member) else { return standard }
        let text = try text(member)
        guard let choice = choices.first(where: { name($0) == text }) else {
            throw ConfigurationError(
                .malformed,
                "\(self.name(member)) is \(PrintableText.quoted(text)) in \(file)",
                advice: "known is \(choices.map(name).joined(separator: ", "))"
            )
        }
        return choice
    }

    private func mismatch(_ member: String, _ value: JSONValue, expected: String) -> ConfigurationError {
        ConfigurationError(
            .malformed,
            "\(name(member)) is \(value.kind) in \(file)",
            advice: "\(expected) belongs there"
        )
    }
}
