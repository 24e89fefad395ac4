import HotStuff
import Testing

@Suite("An executor")
struct ExecutorTests {
    private func position(_ value: UInt64) -> JournalPosition { JournalPosition(value) }

    @Test("tells nothing before the commit is durable, then everything up to it, in order, once")
    func order() {
        var executor = Executor(ExecutionTests.opened())
        let first = [command(session(1), 1, [1]), command(session(1), 2, [2])]
        let second = [command(session(1), 3, [3])]
        let third = [command(session(1), 4, [4])]
        let executed = executor.execute(makeBlock(height: 2, first), committedAt: position(5))
        #expect(executed.height == Height(2))
        #expect(executed == executor.execution.executed)
        _ = executor.execute(makeBlock(height: 3, second), committedAt: position(7))
        _ = executor.execute(makeBlock(height: 4), committedAt: position(8))
        _ = executor.execute(makeBlock(height: 5, third), committedAt: position(9))
        #expect(executor.takeResults().isEmpty)
        executor.journalIsDurable(through: position(4))
        #expect(executor.takeResults().isEmpty)
        executor.journalIsDurable(through: position(7))
        #expect(executor.takeResults().map(\.key) == (first + second).map(\.key))
        #expect(executor.takeResults().isEmpty)
        executor.journalIsDurable(through: position(9))
        #expect(executor.takeResults().map(\.outcome) == [.executed([4])])
        #expect(executor.takeResults().isEmpty)
    }

    @Test("tells at once what is executed after its commit became durable, and never unlearns what is durable")
    func durableFirst() {
        var executor = Executor(ExecutionTests.opened())
        executor.journalIsDurable(through: position(9))
        executor.journalIsDurable(through: position(3))
        _ = executor.execute(makeBlock(height: 2, [command(session(1), 1)]), committedAt: position(9))
        #expect(executor.takeResults().count == 1)
    }

    @Test("tells openings again, those of its life and those from before it")
    func openings() throws {
        let old = Command.openSession(nonce: 1)
        let new = Command.openSession(nonce: 2)
        var before = Execution(machine: RecordingMachine())
        let told = before.execute(makeBlock(height: 1, [old]))
        var executor = Executor(before, openings: told)
        _ = executor.execute(makeBlock(height: 2, [new]), committedAt: position(1))
        #expect(executor.answer([old]).known == told)
        #expect(executor.answer([new]).known.isEmpty)
        executor.journalIsDurable(through: position(1))
        let results = executor.takeResults()
        let answer = executor.answer([new, old])
        #expect(answer.known == results + told)
        #expect(answer.forgotten.isEmpty)
    }

    @Test("what is executed but not told yet is neither known nor forgotten")
    func unreported() {
        var executor = Executor(ExecutionTests.opened())
        let waiting = command(session(1), 1, [1])
        let unknown = command(session(1), 2, [2])
        _ = executor.execute(makeBlock(height: 2, [waiting]), committedAt: position(3))
        let early = executor.answer([waiting, unknown])
        #expect(early.known.isEmpty)
        #expect(early.forgotten == [unknown])
        executor.journalIsDurable(through: position(3))
        #expect(executor.answer([waiting]).known.isEmpty, "durable, but not taken yet")
        let results = executor.takeResults()
        let late = executor.answer([waiting, unknown])
        #expect(late.known == results)
        #expect(late.forgotten == [unknown])
    }
}
