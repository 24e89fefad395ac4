import HotStuff

/// A block at a height with some commands; nobody signed it, execution does not look.
func makeBlock(height: UInt64, time: UInt64 = 1_000, _ commands: [Command] = []) -> Block {
    let payload = Payload(commands)
    let header = BlockHeader(
        chain: .zero,
        epoch: .first,
        view: View(height),
        height: Height(height),
        parent: .zero,
        justifyView: .genesis,
        proposer: ReplicaID(0),
        payloadDigest: payload.digest,
        executed: .genesis,
        time: Timestamp(time)
    )
    return Block(header: header, payload: payload, justify: .genesis(header))
}

/// The session that the command at a place opens.
func session(_ height: UInt64, _ position: UInt32 = 0) -> SessionID {
    SessionID(height: Height(height), position: position)
}

/// A command of a session.
func command(_ session: SessionID, _ sequence: UInt64, _ body: [UInt8] = []) -> Command {
    Command(key: CommandKey(session: session, sequence: sequence), body: body)
}

/// The bytes of a text.
func utf8(_ text: String) -> [UInt8] { Array(text.utf8) }

/// A state machine that remembers each call and answers a command with its own body, or with so many bytes.
struct RecordingMachine: StateMachine {
    struct Call: Hashable, Sendable {
        let keys: [CommandKey]
        let context: BlockContext
    }

    var replyByteCount: Int?
    private(set) var calls: [Call] = []

    init(replyByteCount: Int? = nil) { self.replyByteCount = replyByteCount }

    mutating func execute(_ commands: [Command], at block: BlockContext) -> [Reply] {
        calls.append(Call(keys: commands.map(\.key), context: block))
        return commands.map { Reply(replyByteCount.map { Array(repeating: 7, count: $0) } ?? $0.body) }
    }
}
