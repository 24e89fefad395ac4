import HotStuff
import Testing

@Suite("The key-value store for people")
struct KeyValueWordsTests {
    static let written: [([String], KeyValueCommand)] = [
        (["put", "k", "v"], .put(key: utf8("k"), value: utf8("v"))),
        (["put", "schl\u{fc}ssel", ""], .put(key: utf8("schl\u{fc}ssel"), value: [])),
        (["put", "k", "-"], .put(key: utf8("k"), value: utf8("-"))),
        (["get", "k"], .get(key: utf8("k"))),
        (["delete", "k"], .delete(key: utf8("k"))),
        (["cas", "k", "-", "v"], .compareAndSwap(key: utf8("k"), expected: nil, new: utf8("v"))),
        (["cas", "k", "", "v"], .compareAndSwap(key: utf8("k"), expected: [], new: utf8("v"))),
        (["cas", "k", "--", "-"], .compareAndSwap(key: utf8("k"), expected: utf8("--"), new: utf8("-"))),
        (["list"], .list(prefix: [], after: nil, limit: 1_000)),
        (["list", "p"], .list(prefix: utf8("p"), after: nil, limit: 1_000)),
        (["list", "p", "pa"], .list(prefix: utf8("p"), after: utf8("pa"), limit: 1_000)),
    ]

    @Test("words become the command that they spell", arguments: written)
    func words(words: [String], command: KeyValueCommand) throws {
        #expect(try KeyValueCommand(words: words) == command)
        #expect(command.fault == nil)
    }

    static let faulty: [([String], KeyValueFault)] = [
        ([], .noCommand),
        (["push", "k"], .unknownCommand("push")),
        ([""], .unknownCommand("")),
        (["pu", "k", "v"], .unknownCommand("pu")),
        (["put", "k"], .usage("put KEY VALUE")),
        (["put", "k", "v", "w"], .usage("put KEY VALUE")),
        (["get"], .usage("get KEY")),
        (["delete", "a", "b"], .usage("delete KEY")),
        (["cas", "k", "v"], .usage("cas KEY EXPECTED NEW")),
        (["list", "a", "b", "c"], .usage("list [PREFIX [AFTER]]")),
        (["get", ""], .keyEmpty),
        (["get", String(repeating: "k", count: 1_025)], .keyTooLong(1_025)),
        (["put", "k", String(repeating: "v", count: 194_561)], .valueTooLong(194_561)),
    ]

    @Test("words that are no command are refused with one line that says why", arguments: faulty)
    func faults(words: [String], fault: KeyValueFault) {
        #expect(throws: fault) { try KeyValueCommand(words: words) }
        #expect(!fault.description.isEmpty && !fault.description.contains("\n"))
    }

    @Test("an unknown word is shown on one line, whatever it holds")
    func escaped() {
        let text = KeyValueFault.unknownCommand("a\nb").description
        #expect(text == #"unknown command "a\nb": put, get, delete, cas or list"#)
        #expect(KeyValueFault.limitOutOfRange(0).description == "a list of 0 entries, allowed are 1 to 1000")
    }

    static let replies: [(KeyValueReply, String)] = [
        (.stored, "stored"),
        (.value(utf8("hello")), "hello"),
        (.value([0, 255]), "0x00ff"),
        (.value(utf8("a\nb")), "0x610a62"),
        (.value([]), ""),
        (.absent, "absent"),
        (.deleted, "deleted"),
        (.swapped, "swapped"),
        (.notSwapped(current: nil), "not swapped: absent"),
        (.notSwapped(current: utf8("x")), "not swapped: the value is x"),
        (.entries([], more: false), ""),
        (
            .entries(
                [KeyValueEntry(key: utf8("a"), value: [1]), KeyValueEntry(key: utf8("b"), value: utf8("2"))],
                more: true
            ), "a = 0x01\nb = 2\n(more)"
        ),
        (.malformed, "malformed command"),
    ]

    @Test("replies read well and survive their encoding", arguments: replies)
    func descriptions(reply: KeyValueReply, text: String) throws {
        #expect(reply.description == text)
        #expect(try KeyValueReply(decoding: reply.encoded) == reply)
    }

    @Test("commands survive their encoding, and no shortened encoding is one", arguments: written.map(\.1))
    func roundTrip(command: KeyValueCommand) throws {
        let bytes = command.encoded
        #expect(try KeyValueCommand(decoding: bytes) == command)
        for count in 0..<bytes.count {
            #expect(throws: DecodingError.self) { try KeyValueCommand(decoding: Array(bytes[..<count])) }
        }
        #expect(throws: DecodingError.trailingBytes(1)) { try KeyValueCommand(decoding: bytes + [0]) }
    }

    @Test("random bytes are no reply, or one with exactly those bytes", arguments: 0..<4 as Range<UInt64>)
    func randomReplies(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        for _ in 0..<3_000 {
            let bytes = [UInt8(random.below(10))] + random.bytes(fewerThan: 24).map { $0 & 3 }
            guard let reply = try? KeyValueReply(decoding: bytes) else { continue }
            #expect(reply.encoded == bytes, "seed \(seed)")
        }
    }
}
