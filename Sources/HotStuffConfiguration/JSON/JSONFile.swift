import HotStuff
import PostQuantum

/// What all JSON files of this program have in common.
enum JSONFile {
    /// Reads the bytes of a file.
    static func parse(_ bytes: [UInt8], file: String) throws(ConfigurationError) -> JSONValue {
        do {
            return try JSONParser.parse(bytes)
        } catch {
            throw ConfigurationError(
                .malformed,
                "no valid JSON in \(file), line \(error.line), column \(error.column): \(error.problem)",
                advice: "correct it there"
            )
        }
    }

    /// Checks that the file's `version` is the one that is known.
    static func checkVersion(_ members: JSONMembers, known: UInt64) throws(ConfigurationError) {
        let version: UInt64 = try members.integer("version")
        guard version == known else {
            throw ConfigurationError(
                .malformed,
                "version is \(version) in \(members.file), and this program knows version \(known)",
                advice: "use the program that wrote the file"
            )
        }
    }

    /// The member `signatureScheme`.
    static func scheme(_ members: JSONMembers) throws(ConfigurationError) -> SignatureScheme {
        let name = try members.text("signatureScheme")
        guard let scheme = SignatureScheme(rawValue: name) else {
            let known = SignatureScheme.allCases.map(\.rawValue).joined(separator: ", ")
            throw ConfigurationError(
                .malformed,
                "signatureScheme is \(PrintableText.quoted(name)) in \(members.file)",
                advice: "known is \(known)"
            )
        }
        return scheme
    }

    /// The member `chainID`.
    static func chain(_ members: JSONMembers) throws(ConfigurationError) -> Digest {
        try digest(of: try members.text("chainID"), at: "chainID", file: members.file)
    }

    /// A digest that a text writes in hexadecimal digits.
    static func digest(of text: String, at path: String, file: String) throws(ConfigurationError) -> Digest {
        guard let digest = Digest(hexadecimal: text) else {
            throw ConfigurationError(
                .malformed,
                "\(path) is \(PrintableText.quoted(text)) in \(file)",
                advice: "64 hexadecimal digits belong there"
            )
        }
        return digest
    }
}
