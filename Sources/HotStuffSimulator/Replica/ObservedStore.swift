internal import HotStuff

/// The key-value store, with a memory of its own of what it was ever asked to execute.
///
/// The engine promises that no command comes twice; this application does not take its word for it.
struct ObservedStore: StateMachine {
    private(set) var store = KeyValueStore()
    private var executed: Set<CommandKey> = []
    /// The commands that came a second time.
    private(set) var repeated: [CommandKey] = []
    /// The commands of the last block that had any.
    private(set) var lastCommands: [Command] = []
    /// Which call of it is answered wrongly, if one is.
    private let errsAt: Int?
    private var calls = 0

    init(errsAt: Int? = nil) { self.errsAt = errsAt }

    /// Whether it has given a wrong answer.
    var hasErred: Bool { errsAt.map { calls > $0 } ?? false }

    mutating func execute(_ commands: [Command], at block: BlockContext) -> [Reply] {
        lastCommands = commands
        for command in commands where !executed.insert(command.key).inserted { repeated.append(command.key) }
        calls += 1
        let replies = store.execute(commands, at: block)
        return calls - 1 == errsAt ? replies.map { Reply($0.body + [1]) } : replies
    }

    var stateDigest: Digest { store.stateDigest }
}
