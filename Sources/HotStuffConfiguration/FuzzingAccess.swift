public import HotStuff

/// What fuzzers, which are a package of their own, may see of the readers of text; nobody else imports it.
@_spi(Fuzzing)
public enum FuzzedText {
    /// Why some bytes are not JSON, or what they say, written again for people and on one line.
    public enum JSON: Equatable, Sendable {
        /// They are no JSON, which shows at this line and this byte of it.
        case refused(line: Int, column: Int, problem: String)
        /// They are.
        case read(pretty: String, compact: String)
    }

    /// Reads JSON.
    public static func json(_ bytes: [UInt8]) -> JSON {
        do {
            let value = try JSONParser.parse(bytes)
            return .read(pretty: value.prettyText, compact: value.compactText)
        } catch {
            return .refused(line: error.line, column: error.column, problem: error.problem)
        }
    }

    /// Splits a line as a shell does; nothing if it cannot be split.
    public static func words(_ line: String) -> [String]? { try? ShellWords.split(line) }

    /// Reads a list of commands; each comes with its line.
    public static func commands(
        _ bytes: [UInt8],
        file: String
    ) throws(ConfigurationError) -> [(text: String, command: KeyValueCommand)] {
        try CommandList.parse(bytes, file: file).map { ($0.text, $0.command) }
    }

    /// Text without control characters.
    public static func printable(_ text: String) -> String { PrintableText.of(text) }

    /// Whether a text can be the name or address of a machine.
    public static func isHost(_ text: String) -> Bool { NetworkAddress.isHost(text) }
}
