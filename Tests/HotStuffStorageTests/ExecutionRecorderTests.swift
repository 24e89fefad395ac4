import HotStuff
import HotStuffSimulator
import HotStuffStorage
import Testing

@Suite("the mark of the command that is being executed")
struct ExecutionRecorderTests {
    private let disk = SimulatedDisk(keepsLog: true)

    private func command(_ number: UInt64, index: Int = 0) -> WitnessedCommand {
        let key = CommandKey(session: SessionID(height: Height(1), position: 0), sequence: number)
        return WitnessedCommand(key: key, digest: Digest.hash(of: [UInt8(number)]), index: index)
    }

    /// What a process finds that is started after another one ended, however it did.
    private func restart() throws -> ExecutionRecorder<SimulatedDisk> {
        disk.killProcess()
        return try ExecutionRecorder(on: disk)
    }

    @Test("a block costs one write, and nothing is synced; when there is nothing to do, nothing is suspected")
    func cheap() throws {
        let recorder = try restart()
        #expect(recorder.suspectHeight == nil && recorder.poisoned == nil)
        _ = disk.takeLog()
        for height in 1...10 as ClosedRange<UInt64> {
            #expect(!recorder.willExecute(100, from: command(height), at: Height(height)))
            recorder.didExecute(at: Height(height))
        }
        #expect(disk.takeLog() == Array(repeating: "write executing", count: 10))
        recorder.rest()
        recorder.rest()
        #expect(disk.takeLog() == ["write executing"])
        #expect(try restart().suspectHeight == nil)
    }

    @Test("a crash in a block has it executed command by command; two crashes on one command of it name the command")
    func poisons() throws {
        var recorder = try restart()
        #expect(!recorder.willExecute(3, from: command(1), at: Height(5)))
        for attempt in 1...2 as ClosedRange<UInt32> {
            recorder = try restart()
            #expect(recorder.suspectHeight == Height(5), "attempt \(attempt)")
            #expect(recorder.poisoned == nil, "attempt \(attempt)")
            // The replay goes over an earlier block again.
            #expect(!recorder.willExecute(2, from: command(9), at: Height(4)))
            recorder.didExecute(at: Height(4))
            #expect(recorder.willExecute(3, from: command(1), at: Height(5)))
            for index in 0...1 { recorder.willExecute(command(UInt64(index + 1), index: index), at: Height(5)) }
        }
        recorder = try restart()
        #expect(recorder.poisoned?.command == command(2, index: 1))
        #expect(recorder.poisoned?.height == Height(5))
        #expect(try restart().poisoned != nil, "to look does not change it")
    }

    @Test("two crashes are enough for the only command of a block")
    func single() throws {
        for attempt in 0..<2 {
            let recorder = try restart()
            #expect(recorder.poisoned == nil, "attempt \(attempt)")
            #expect(recorder.willExecute(1, from: command(3), at: Height(2)))
            recorder.willExecute(command(3), at: Height(2))
        }
        #expect(try restart().poisoned?.command == command(3))
    }

    @Test("a crash on another command, or at another height, begins to count anew")
    func another() throws {
        for (height, number) in [(2, 3), (2, 4), (2, 3), (7, 3), (2, 3)] as [(UInt64, UInt64)] {
            let recorder = try restart()
            #expect(recorder.poisoned == nil)
            recorder.willExecute(command(number), at: Height(height))
        }
        #expect(try restart().poisoned == nil)
    }

    @Test("a block that turned out well is no longer suspected, also after a loss of power")
    func recovers() throws {
        try restart().willExecute(command(3), at: Height(2))
        let recorder = try restart()
        recorder.willExecute(command(3), at: Height(2))
        recorder.didExecute(at: Height(2))
        #expect(recorder.suspectHeight == nil)
        disk.losePowerAndEverythingUnsynced()
        #expect(try ExecutionRecorder(on: disk).poisoned == nil)
        #expect(try ExecutionRecorder(on: disk).suspectHeight == nil)
    }

    @Test("a damaged file says nothing, and a disk that fails stops nobody")
    func damaged() throws {
        for _ in 0..<2 { try restart().willExecute(command(3), at: Height(2)) }
        for offset in 0..<disk.byteCount(of: "executing") {
            disk.flip(bit: 1, at: offset, of: "executing")
            #expect(try restart().suspectHeight == nil, "byte \(offset)")
            disk.flip(bit: 1, at: offset, of: "executing")
        }
        #expect(try restart().poisoned != nil)
        let recorder = try restart()
        disk.inject(SimulatedDisk.Fault(operation: .write, code: 5))
        recorder.didExecute(at: Height(2))
        #expect(recorder.suspectHeight == nil)
    }
}

@Suite("the list of skipped commands")
struct SkipListTests {
    private let keys = (1...3).map { CommandKey(session: SessionID(height: Height($0), position: 0), sequence: $0) }

    @Test("what is added stays, survives everything, and adds up")
    func adds() throws {
        let disk = SimulatedDisk()
        #expect(try SkipList(on: disk).read() == .none)
        #expect(try SkipList(on: disk).add(.none) == .none)
        #expect(disk["skipped"] == nil)
        #expect(try SkipList(on: disk).add(SkippedCommands([keys[2]])).keys == [keys[2]])
        #expect(try SkipList(on: disk).add(SkippedCommands([keys[0], keys[2]])).keys == [keys[0], keys[2]])
        disk.losePowerAndEverythingUnsynced()
        #expect(try SkipList(on: disk).read().keys == [keys[0], keys[2]])
    }

    @Test("a damaged list is refused: a replica that executed what it had skipped would differ from itself")
    func damaged() throws {
        let disk = SimulatedDisk()
        _ = try SkipList(on: disk).add(SkippedCommands(keys))
        for offset in 0..<disk.byteCount(of: "skipped") {
            disk.flip(bit: 1, at: offset, of: "skipped")
            #expect(throws: SkipListError.damaged(path: "/simulated/skipped"), "byte \(offset)") {
                try SkipList(on: disk).add(SkippedCommands(keys))
            }
            disk.flip(bit: 1, at: offset, of: "skipped")
        }
        #expect(try SkipList(on: disk).read().keys == keys)
    }

    @Test("a list has an end")
    func tooMany() throws {
        let disk = SimulatedDisk()
        let session = SessionID(height: Height(1), position: 0)
        let most = UInt64(SkipList<SimulatedDisk>.maximumCount)
        let many = SkippedCommands((1...most).map { CommandKey(session: session, sequence: $0) })
        #expect(try SkipList(on: disk).add(many) == many)
        #expect(try SkipList(on: disk).read() == many)
        #expect(throws: SkipListError.tooMany(path: "/simulated/skipped")) {
            try SkipList(on: disk).add(SkippedCommands([CommandKey(session: session, sequence: most + 1)]))
        }
    }
}
