/// Why a line cannot be split into words.
enum ShellWordsError: Error, Equatable, Sendable {
    /// A quotation mark has no partner.
    case unclosedQuote(Character)
    /// The line ends with a backslash.
    case trailingBackslash
}

extension ShellWordsError: CustomStringConvertible {
    /// One clause that says what is wrong.
    var description: String {
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
enum ShellWords {
    /// The words of a line.
    static func split(_ line: some StringProtocol) throws(ShellWordsError) -> [String] {
        var words: [String] = []
        var word: String?
        var characters = line.makeIterator()
        while let character = characters.next() {
            switch character {
            case " ", "\t", "\r", "\r\n":
                if let finished = word { words.append(finished) }
                word = nil
            case "#" where word == nil: return words
            case "'", "\"":
                word = (word ?? "") + (try quoted(by: character, from: &characters))
            case "\\":
                guard let next = characters.next() else { throw .trailingBackslash }
                word = (word ?? "") + String(next)
            default: word = (word ?? "") + String(character)
            }
        }
        if let finished = word { words.append(finished) }
        return words
    }

    /// The text up to a closing quotation mark.
    private static func quoted(
        by mark: Character,
        from characters: inout some IteratorProtocol<Character>
    ) throws(ShellWordsError) -> String {
        var text = ""
        while let character = characters.next() {
            if character == mark { return text }
            guard mark == "\"", character == "\\" else {
                text.append(character)
                continue
            }
            guard let next = characters.next() else { break }
            if next != "\"", next != "\\" { text.append(character) }
            text.append(next)
        }
        throw .unclosedQuote(mark)
    }
}
