import HotStuff
import Testing

@Suite("The session table")
struct SessionTableTests {
    static func table(sessions: Int = 8, window: Int = 16, bytes: Int = 10_000) -> SessionTable {
        SessionTable(limits: SessionLimits(sessionCount: sessions, windowWidth: window, resultByteCount: bytes))
    }

    static func key(_ session: SessionID, _ sequence: UInt64) -> CommandKey {
        CommandKey(session: session, sequence: sequence)
    }

    static func result(_ key: CommandKey, height: UInt64 = 5, replyByteCount: Int = 0) -> CommandResult {
        let reply = [UInt8](repeating: 1, count: replyByteCount)
        return CommandResult(
            key: key,
            command: Command(key: key, body: reply).digest,
            height: Height(height),
            outcome: .executed(reply)
        )
    }

    @Test("a session that was never opened is unknown")
    func unknown() {
        var table = Self.table()
        #expect(table.admit(Self.key(session(1), 1)) == .refused(.unknownSession))
        #expect(table.admit(Self.key(.none, 1)) == .refused(.unknownSession))
        #expect(table.result(for: Self.key(session(1), 1)) == nil)
        #expect(!table.contains(session(1)) && table.count == 0)
    }

    @Test("a number is fresh once, then has the result that was kept")
    func duplicate() {
        var table = Self.table()
        table.open(session(1))
        let key = Self.key(session(1), 3)
        #expect(table.result(for: key) == nil)
        #expect(table.admit(key) == .fresh)
        table.remember(Self.result(key, height: 7, replyByteCount: 4))
        #expect(table.admit(key) == .executed(Self.result(key, height: 7, replyByteCount: 4)))
        #expect(table.result(for: key) == Self.result(key, height: 7, replyByteCount: 4))
    }

    @Test("numbers may come in any order within the window", arguments: 0..<10 as Range<UInt64>)
    func outOfOrder(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var table = Self.table(window: 64)
        table.open(session(1))
        let numbers = (1...64 as ClosedRange<UInt64>).shuffled(using: &random)
        for number in numbers { #expect(table.admit(Self.key(session(1), number)) == .fresh, "seed \(seed)") }
        for number in numbers {
            guard case .executed = table.admit(Self.key(session(1), number)) else {
                Issue.record("seed \(seed): number \(number) ran twice")
                return
            }
        }
    }

    @Test(
        "a number beyond the window, or 0, or the last there is, is out of range and changes nothing",
        arguments: [0, 17, 4_096, .max - 1, .max] as [UInt64]
    )
    func outOfRange(number: UInt64) {
        var table = Self.table(window: 16)
        table.open(session(1))
        let before = table.encoded
        #expect(table.admit(Self.key(session(1), number)) == .refused(.sequenceOutOfRange))
        #expect(table.result(for: Self.key(session(1), number)) == nil)
        #expect(table.encoded == before)
        #expect(table.admit(Self.key(session(1), 16)) == .fresh)
    }

    @Test("a number that fell out of the window is out of range, whether it ran or not")
    func belowWindow() {
        var table = Self.table(window: 16)
        table.open(session(1))
        for number in [1, 16, 18] as [UInt64] {
            #expect(table.admit(Self.key(session(1), number)) == .fresh)
            table.remember(Self.result(Self.key(session(1), number)))
        }
        #expect(table.admit(Self.key(session(1), 1)) == .refused(.sequenceOutOfRange))
        #expect(table.admit(Self.key(session(1), 2)) == .refused(.sequenceOutOfRange))
        #expect(table.result(for: Self.key(session(1), 1)) == nil)
        #expect(table.admit(Self.key(session(1), 3)) == .fresh)
    }

    @Test("a full table evicts the session whose last use is the oldest")
    func eviction() {
        var table = Self.table(sessions: 3)
        for position in 0..<3 as Range<UInt32> { table.open(session(1, position)) }
        #expect(table.admit(Self.key(session(1, 0), 1)) == .fresh)
        table.open(session(2))
        #expect(table.count == 3)
        #expect(table.contains(session(1, 0)) && !table.contains(session(1, 1)) && table.contains(session(1, 2)))
        // A refused command and a repeated one are uses too; a question is not.
        #expect(table.admit(Self.key(session(1, 2), 999)) == .refused(.sequenceOutOfRange))
        _ = table.result(for: Self.key(session(1, 0), 1))
        table.open(session(3))
        #expect(!table.contains(session(1, 0)) && table.contains(session(1, 2)) && table.contains(session(2)))
    }

    @Test("the first command of an evicted session is refused when it is replayed")
    func replayAfterEviction() {
        var table = Self.table(sessions: 1)
        table.open(session(1))
        let first = Self.key(session(1), 1)
        #expect(table.admit(first) == .fresh)
        table.open(session(2))
        table.remember(Self.result(first))
        #expect(table.admit(first) == .refused(.unknownSession))
        #expect(table.result(for: first) == nil)
        #expect(table.admit(Self.key(session(2), 1)) == .fresh)
    }

    @Test("the oldest results are forgotten when the bytes run out, and say so without naming a command")
    func forgetting() {
        var table = Self.table(bytes: 3 * (ResultCache.overheadByteCount + 10))
        table.open(session(1))
        let keys = [5, 2, 9, 1].map { Self.key(session(1), $0) }
        for key in keys {
            #expect(table.admit(key) == .fresh)
            table.remember(Self.result(key, replyByteCount: 10))
        }
        let forgotten = CommandResult(key: keys[0], command: .zero, height: .genesis, outcome: .replyForgotten)
        #expect(table.admit(keys[0]) == .executed(forgotten))
        #expect(table.result(for: keys[0]) == forgotten)
        for key in keys[1...] { #expect(table.admit(key) == .executed(Self.result(key, replyByteCount: 10))) }
    }

    @Test("a cache never holds more than its bytes, and a result too long for it drives out no other")
    func cacheBound() {
        let overhead = ResultCache.overheadByteCount
        var cache = ResultCache(maximumByteCount: 1_000, windowWidth: 1_024)
        func insert(_ number: UInt64, _ bytes: Int) {
            cache.insert(Self.result(Self.key(session(1), number), replyByteCount: bytes))
        }
        insert(1, 100)
        insert(2, 1_001 - overhead)
        #expect(cache[1] != nil && cache[2] == nil && cache.byteCount == overhead + 100)
        insert(3, 1_000 - overhead)
        #expect(cache[1] == nil && cache[3] != nil && cache.byteCount == 1_000 && cache.count == 1)
        var random = SplitMix64(seed: 1)
        for number in 4..<500 as Range<UInt64> {
            insert(number, random.below(300))
            #expect(cache[number] != nil && cache.byteCount <= 1_000 && cache.count <= 1_000 / overhead)
        }
    }

    @Test("tables with the same history encode alike, in whatever order their dictionaries hold them")
    func encoding() {
        func run(_ seed: UInt64) -> SessionTable {
            var random = SplitMix64(seed: seed)
            var table = Self.table(sessions: 5, bytes: 600)
            for height in 1...400 as ClosedRange<UInt64> {
                if random.chance(oneIn: 4) { table.open(session(height)) }
                let used = session(1 + UInt64(random.below(Int(height))))
                let key = Self.key(used, UInt64(random.below(40)))
                if table.admit(key) == .fresh { table.remember(Self.result(key, height: height, replyByteCount: 20)) }
            }
            return table
        }
        #expect(run(1).encoded == run(1).encoded)
        #expect(run(1).encoded != run(2).encoded)
    }

    @Test(
        "a cache finds what it keeps under numbers that leap, as long as they are no window apart",
        arguments: 0..<10 as Range<UInt64>
    )
    func leaps(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let width = 1 + random.below(300)
        var window = SequenceWindow(width: width)
        var cache = ResultCache(maximumByteCount: 20 * ResultCache.overheadByteCount, windowWidth: width)
        var kept: [UInt64] = []
        for _ in 0..<600 {
            let lowest = window.highest > UInt64(width) ? window.highest - UInt64(width) : 0
            let number = lowest + UInt64(random.below(2 * width + 2))
            if window.judge(number) == .fresh {
                window.use(number)
                cache.insert(Self.result(Self.key(session(1), number)))
                kept = Array((kept + [number]).suffix(20))
            }
            #expect(cache.count == kept.count)
            for number in lowest..<window.highest + 3 where window.judge(number) == .used {
                #expect((cache[number]?.key.sequence == number) == kept.contains(number))
            }
        }
    }
}
