import HotStuff
import Testing

@Suite("Commands that nobody proposes")
struct RelayTests {
    static func make(_ number: UInt64, bytes: Int = 0) -> Command {
        CommandPoolTests.make(number, bytes: bytes)
    }

    /// A pool that a client gave command 1 at moment 100 and command 2 at moment 200.
    static func waiting() -> CommandPool {
        var pool = CommandPoolTests.pool()
        #expect(pool.insert(make(1), at: Instant(100), origin: .client) == .accepted)
        #expect(pool.insert(make(2), at: Instant(200), origin: .client) == .accepted)
        return pool
    }

    static func take(_ pool: inout CommandPool, at now: UInt64, bytes: Int = 10_000) -> [UInt64] {
        pool.takeForRelay(at: Instant(now), after: 50, maximumBytes: bytes).map(\.key.sequence)
    }

    @Test("an empty pool has nothing to relay")
    func nothing() {
        var pool = CommandPoolTests.pool()
        #expect(pool.nextRelay(after: 50) == nil)
        #expect(Self.take(&pool, at: .max).isEmpty)
    }

    @Test("a client's command is due after the delay, and is taken once")
    func once() {
        var pool = Self.waiting()
        #expect(pool.nextRelay(after: 50) == Instant(150))
        #expect(Self.take(&pool, at: 149).isEmpty)
        #expect(Self.take(&pool, at: 150) == [1])
        #expect(pool.nextRelay(after: 50) == Instant(250))
        #expect(Self.take(&pool, at: 1_000) == [2])
        #expect(pool.nextRelay(after: 50) == nil)
        #expect(Self.take(&pool, at: 1_000).isEmpty)
        #expect(pool.count == 2)
    }

    @Test("a command that was proposed or committed is not relayed")
    func proposed() {
        var pool = Self.waiting()
        pool.markProposed([Self.make(1), Self.make(9)])
        #expect(pool.nextRelay(after: 50) == Instant(250))
        pool.commit([Self.make(2)])
        #expect(pool.nextRelay(after: 50) == nil)
        #expect(Self.take(&pool, at: 9_999).isEmpty)
    }

    @Test("a command whose proposal failed waits anew, but is not relayed twice")
    func unproposed() {
        var pool = Self.waiting()
        pool.markProposed([Self.make(1), Self.make(2)])
        #expect(pool.nextRelay(after: 50) == nil)
        pool.markUnproposed([Self.make(1), Self.make(9)], at: Instant(700))
        pool.markUnproposed([Self.make(1)], at: Instant(720))
        #expect(pool.nextRelay(after: 50) == Instant(750))
        #expect(Self.take(&pool, at: 750) == [1])
        pool.markProposed([Self.make(1)])
        pool.markUnproposed([Self.make(1)], at: Instant(800))
        #expect(pool.nextRelay(after: 50) == nil)
    }

    @Test("another replica's command is not relayed, unless a client brings it too")
    func origins() {
        var pool = CommandPoolTests.pool()
        #expect(pool.insert(Self.make(1), at: Instant(100), origin: .replica) == .accepted)
        #expect(pool.nextRelay(after: 50) == nil)
        pool.markUnproposed([Self.make(1)], at: Instant(100))
        #expect(pool.nextRelay(after: 50) == nil)
        #expect(pool.insert(Self.make(1), at: Instant(200), origin: .client) == .alreadyPending)
        #expect(pool.insert(Self.make(1), at: Instant(210), origin: .client) == .alreadyPending)
        #expect(pool.insert(Self.make(1), at: Instant(220), origin: .replica) == .alreadyPending)
        #expect(pool.nextRelay(after: 50) == Instant(250))
        #expect(Self.take(&pool, at: 250) == [1])
        #expect(pool.insert(Self.make(1), at: Instant(300), origin: .client) == .alreadyPending)
        #expect(pool.nextRelay(after: 50) == nil)
    }

    @Test("what does not fit a message stays due; what fits none is given up")
    func bytes() {
        var pool = CommandPoolTests.pool()
        for command in [Self.make(1, bytes: 76), Self.make(2, bytes: 900), Self.make(3, bytes: 1), Self.make(4)] {
            #expect(pool.insert(command, at: Instant(100), origin: .client) == .accepted)
        }
        #expect(Self.take(&pool, at: 150, bytes: 104 + 24) == [1])
        #expect(pool.nextRelay(after: 50) == Instant(150))
        #expect(Self.take(&pool, at: 150, bytes: 53) == [3, 4])
        #expect(pool.nextRelay(after: 50) == nil)
        #expect(pool.count == 4)
    }

    @Test("the ends of time neither trap nor reorder")
    func endsOfTime() {
        var pool = CommandPoolTests.pool()
        #expect(pool.insert(Self.make(1), at: Instant(.max), origin: .client) == .accepted)
        #expect(pool.insert(Self.make(2), at: Instant(0), origin: .client) == .accepted)
        #expect(pool.nextRelay(after: .max) == Instant(.max))
        #expect(pool.takeForRelay(at: Instant(.max), after: .max, maximumBytes: 99).map(\.key.sequence) == [1, 2])
        #expect(pool.takeForRelay(at: Instant(.max), after: .max, maximumBytes: .min + 4).isEmpty)
    }
}
