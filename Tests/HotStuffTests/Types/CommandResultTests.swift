import Testing

@testable import HotStuff

@Suite("the result of a command")
struct CommandResultTests {
    @Test(
        "its encoded size is known without encoding it",
        arguments: [
            CommandOutcome.executed([]), .executed([1, 2, 3]),
            .opened(SessionID(height: Height(5), position: 6)), .unknownSession, .sequenceOutOfRange, .replyForgotten,
        ]
    )
    func size(outcome: CommandOutcome) {
        let key = CommandKey(session: SessionID(height: Height(1), position: 2), sequence: 3)
        let result = CommandResult(key: key, command: .zero, height: Height(4), outcome: outcome)
        #expect(result.encodedSize == result.encoded.count)
    }
}
