import ConfigurationKit
import Testing

@testable import HotStuffConfiguration

@Suite("JSON")
struct JSONTests {
    private func parse(_ text: String) throws -> JSONValue { try JSONParser.parse(Array(text.utf8)) }

    @Test("every kind of value is read")
    func values() throws {
        #expect(
            try parse(#" { "a" : [ 1, -2, 1.5e3, true, false, null ], "b" : { } , "c":"" } "#)
                == .object([
                    "a": .list([.integer(1), .number(-2), .number(1_500), .boolean(true), .boolean(false), .null]),
                    "b": .object([:]), "c": .string(""),
                ])
        )
        #expect(try parse("18446744073709551615") == .integer(.max))
        #expect(try parse("0") == .integer(0))
    }

    @Test("escapes are read")
    func escapes() throws {
        #expect(
            try parse(#""\"\\\/\b\f\n\r\tA\u00e9\uD83D\uDE00""#) == .string("\"\\/\u{8}\u{C}\n\r\tA\u{E9}\u{1F600}")
        )
    }

    @Test(
        "what is not JSON is refused at its place",
        arguments: [
            ("", 1, 1), ("{", 1, 2), ("[1", 1, 3), ("[1,]", 1, 4), ("{\"a\":1,}", 1, 8), ("{'a':1}", 1, 2),
            ("{\"a\" 1}", 1, 6), ("{\"a\":1,\n \"a\":2}", 2, 2), ("01", 1, 1), ("1.", 1, 3), ("-", 1, 2), ("1e", 1, 3),
            ("+1", 1, 1), ("NaN", 1, 1), ("tru", 1, 1), ("\"a", 1, 1), ("\"\t\"", 1, 2), (#""\x""#, 1, 2),
            (#""\u12""#, 1, 2), (#""\uD800""#, 1, 2), (#""\uD800A""#, 1, 2), (#""\uDC00""#, 1, 2), ("1 2", 1, 3),
            ("1e999", 1, 1), ("[1] // x", 1, 5), ("\u{FEFF}1", 1, 1), ("\"\\", 1, 2),
        ]
    )
    func refusals(text: String, line: Int, column: Int) {
        do {
            let value = try parse(text)
            Issue.record("\(text) was read as \(value)")
        } catch let error as JSONSyntaxError {
            #expect(error.line == line && error.column == column, "\(text): \(error)")
        } catch {
            Issue.record("another error: \(error)")
        }
    }

    @Test("bytes that are not UTF-8 are refused")
    func notText() {
        #expect(throws: JSONSyntaxError.self) { try JSONParser.parse([0x22, 0xFF, 0x22]) }
    }

    @Test("nesting has a limit, so that no input exhausts the stack")
    func depth() throws {
        let deepest = JSONParser.maximumDepth
        _ = try parse(String(repeating: "[", count: deepest - 1) + "1" + String(repeating: "]", count: deepest - 1))
        #expect(throws: JSONSyntaxError.self) { try parse(String(repeating: "[", count: 100_000)) }
    }

    @Test("what is written is read again, with members sorted")
    func writing() throws {
        let value = JSONValue.object([
            "z": .list([.integer(1), .number(0.125), .null, .boolean(false)]), "a": .string("\u{1}\"\\\n\u{7F}é😀"),
            "m": .object([:]), "e": .list([]),
        ])
        #expect(try parse(value.compactText) == value)
        #expect(try parse(value.prettyText) == value)
        #expect(JSONValue.object(["b": .integer(1), "a": .list([.integer(2)])]).compactText == #"{"a":[2],"b":1}"#)
        #expect(JSONValue.object(["a": .list([.integer(2)])]).prettyText == "{\n  \"a\": [\n    2\n  ]\n}\n")
        #expect(JSONValue.rounded(1.23456).compactText == "1.235")
    }

    @Test("base64 has one text for some bytes")
    func base64() {
        #expect(Base64.decode("AQID") == [1, 2, 3])
        #expect(Base64.encode([1, 2, 3]) == "AQID")
        for text in ["AQI", "AQ==\n", "AR==", "A Q=", "====", "-_-_"] { #expect(Base64.decode(text) == nil, "\(text)") }
    }
}
