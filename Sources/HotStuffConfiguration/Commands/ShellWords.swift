/// Why a line cannot be split into words.
package enum ShellWordsError: Error, Equatable, Sendable {
    /// A quotation mark has no partner.
    case unclosedQuote(Unicode.Scalar)
    /// The line ends with a backslash.
    case trailingBackslash
}

extension ShellWordsError: CustomStringConvertible {
    /// One clause that says what is wrong.
    package var description: String {
        switch self {
        case .unclosedQuote(let mark): "a quotation mark \(mark) is not closed"
        case .trailingBackslash: "the line ends with a backslash"
        }
    }
}

/// A line split into words as a shell does it, but for everything that a shell replaces.
///
/// Blanks part words. Between single quotes all is literal; between double quotes a backslash makes a quotation mark or a
/// backslash literal; elsewhere it makes any character literal. A `#` where a word would begin opens a comment.
package enum ShellWords {
    /// The words of a line.
    package static func split(_ line: some StringProtocol) throws(ShellWordsError) -> [String] {
        var words: [String] = []
        var word: String.UnicodeScalarView?
        // Scalars, not characters: an accent behind a quotation mark does not make it another one.
        var scalars = line.unicodeScalars.makeIterator()
        while let scalar = scalars.next() {
            switch scalar {
            case _ where isBlank(scalar):
                if let finished = word { words.append(String(finished)) }
                word = nil
            case "#" where word == nil: return words
            case "'", "\"":
                let text = try quoted(by: scalar, from: &scalars)
                word = word ?? .init()
                word?.append(contentsOf: text)
            case "\\":
                guard let next = scalars.next() else { throw .trailingBackslash }
                word = word ?? .init()
                word?.append(next)
            default:
                word = word ?? .init()
                word?.append(scalar)
            }
        }
        if let finished = word { words.append(String(finished)) }
        return words
    }

    /// Whether a scalar parts words.
    static func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\t" || scalar == "\r" }

    /// The text up to a closing quotation mark.
    private static func quoted(
        by mark: Unicode.Scalar,
        from scalars: inout some IteratorProtocol<Unicode.Scalar>
    ) throws(ShellWordsError) -> String.UnicodeScalarView {
        var text = String.UnicodeScalarView()
        while let scalar = scalars.next() {
            if scalar == mark { return text }
            guard mark == "\"", scalar == "\\" else {
                text.append(scalar)
                continue
            }
            guard let next = scalars.next() else { break }
            if next != "\"", next != "\\" { text.append(scalar) }
            text.append(next)
        }
        throw .unclosedQuote(mark)
    }
}
