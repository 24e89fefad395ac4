import HotStuff

/// The key-value store, and how often it was asked to execute each command.
struct CountingMachine: StateMachine {
    private var store = KeyValueStore()
    /// How often each command of the workload was executed, by its number.
    private(set) var executions: [UInt64: Int] = [:]

    mutating func execute(_ commands: [Command], at block: BlockContext) -> [Reply] {
        for command in commands {
            if let number = Workload.number(of: command.body) { executions[number, default: 0] += 1 }
        }
        return store.execute(commands, at: block)
    }

    var stateDigest: Digest { store.stateDigest }

    static var offersSnapshots: Bool { KeyValueStore.offersSnapshots }

    func writeSnapshot<Sink: SnapshotSink>(into sink: inout Sink) throws(Sink.Failure) {
        try store.writeSnapshot(into: &sink)
    }

    mutating func restore<Source: SnapshotSource>(from source: inout Source) throws(SnapshotError) {
        try store.restore(from: &source)
    }
}
