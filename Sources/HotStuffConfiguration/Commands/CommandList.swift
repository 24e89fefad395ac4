package import HotStuff

/// A command of the key-value store with the line that asked for it.
package struct WrittenCommand: Equatable, Sendable {
    /// The line, without the blanks at its ends that mean nothing.
    package let text: String
    /// What it means.
    package let command: KeyValueCommand

    /// Creates a command with its line.
    package init(text: String, command: KeyValueCommand) {
        self.text = text
        self.command = command
    }
}

/// A list of commands, one on each line; empty lines and comments behind `#` count for nothing.
package enum CommandList {
    /// Reads a list as a whole, so that nothing is submitted of a list with a mistake.
    package static func parse(_ bytes: [UInt8], file: String) throws(ConfigurationError) -> [WrittenCommand] {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ConfigurationError(
                .malformed,
                "\(file) is not UTF-8 text",
                advice: "name a list of commands, one on each line"
            )
        }
        var commands: [WrittenCommand] = []
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isLineEnd).enumerated() {
            let place = "\(file), line \(index + 1)"
            if let command = try parse(line, place: place) { commands.append(command) }
        }
        guard !commands.isEmpty else {
            throw ConfigurationError(
                .malformed,
                "there is no command in \(file)",
                advice: "write one on each line, such as: put KEY VALUE"
            )
        }
        return commands
    }

    private static func parse(_ line: Substring, place: String) throws(ConfigurationError) -> WrittenCommand? {
        let words: [String]
        do {
            words = try ShellWords.split(line)
        } catch {
            throw ConfigurationError(.malformed, "\(error) in \(place)", advice: "correct it; nothing was submitted")
        }
        guard !words.isEmpty else { return nil }
        do {
            return WrittenCommand(text: line.trimmed, command: try KeyValueCommand(words: words))
        } catch {
            throw ConfigurationError(.malformed, "\(error) in \(place)", advice: "correct it; nothing was submitted")
        }
    }
}

extension Character {
    /// Whether a line ends here, as on Unix or on Windows.
    fileprivate var isLineEnd: Bool { self == "\n" || self == "\r\n" }
}

extension Substring {
    /// The text without the blanks at its ends that part words; one behind a backslash stays, for it may belong to a word.
    fileprivate var trimmed: String {
        let scalars = unicodeScalars.drop(while: ShellWords.isBlank)
        guard let last = scalars.lastIndex(where: { !ShellWords.isBlank($0) }) else { return "" }
        let next = scalars.index(after: last)
        let end = scalars[last] == "\\" && next < scalars.endIndex ? scalars.index(after: next) : next
        return String(Substring(scalars[..<end]))
    }
}
