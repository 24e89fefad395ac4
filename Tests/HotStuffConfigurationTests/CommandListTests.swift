import HotStuff
import Testing

@testable import HotStuffConfiguration

@Suite("Lists of commands")
struct CommandListTests {
    @Test(
        "a line is split as a shell splits it",
        arguments: [
            ("", []), ("   ", []), ("# put a b", []), ("put a b", ["put", "a", "b"]),
            ("put a b # c", ["put", "a", "b"]),
            ("put a#b c", ["put", "a#b", "c"]), ("  put\ta   b \r", ["put", "a", "b"]),
            ("put '' \"\"", ["put", "", ""]),
            ("put 'a b' \"c  d\"", ["put", "a b", "c  d"]), ("put a'b c'd e", ["put", "ab cd", "e"]),
            (##"put a\ b \# "##, ["put", "a b", "#"]), (#"put 'a\b' "a\b""#, ["put", #"a\b"#, #"a\b"#]),
            (#"put "a\"b" "a\\b""#, ["put", "a\"b", #"a\b"#]),
            (#"put "it's" 'say "x"'"#, ["put", "it's", "say \"x\""]),
            ("put ключ 値", ["put", "ключ", "値"]),
            ("put '\u{301}a' b\u{301}", ["put", "\u{301}a", "b\u{301}"]),
        ]
    )
    func splitting(line: String, words: [String]) throws {
        #expect(try ShellWords.split(line) == words)
    }

    @Test("a quotation mark without partner and a backslash at the end are refused")
    func splittingErrors() {
        #expect(throws: ShellWordsError.unclosedQuote("'")) { try ShellWords.split("put 'a b") }
        #expect(throws: ShellWordsError.unclosedQuote("\"")) { try ShellWords.split(#"put "a\""#) }
        #expect(throws: ShellWordsError.unclosedQuote("\"")) { try ShellWords.split(#"put "a\"#) }
        #expect(throws: ShellWordsError.trailingBackslash) { try ShellWords.split(#"put a b\"#) }
    }

    private func parse(_ text: String) throws -> [WrittenCommand] {
        try CommandList.parse(Array(text.utf8), file: "list.txt")
    }

    @Test("each line is a command, in order; comments and empty lines count for nothing")
    func parsing() throws {
        let commands = try parse("# words\n\nput a 'b c'\r\n  get a  \ncas a - b\nlist")
        #expect(commands.map(\.text) == ["put a 'b c'", "get a", "cas a - b", "list"])
        #expect(commands[0].command == .put(key: Array("a".utf8), value: Array("b c".utf8)))
        #expect(commands[2].command == .compareAndSwap(key: Array("a".utf8), expected: nil, new: Array("b".utf8)))
    }

    @Test(
        "the text of a command means the command",
        arguments: [
            (#"put a b\ "#, #"put a b\ "#), ("put a b\\  \t", #"put a b\ "#), (" \tput a b \r", "put a b"),
            ("put a b\u{A0}", "put a b\u{A0}"), ("put a '\u{301} ' \t", "put a '\u{301} '"),
            ("put a b # c\\ ", #"put a b # c\ "#), ("put a \u{301}", "put a \u{301}"),
        ]
    )
    func texts(line: String, text: String) throws {
        let command = try #require(try parse(line).first)
        #expect(command.text == text)
        #expect(try parse(command.text).first?.command == command.command)
    }

    @Test(
        "a mistake is named with its line",
        arguments: [
            ("put a b\nputt a b", "unknown command \"putt\": put, get, delete, cas or list in list.txt, line 2"),
            ("put a", "usage: put KEY VALUE in list.txt, line 1"), ("get ''", "the key is empty in list.txt, line 1"),
            ("get a\n\nget 'a", "a quotation mark ' is not closed in list.txt, line 3"),
            ("# nothing", "there is no command in list.txt"), ("", "there is no command in list.txt"),
        ]
    )
    func mistakes(text: String, message: String) {
        expectError(.malformed, message) { _ = try parse(text) }
    }

    @Test("bytes that are no text are refused")
    func notText() {
        expectError(.malformed, "list.txt is not UTF-8 text") { _ = try CommandList.parse([0xFF], file: "list.txt") }
    }
}
