internal import HotStuff

/// The key-value store, with a memory of its own of what it was ever asked to execute.
///
/// The engine promises that no command comes twice; this application does not take its word for it.
struct ObservedStore: StateMachine {
    private(set) var store = KeyValueStore()
    private var executed: Set<CommandKey> = []
    /// The same as bytes, in the order in which they came.
    private var log: [UInt8] = []
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
        for command in commands {
            if executed.insert(command.key).inserted {
                log += command.key.encoded
            } else {
                repeated.append(command.key)
            }
        }
        calls += 1
        let replies = store.execute(commands, at: block)
        return calls - 1 == errsAt ? replies.map { Reply($0.body + [1]) } : replies
    }

    var stateDigest: Digest { store.stateDigest }

    static var offersSnapshots: Bool { true }

    func writeSnapshot<Sink: SnapshotSink>(into sink: inout Sink) throws(Sink.Failure) {
        var encoder = BorshEncoder(capacity: 16)
        encoder.append(UInt64(calls))
        encoder.append(UInt64(executed.count))
        try sink.write(encoder.bytes)
        try sink.write(log)
        try store.writeSnapshot(into: &sink)
    }

    mutating func restore<Source: SnapshotSource>(from source: inout Source) throws(SnapshotError) {
        calls = Int(truncatingIfNeeded: try source.readUInt64())
        var left = try source.readUInt64()
        (executed, log) = ([], [])
        while left > 0 {
            left -= 1
            let key: CommandKey = try source.read(byteCount: CommandKey.minimumEncodedSize)
            executed.insert(key)
            log += key.encoded
        }
        try store.restore(from: &source)
    }
}
