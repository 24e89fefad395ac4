import HotStuff
import HotStuffConfiguration
import Testing

@testable import HotStuffCommand

@Suite("Answers of the key-value store")
struct ReplyTests {
    @Test("every answer says yes or no, and has its JSON")
    func replies() {
        let value = Array("v".utf8)
        let table: [(KeyValueReply, Bool, String)] = [
            (.stored, true, #"{"kind":"stored"}"#), (.value(value), true, #"{"kind":"value","value":"v"}"#),
            (.value([0xFF]), true, #"{"kind":"value","value":{"base64":"/w=="}}"#),
            (.absent, false, #"{"kind":"absent"}"#), (.deleted, true, #"{"kind":"deleted"}"#),
            (.swapped, true, #"{"kind":"swapped"}"#),
            (.notSwapped(current: value), false, #"{"kind":"notSwapped","value":"v"}"#),
            (.notSwapped(current: nil), false, #"{"kind":"notSwapped","value":null}"#),
            (.malformed, false, #"{"kind":"malformed"}"#),
            (
                .entries([KeyValueEntry(key: value, value: value)], more: true), true,
                #"{"entries":[{"key":"v","value":"v"}],"kind":"entries","more":true}"#
            ),
        ]
        for (reply, isYes, json) in table {
            #expect(reply.isYes == isYes)
            #expect(reply.json.compactText == json)
        }
    }
}
