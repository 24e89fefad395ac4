internal import FuzzKit
internal import HotStuff
@_spi(Fuzzing) internal import HotStuffConfiguration

extension Trial {
    /// Reads JSON: it is refused at a place within it, or what it says can be written and read again.
    static func json(_ input: inout ByteReader) {
        let bytes = input.remainder()
        switch FuzzedText.json(bytes) {
        case .refused(let line, let column, let problem):
            let lines = bytes.split(separator: 10, omittingEmptySubsequences: false)
            require((1...lines.count).contains(line), "line \(line) of \(lines.count): \(problem)")
            require((1...lines[line - 1].count + 1).contains(column), "column \(column) of line \(line): \(problem)")
        case .read(let pretty, let compact):
            require(!compact.unicodeScalars.contains { $0.value < 0x20 }, "one line has a control character")
            for text in [pretty, compact] {
                guard case .read(let again, let line) = FuzzedText.json(Array(text.utf8)) else {
                    fail("what was written is refused: \(text)")
                }
                require(
                    Array(again.utf8) == Array(pretty.utf8) && Array(line.utf8) == Array(compact.utf8),
                    "what was written says something else: \(again) for \(text)"
                )
            }
        }
    }

    /// Reads a list of commands: it is refused in one line, or each command stands in its line.
    static func commands(_ input: inout ByteReader) {
        do {
            for (text, command) in try FuzzedText.commands(input.remainder(), file: "list") {
                guard let words = FuzzedText.words(text), let again = try? KeyValueCommand(words: words) else {
                    fail("the line of a command is refused: \(text)")
                }
                require(again == command, "the line of a command means another: \(text)")
                require(command.fault == nil, "a command is read that breaks a limit")
                guard let decoded = try? KeyValueCommand(decoding: command.encoded) else {
                    fail("a command that was read cannot be sent")
                }
                require(decoded == command, "a command arrives as another")
            }
        } catch {
            checkLine(error)
        }
    }

    /// A complaint is one line, whatever it quotes, and not much longer for a long input.
    static func checkLine(_ error: ConfigurationError) {
        let line = error.description
        require(FuzzedText.printable(line) == line, "a complaint has control characters: \(line)")
        require(!error.problem.isEmpty && !error.advice.isEmpty, "a complaint says nothing")
        require(line.utf8.count < 4_096, "a complaint of \(line.utf8.count) bytes")
    }
}
