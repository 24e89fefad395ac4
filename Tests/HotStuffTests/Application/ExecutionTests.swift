import HotStuff
import Testing

@Suite("Execution of blocks")
struct ExecutionTests {
    /// An execution whose block 1 opened two sessions.
    static func opened(_ machine: RecordingMachine = RecordingMachine()) -> Execution<RecordingMachine> {
        var execution = Execution(machine: machine)
        _ = execution.execute(makeBlock(height: 1, [.openSession(nonce: 11), .openSession(nonce: 12)]))
        return execution
    }

    @Test("an opening command opens the session of its place")
    func opening() {
        var execution = Execution(machine: RecordingMachine())
        let commands = [Command.openSession(nonce: 5), command(.none, 5, [1, 2]), command(session(9), 1)]
        let results = execution.execute(makeBlock(height: 1, commands))
        #expect(results.map(\.outcome) == [.opened(session(1, 0)), .opened(session(1, 1)), .unknownSession])
        #expect(results.map(\.key) == commands.map(\.key))
        #expect(results.map(\.command) == commands.map(\.digest))
        #expect(results.allSatisfy { $0.height == Height(1) })
        #expect(execution.sessions.count == 2)
        #expect(execution.executedCommands == 0)
        #expect(execution.result(for: commands[0].key) == nil)
    }

    @Test("fresh commands reach the application in one call, in order, with height and time")
    func oneCall() {
        var execution = Self.opened()
        let commands = [
            command(session(1, 1), 1, [4]), command(session(7), 1), command(session(1), 2, [5]),
            command(session(1), 1, [6]),
        ]
        let results = execution.execute(makeBlock(height: 2, time: 77, commands))
        let context = BlockContext(height: Height(2), time: Timestamp(77))
        #expect(
            execution.machine.calls == [
                RecordingMachine.Call(keys: [commands[0], commands[2], commands[3]].map(\.key), context: context)
            ]
        )
        #expect(results.map(\.outcome) == [.executed([4]), .unknownSession, .executed([5]), .executed([6])])
        #expect(execution.executedCommands == 3)
        #expect(execution.result(for: commands[2].key) == results[2])
    }

    @Test("the application is not called for a block without fresh commands")
    func noCall() {
        var execution = Self.opened()
        #expect(execution.execute(makeBlock(height: 2)).isEmpty)
        _ = execution.execute(makeBlock(height: 3, [command(session(8), 1), command(session(1), .max)]))
        #expect(execution.machine.calls.isEmpty)
        #expect(execution.executed.height == Height(3))
    }

    @Test("a repeated command is executed once and answered with the first result, also if its body differs")
    func repeated() {
        var execution = Self.opened()
        let original = command(session(1), 1, [1])
        let first = execution.execute(makeBlock(height: 2, [original]))
        let again = execution.execute(makeBlock(height: 3, [command(session(1), 1, [2]), original]))
        #expect(again == [first[0], first[0]])
        #expect(first[0].height == Height(2) && first[0].command == original.digest)
        #expect(execution.machine.calls.count == 1)
        #expect(execution.executedCommands == 1)
    }

    @Test("a command repeated within its block is executed once")
    func repeatedInBlock() {
        var execution = Self.opened()
        let original = command(session(1), 1, [1])
        let results = execution.execute(makeBlock(height: 2, [original, command(session(1), 1, [9]), original]))
        #expect(results == Array(repeating: results[0], count: 3))
        #expect(results[0].command == original.digest && results[0].outcome == .executed([1]))
        #expect(execution.executedCommands == 1)
    }

    @Test("a session evicted within the block of its command still gets that one result")
    func evictedInBlock() {
        let table = SessionTableTests.table(sessions: 1)
        var execution = Execution(machine: RecordingMachine(), sessions: table)
        _ = execution.execute(makeBlock(height: 1, [.openSession(nonce: 1)]))
        let commands = [
            command(session(1), 1, [3]), .openSession(nonce: 2), command(session(1), 1, [3]), command(session(1), 2),
        ]
        let results = execution.execute(makeBlock(height: 2, commands))
        #expect(
            results.map(\.outcome) == [.executed([3]), .opened(session(2, 1)), .executed([3]), .unknownSession]
        )
        #expect(execution.execute(makeBlock(height: 3, [commands[0]])).map(\.outcome) == [.unknownSession])
        #expect(execution.executedCommands == 1)
    }

    @Test("a session can be used in the block that opens it, from behind the opening command on")
    func usedInOpeningBlock() {
        var execution = Execution(machine: RecordingMachine())
        let results = execution.execute(
            makeBlock(height: 1, [command(session(1, 1), 1), .openSession(nonce: 1), command(session(1, 1), 1, [8])])
        )
        #expect(results.map(\.outcome) == [.unknownSession, .opened(session(1, 1)), .executed([8])])
    }

    @Test("a reply of the longest allowed length is passed on, though no session keeps it")
    func longReply() {
        var execution = Self.opened(RecordingMachine(replyByteCount: Reply.maximumByteCount))
        let sent = command(session(1), 1)
        let results = execution.execute(makeBlock(height: 2, [sent]))
        #expect(
            results[0].outcome == .executed(Array(repeating: 7, count: Reply.maximumByteCount))
        )
        #expect(execution.execute(makeBlock(height: 3, [sent])).map(\.outcome) == [.replyForgotten])
    }

    @Test("the digest moves on with every block, the empty one too, and depends on all that happened")
    func digests() {
        let sent = command(session(1), 1, [1])
        func digest(_ blocks: [Block], _ machine: RecordingMachine = RecordingMachine()) -> Digest {
            var execution = Self.opened(machine)
            for block in blocks { _ = execution.execute(block) }
            return execution.executed.digest
        }
        let digests = [
            digest([]), digest([makeBlock(height: 2)]), digest([makeBlock(height: 2, time: 1_001)]),
            digest([makeBlock(height: 2), makeBlock(height: 3)]), digest([makeBlock(height: 2, [sent])]),
            digest([makeBlock(height: 2, [command(session(1), 1, [2])])]),
            digest([makeBlock(height: 2, [sent])], RecordingMachine(replyByteCount: 2)),
            digest([makeBlock(height: 2, [sent, sent])]), digest([makeBlock(height: 2, [command(session(4), 1)])]),
            Digest.zero,
        ]
        #expect(Set(digests).count == digests.count)
        #expect(digest([makeBlock(height: 2, [sent])]) == digests[4])
    }

    @Test("the running digest is the domain's hash of digest, height, time and the digest of the results")
    func digestByHand() {
        var execution = Self.opened()
        let before = execution.executed
        let results = execution.execute(
            makeBlock(height: 2, time: 9, [command(session(1), 1, [1]), command(session(3), 1)])
        )
        let resultsDigest = Digest.hash(of: Array("hotstuff/resul/1".utf8) + results.flatMap(\.encoded))
        let step = before.digest.bytes + Height(2).encoded + Timestamp(9).encoded + resultsDigest.bytes
        #expect(execution.executed.digest == Digest.hash(of: Array("hotstuff/execu/1".utf8) + step))
    }

    @Test("two instances agree on random blocks, and a restored copy goes on alike", arguments: 0..<12 as Range<UInt64>)
    func determinism(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let limits = SessionLimits(sessionCount: 4, windowWidth: 8, resultByteCount: 700)
        var left = Execution(machine: KeyValueStore(), sessions: SessionTable(limits: limits))
        var right = left
        var opened: [SessionID] = []
        for height in 1...120 as ClosedRange<UInt64> {
            let block = makeBlock(height: height, time: height * 10, Self.randomCommands(opened, &random))
            let results = left.execute(block)
            #expect(results == right.execute(block), "seed \(seed), height \(height)")
            #expect(results.count == block.payload.commands.count)
            for case .opened(let session) in results.map(\.outcome) { opened.append(session) }
            #expect(left.executed == right.executed, "seed \(seed), height \(height)")
            #expect(left.sessions.encoded == right.sessions.encoded, "seed \(seed), height \(height)")
            #expect(left.executedCommands == right.executedCommands)
            if random.chance(oneIn: 20) {
                right = Execution(
                    machine: left.machine,
                    sessions: left.sessions,
                    executed: left.executed,
                    executedCommands: left.executedCommands
                )
            }
        }
        #expect(left.machine.stateDigest == right.machine.stateDigest, "seed \(seed)")
        #expect(left.executedCommands > 50, "seed \(seed)")
    }

    /// Commands of sessions that were opened lately, some of them evicted by now, with numbers around the window's edges.
    static func randomCommands(_ opened: [SessionID], _ random: inout SplitMix64) -> [Command] {
        (0..<random.below(8)).map { _ in
            guard !opened.isEmpty, !random.chance(oneIn: 16) else { return .openSession(nonce: random.next()) }
            let key: [UInt8] = [UInt8(random.below(5))]
            let body =
                random.chance(oneIn: 5)
                ? random.bytes(fewerThan: 20)
                : KeyValueCommand.put(key: key, value: random.bytes(fewerThan: 50)).encoded
            let used = opened[opened.count - 1 - random.below(min(opened.count, 6))]
            return command(used, UInt64(random.below(20)), body)
        }
    }
}
