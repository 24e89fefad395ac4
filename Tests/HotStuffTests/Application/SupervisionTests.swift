import HotStuff
import Synchronization
import Testing

/// A witness that remembers what it was told, and asks for one block command by command.
private final class RecordingWitness: ExecutionWitness {
    enum Note: Hashable {
        case block(Height, count: Int, first: WitnessedCommand)
        case command(Height, WitnessedCommand)
        case done(Height)
        case rest
    }

    private let notes = Mutex<[Note]>([])
    let suspect: Height?

    init(suspecting height: UInt64? = nil) { suspect = height.map { Height($0) } }

    var taken: [Note] { notes.withLock { $0 } }

    func willExecute(_ count: Int, from first: WitnessedCommand, at height: Height) -> Bool {
        notes.withLock { $0.append(.block(height, count: count, first: first)) }
        return height == suspect
    }

    func willExecute(_ command: WitnessedCommand, at height: Height) {
        notes.withLock { $0.append(.command(height, command)) }
    }

    func didExecute(at height: Height) { notes.withLock { $0.append(.done(height)) } }
    func rest() { notes.withLock { $0.append(.rest) } }
}

@Suite("Execution that skips commands and is watched")
struct SupervisionTests {
    private let commands = [command(session(1), 1, [1]), command(session(1), 2, [2]), command(session(1, 1), 1, [3])]

    private func witnessed(_ place: Int, _ index: Int) -> WitnessedCommand {
        WitnessedCommand(key: commands[place].key, digest: commands[place].digest, index: index)
    }

    private func execution(
        skipping keys: [CommandKey] = [],
        _ witness: RecordingWitness? = nil
    ) -> Execution<RecordingMachine> {
        var execution = ExecutionTests.opened()
        execution.supervision = ExecutionSupervision(skipped: SkippedCommands(keys), witness: witness)
        return execution
    }

    @Test("a skipped command has an empty reply, which is remembered, and the application never sees it")
    func skips() {
        var execution = execution(skipping: [commands[1].key])
        let results = execution.execute(makeBlock(height: 2, commands))
        #expect(results.map(\.outcome) == [.executed([1]), .executed([]), .executed([3])])
        #expect(results.map(\.command) == commands.map(\.digest))
        #expect(execution.machine.calls.map(\.keys) == [[commands[0].key, commands[2].key]])
        #expect(execution.executedCommands == 2)
        #expect(execution.execute(makeBlock(height: 3, [commands[1]])) == [results[1]])
        #expect(execution.result(for: commands[1].key) == results[1])
    }

    @Test("an application with nothing but skipped commands is not called, and nobody is told")
    func skipsAll() {
        let witness = RecordingWitness()
        var execution = execution(skipping: commands.map(\.key), witness)
        #expect(execution.execute(makeBlock(height: 2, commands)).allSatisfy { $0.outcome == .executed([]) })
        #expect(execution.machine.calls.isEmpty)
        #expect(witness.taken.isEmpty)
        #expect(execution.executedCommands == 0)
    }

    @Test("a skip changes the digest, and the same skips give the same digest whoever watches")
    func digests() {
        func digest(_ keys: [CommandKey], _ witness: RecordingWitness? = nil) -> Digest {
            var execution = execution(skipping: keys, witness)
            _ = execution.execute(makeBlock(height: 2, commands))
            return execution.executed.digest
        }
        #expect(digest([]) != digest([commands[0].key]))
        #expect(digest([commands[0].key]) != digest([commands[1].key]))
        #expect(digest([]) == digest([], RecordingWitness(suspecting: 2)))
        #expect(digest([commands[0].key]) == digest([commands[0].key], RecordingWitness(suspecting: 2)))
        #expect(digest([]) == digest([CommandKey(session: session(9), sequence: 1)]))
    }

    @Test("a witness is told of each block with commands once, and of its end")
    func watched() {
        let witness = RecordingWitness()
        var execution = execution(witness)
        _ = execution.execute(makeBlock(height: 2, commands))
        _ = execution.execute(makeBlock(height: 3, commands))
        _ = execution.execute(makeBlock(height: 4))
        #expect(witness.taken == [.block(Height(2), count: 3, first: witnessed(0, 0)), .done(Height(2))])
        #expect(execution.machine.calls.count == 1)
    }

    @Test("a block that the witness suspects is executed command by command, with the same results")
    func oneByOne() {
        let witness = RecordingWitness(suspecting: 2)
        var execution = execution(skipping: [commands[0].key], witness)
        let results = execution.execute(makeBlock(height: 2, commands))
        #expect(
            witness.taken == [
                .block(Height(2), count: 2, first: witnessed(1, 0)), .command(Height(2), witnessed(1, 0)),
                .command(Height(2), witnessed(2, 1)), .done(Height(2)),
            ]
        )
        #expect(execution.machine.calls.map(\.keys) == [[commands[1].key], [commands[2].key]])
        #expect(results.map(\.outcome) == [.executed([]), .executed([2]), .executed([3])])
    }

    @Test("executed together or one by one, the key-value store comes to the same", arguments: 0..<8 as Range<UInt64>)
    func same(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var together = Execution(machine: KeyValueStore())
        var apart = together
        var opened: [SessionID] = []
        for height in 1...60 as ClosedRange<UInt64> {
            let block = makeBlock(height: height, ExecutionTests.randomCommands(opened, &random))
            apart.supervision.witness = RecordingWitness(suspecting: height)
            let results = together.execute(block)
            #expect(apart.execute(block) == results, "seed \(seed), height \(height)")
            for case .opened(let session) in results.map(\.outcome) { opened.append(session) }
        }
        #expect(together.executed == apart.executed, "seed \(seed)")
        #expect(together.machine.stateDigest == apart.machine.stateDigest, "seed \(seed)")
    }

    @Test("a list of skipped commands is sorted, has each once, and no opening commands")
    func lists() {
        let keys = [(3, 2), (1, 9), (3, 1), (1, 9)].map { CommandKey(session: session($0.0), sequence: $0.1) }
        let list = SkippedCommands(keys + [CommandKey(session: .none, sequence: 4)])
        #expect(list.keys == [keys[1], keys[2], keys[0]])
        for key in keys { #expect(list.contains(key)) }
        #expect(!list.contains(CommandKey(session: session(2), sequence: 1)))
        #expect(!list.contains(CommandKey(session: session(4), sequence: 1)))
        #expect(!SkippedCommands.none.contains(keys[0]))
        #expect(SkippedCommands([keys[0]]).union(SkippedCommands(keys)) == list)
    }

    @Test("the name of a key reads back, and what is none is refused")
    func names() {
        let key = CommandKey(session: SessionID(height: Height(.max), position: .max), sequence: .max)
        #expect(CommandKey(name: key.name) == key)
        #expect(CommandKey(name: "12.0/7") == CommandKey(session: session(12), sequence: 7))
        for text in [
            "", "/", "1/2", "1.0", "1.0/", "1.0/-1", "1.0/+1", "1.4294967296/1", "1.0/1/1", "1.0.0/1", "a.0/1",
            " 1.0/1",
        ] {
            #expect(CommandKey(name: text) == nil, "\(text)")
        }
    }
}
