internal import HotStuff

/// Brings in commands of its own: of sessions that do not exist, out of order, repeated, and openings without end.
///
/// It keeps out of the sessions of honest clients: clients do not sign yet.
struct OddCommands: Strategy {
    private var remaining = 400
    private var openings: [CommandKey] = []
    private var sessions: [SessionID] = []

    mutating func hear(_ message: Message, from sender: ReplicaID, as liar: inout Liar, answers: inout [Letter]) {
        guard !openings.isEmpty, sessions.count < 8 else { return }
        // A session is its own only once the block that opened it is final: another block may come to stand at its height.
        guard let final = liar.certificates.quorum.statement.commits, let block = liar.memory.block(final) else {
            return
        }
        for (position, command) in block.payload.commands.enumerated() where openings.contains(command.key) {
            openings.removeAll { $0 == command.key }
            sessions.append(SessionID(height: block.height, position: UInt32(position)))
        }
    }

    mutating func passTime(as liar: inout Liar, letters: inout [Letter]) {
        guard remaining > 0, liar.random.chance(oneIn: 6) else { return }
        let count = min(remaining, 1 + liar.random.below(20))
        remaining -= count
        liar.acts += count
        var commands = (0..<count).map { _ in command(as: &liar) }
        if liar.random.chance(oneIn: 3) { commands += commands.reversed() }
        letters += liar.toSome(.commands(commands))
    }

    private mutating func command(as liar: inout Liar) -> Command {
        let body =
            liar.random.chance(oneIn: 8)
            ? liar.random.bytes(fewerThan: 40)
            : KeyValueCommand.put(key: Array("key \(liar.random.below(64))".utf8), value: [1]).encoded
        let number = liar.random.pick([0, 1, 2, 3, 1 + liar.random.number(below: 2_000), .max])
        switch liar.random.below(4) {
        case 0:
            // Above all numbers that honest clients use.
            let opening = Command.openSession(nonce: liar.random.next() | 1 << 63)
            openings.append(opening.key)
            if openings.count > 64 { openings.removeFirst(32) }
            return opening
        case 1: return Command(key: CommandKey(session: .none, sequence: number | 1 << 63), body: body)
        case 2 where !sessions.isEmpty:
            return Command(key: CommandKey(session: liar.random.pick(sessions), sequence: number), body: body)
        default:
            // No block holds so many commands that this could be a session.
            let session = SessionID(
                height: Height(liar.random.pick([0, 1, liar.view.rawValue, .max])),
                position: UInt32.max - UInt32(liar.random.below(1_000))
            )
            return Command(key: CommandKey(session: session, sequence: number), body: body)
        }
    }
}
