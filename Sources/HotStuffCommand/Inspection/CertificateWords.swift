import HotStuff
import HotStuffConfiguration

// How certificates are told, to people and to programs.
extension QuorumCertificate {
    /// View, block and signers on one line.
    var words: String {
        "view \(view), block \(block.short)… of height \(statement.height), signed by \(signatures.words)"
    }

    /// The same for programs.
    var json: JSONValue {
        .object([
            "block": .string(block.description),
            "commits": statement.commits.map { .string($0.description) } ?? .null,
            "height": .integer(statement.height.rawValue),
            "signers": signatures.json,
            "view": .integer(view.rawValue),
        ])
    }
}

extension TimeoutCertificate {
    /// View and signers on one line.
    var words: String { "view \(view), signed by \(signatures.words)" }

    /// The same for programs.
    var json: JSONValue {
        .object([
            "highestCertifiedView": .integer(highest.view.rawValue),
            "signers": signatures.json,
            "view": .integer(view.rawValue),
        ])
    }
}

extension SignatureSet {
    /// The signers.
    fileprivate var words: String { isEmpty ? "nobody" : signers.map { "\($0)" }.joined(separator: " ") }

    /// The signers for programs.
    fileprivate var json: JSONValue { .list(signers.map { .integer(UInt64($0.index)) }) }
}
