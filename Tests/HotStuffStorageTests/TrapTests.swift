import HotStuff
import HotStuffStorage
import Testing

/// An application that one command brings down.
private struct TrappingMachine: StateMachine {
    static let poison: [UInt8] = [0xBD]

    private(set) var executed: [CommandKey] = []

    mutating func execute(_ commands: [Command], at block: BlockContext) -> [Reply] {
        commands.map { command in
            precondition(command.body != TrappingMachine.poison, "a command that brings the application down")
            executed.append(command.key)
            return Reply(command.body)
        }
    }
}

@Suite("an application that traps", .serialized)
struct TrapTests {
    private static let session = SessionID(height: Height(1), position: 0)

    private static func command(_ sequence: UInt64, _ body: [UInt8]) -> Command {
        Command(key: CommandKey(session: session, sequence: sequence), body: body)
    }

    private static let poisoned = command(2, TrappingMachine.poison)

    /// Starts a replica over a directory, whose journal has four final blocks; the third has the poison, as its second command.
    ///
    /// This is what the child processes do; they trap if nobody skips the poison.
    private static func replay(
        _ path: String,
        skipping keys: [CommandKey] = []
    ) throws -> RecoveredReplica<TrappingMachine, RealDisk> {
        let cluster = try TestCommittee()
        let blocks = cluster.chain([
            [.openSession(nonce: 1)], [command(7, [7]), command(8, [8])],
            [command(1, [1]), poisoned, command(3, [3])], [command(4, [4])], [], [], [],
        ])
        let disk = try RealDisk(path: path, createIfMissing: true)
        let witness = try ExecutionRecorder(on: disk)
        func recover() throws -> RecoveredReplica<TrappingMachine, RealDisk> {
            var verifier = cluster.verifier
            return try RecoveredReplica.recover(
                on: disk,
                identity: JournalIdentity(
                    chain: cluster.committee.chain,
                    validator: cluster.committee.validators.validators[0]
                ),
                configuration: JournalConfiguration(durability: .processCrash, maximumBatchBytes: 1 << 20),
                committee: cluster.committee,
                machine: TrappingMachine(),
                parameters: cluster.parameters,
                verifier: &verifier,
                supervision: ExecutionSupervision(skipped: SkippedCommands(keys), witness: witness)
            )
        }
        var isNew = false
        do {
            let recovered = try recover()
            isNew = recovered.journal.opening.isNew
            guard isNew else { return recovered }
            var journal = recovered.journal
            for index in blocks.indices {
                _ = try journal.append([JournalRecord.block(blocks[index]).encoded])
                guard index >= 3 else { continue }
                let final = blocks[index - 3]
                _ = try journal.append([JournalRecord.commit(height: final.height, block: final.id).encoded])
            }
        }
        return try recover()
    }

    private func recorder(_ directory: TemporaryDirectory) throws -> ExecutionRecorder<RealDisk> {
        try ExecutionRecorder(on: RealDisk(path: directory.path, createIfMissing: false))
    }

    @Test("three crashes at a replay name the command, and the replay that skips it goes to the end, as all later ones")
    func trap() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.path
        for crash in 1...3 {
            await #expect(processExitsWith: .failure) { [path = path as String] in
                _ = try? TrapTests.replay(path)
            }
            let recorder = try recorder(directory)
            #expect(recorder.suspectHeight == Height(3), "crash \(crash)")
            let found = recorder.poisoned
            #expect((found != nil) == (crash == 3), "crash \(crash)")
            guard let found else { continue }
            #expect(found.height == Height(3))
            #expect(found.command.key == Self.poisoned.key && found.command.index == 1)
            #expect(found.command.digest == Self.poisoned.digest)
        }
        var states: [ExecutedState] = []
        for _ in 0..<2 {
            let recovered = try Self.replay(path, skipping: [Self.poisoned.key])
            #expect(recovered.execution.machine.executed.map(\.sequence) == [7, 8, 1, 3, 4])
            #expect(recovered.execution.result(for: Self.poisoned.key)?.outcome == .executed([]))
            states.append(recovered.execution.executed)
            #expect(try recorder(directory).suspectHeight == nil)
        }
        #expect(states[0] == states[1] && states[0].height == Height(4))
    }
}
