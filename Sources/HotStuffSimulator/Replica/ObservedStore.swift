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

    mutating func execute(_ commands: [Command], at block: BlockContext) -> [Reply] {
        lastCommands = commands
        for command in commands where !executed.insert(command.key).inserted { repeated.append(command.key) }
        return store.execute(commands, at: block)
    }

    var stateDigest: Digest { store.stateDigest }
}
