import HotStuff
import Testing

@Suite("The command pool")
struct CommandPoolTests {
    static let now = Instant(1_000)

    static func pool(count: Int = 100, bytes: Int = 100_000, remembered: Int = 100) -> CommandPool {
        CommandPool(maximumCount: count, maximumBytes: bytes, rememberedCount: remembered)
    }

    private static func keys(_ sequences: UInt64...) -> KeyPages {
        var keys = KeyPages()
        for sequence in sequences { keys[make(sequence).key] = 1 }
        return keys
    }

    /// Command number n of one session, with a body of so many bytes.
    static func make(_ number: UInt64, bytes: Int = 0) -> Command {
        command(session(1), number, Array(repeating: UInt8(truncatingIfNeeded: number), count: bytes))
    }

    static func filled(_ commands: [Command]) -> CommandPool {
        var pool = pool()
        for command in commands { #expect(pool.insert(command, at: now, origin: .client) == .accepted) }
        return pool
    }

    @Test("a new command is accepted and counted")
    func accepted() {
        var pool = Self.pool()
        #expect(pool.isEmpty && pool.count == 0 && pool.byteCount == 0)
        #expect(pool.insert(Self.make(1, bytes: 10), at: Self.now, origin: .client) == .accepted)
        #expect(pool.insert(Self.make(2), at: Self.now, origin: .replica) == .accepted)
        #expect(!pool.isEmpty && pool.count == 2)
        #expect(pool.byteCount == 34 + 24)
    }

    @Test("a second command with the key of the first is not taken, whatever its body")
    func alreadyPending() {
        var pool = Self.filled([Self.make(1, bytes: 3)])
        #expect(pool.insert(Self.make(1, bytes: 3), at: Self.now, origin: .client) == .alreadyPending)
        #expect(pool.insert(Self.make(1, bytes: 9), at: Self.now, origin: .replica) == .alreadyPending)
        #expect(pool.batch(maximumCount: 9, maximumBytes: 999, excluding: KeyPages()) == [Self.make(1, bytes: 3)])
        #expect(pool.byteCount == 27)
    }

    @Test("the key of a committed command is remembered, even if the command never was here")
    func alreadyCommitted() {
        var pool = Self.filled([Self.make(1)])
        pool.commit([Self.make(1), Self.make(2)])
        #expect(pool.isEmpty && pool.byteCount == 0)
        #expect(pool.insert(Self.make(1), at: Self.now, origin: .client) == .alreadyCommitted)
        #expect(pool.insert(Self.make(2, bytes: 5), at: Self.now, origin: .replica) == .alreadyCommitted)
    }

    @Test("a committed key is taken again if that is asked for, and once")
    func again() {
        var pool = Self.pool()
        pool.commit([Self.make(1)])
        #expect(pool.insert(Self.make(1), at: Self.now, origin: .client, again: true) == .accepted)
        #expect(pool.insert(Self.make(1), at: Self.now, origin: .client, again: true) == .alreadyPending)
        #expect(pool.batch(maximumCount: 9, maximumBytes: 999, excluding: KeyPages()) == [Self.make(1)])
    }

    @Test("only the last committed keys are remembered, and a repeated one takes no second place")
    func remembering() {
        var pool = Self.pool(remembered: 3)
        pool.commit([1, 2, 2, 3].map { Self.make($0) })
        #expect(pool.insert(Self.make(1), at: Self.now, origin: .client) == .alreadyCommitted)
        pool.commit([Self.make(4)])
        #expect(pool.insert(Self.make(1), at: Self.now, origin: .client) == .accepted)
        for number in 2...4 as ClosedRange<UInt64> {
            #expect(pool.insert(Self.make(number), at: Self.now, origin: .client) == .alreadyCommitted)
        }
        pool.commit([5, 6, 7].map { Self.make($0) })
        #expect(pool.insert(Self.make(4), at: Self.now, origin: .client) == .accepted)
    }

    @Test("a pool that remembers nothing takes a committed command again")
    func rememberingNothing() {
        var pool = Self.pool(remembered: 0)
        pool.commit([Self.make(1)])
        #expect(pool.insert(Self.make(1), at: Self.now, origin: .client) == .accepted)
    }

    @Test("the remembered keys are exactly the last distinct ones", arguments: 0..<10 as Range<UInt64>)
    func ringModel(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var pool = Self.pool(remembered: 8)
        var model: [CommandKey] = []
        for _ in 0..<500 {
            let key = Self.make(UInt64(random.below(24))).key
            pool.commit([Command(key: key, body: [])])
            if !model.contains(key) { model = Array((model + [key]).suffix(8)) }
            for number in 0..<24 as Range<UInt64> {
                let key = Self.make(number).key
                var copy = pool
                let isKnown =
                    copy.insert(Command(key: key, body: []), at: Self.now, origin: .client) == .alreadyCommitted
                #expect(isKnown == model.contains(key), "seed \(seed)")
            }
            #expect(pool.rememberedCount == model.count)
        }
    }

    @Test("a pool with its number of commands is full, until one is committed")
    func fullByCount() {
        var pool = Self.pool(count: 2)
        #expect(pool.insert(Self.make(1), at: Self.now, origin: .client) == .accepted)
        #expect(pool.insert(Self.make(2), at: Self.now, origin: .client) == .accepted)
        #expect(pool.insert(Self.make(3), at: Self.now, origin: .client) == .full)
        #expect(pool.insert(Self.make(2), at: Self.now, origin: .client) == .alreadyPending)
        pool.commit([Self.make(1)])
        #expect(pool.insert(Self.make(3), at: Self.now, origin: .client) == .accepted)
        #expect(pool.count == 2)
    }

    @Test("a pool whose bytes would exceed their bound is full; exactly the bound fits")
    func fullByBytes() {
        var pool = Self.pool(bytes: 100)
        #expect(pool.insert(Self.make(1, bytes: 77), at: Self.now, origin: .client) == .full)
        #expect(pool.insert(Self.make(1, bytes: 20), at: Self.now, origin: .client) == .accepted)
        #expect(pool.insert(Self.make(2, bytes: 33), at: Self.now, origin: .client) == .full)
        #expect(pool.insert(Self.make(2, bytes: 32), at: Self.now, origin: .client) == .accepted)
        #expect(pool.byteCount == 100)
    }

    @Test("a batch holds the oldest commands, first in first out, and leaves them in the pool")
    func batchOrder() {
        var pool = Self.filled((1...5).map { Self.make($0) })
        #expect(
            pool.batch(maximumCount: 3, maximumBytes: 9_999, excluding: KeyPages()).map(\.key.sequence) == [1, 2, 3]
        )
        pool.commit([Self.make(2)])
        #expect(
            pool.batch(maximumCount: 9, maximumBytes: 9_999, excluding: KeyPages()).map(\.key.sequence) == [1, 3, 4, 5]
        )
        #expect(pool.insert(Self.make(6), at: Self.now, origin: .replica) == .accepted)
        #expect(
            pool.batch(maximumCount: 9, maximumBytes: 9_999, excluding: Self.keys(1, 4))
                .map(\.key.sequence) == [3, 5, 6]
        )
        #expect(pool.count == 5)
        #expect(pool.batch(maximumCount: 0, maximumBytes: 9_999, excluding: KeyPages()).isEmpty)
    }

    @Test("a batch is a payload of at most its bytes, and ends at the first command that does not fit the rest")
    func batchBytes() {
        let pool = Self.filled([Self.make(1, bytes: 6), Self.make(2, bytes: 26), Self.make(3, bytes: 1)])
        func sequences(_ bytes: Int) -> [UInt64] {
            let batch = pool.batch(maximumCount: 9, maximumBytes: bytes, excluding: KeyPages())
            #expect(batch.isEmpty || Payload(batch).encodedSize <= bytes)
            return batch.map(\.key.sequence)
        }
        #expect(sequences(4 + 30 + 50 + 25) == [1, 2, 3])
        #expect(sequences(4 + 30 + 50 + 24) == [1, 2])
        #expect(sequences(4 + 30 + 50) == [1, 2])
        #expect(sequences(4 + 30 + 49) == [1])
        #expect(sequences(0).isEmpty)
        #expect(sequences(.min + 4).isEmpty)
    }

    @Test("a command that no block can hold does not block the others")
    func oversized() {
        let pool = Self.filled([Self.make(1, bytes: 500), Self.make(2), Self.make(3)])
        #expect(pool.batch(maximumCount: 9, maximumBytes: 200, excluding: KeyPages()).map(\.key.sequence) == [2, 3])
    }

    @Test("random traffic leaves what it leaves in a plain list", arguments: 0..<20 as Range<UInt64>)
    func model(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var pool = Self.pool(count: 40, bytes: 2_000, remembered: 16)
        var model: [Command] = []
        for step in 0..<600 {
            let next = Self.make(UInt64(random.below(200)), bytes: random.below(60))
            switch random.below(4) {
            case 0:
                let batch = pool.batch(maximumCount: 5, maximumBytes: 300, excluding: KeyPages())
                #expect(batch == Array(model.prefix(batch.count)), "seed \(seed), step \(step)")
                pool.commit(batch)
                model.removeFirst(batch.count)
            case 1 where random.chance(oneIn: 3):
                pool.commit([next])
                model.removeAll { $0.key == next.key }
            default:
                if pool.insert(next, at: Instant(UInt64(step)), origin: .client) == .accepted { model.append(next) }
            }
            #expect(pool.count == model.count && pool.count <= 40, "seed \(seed), step \(step)")
            #expect(pool.byteCount == model.reduce(0) { $0 + $1.encodedSize } && pool.byteCount <= 2_000)
        }
        #expect(pool.batch(maximumCount: .max, maximumBytes: 9_999, excluding: KeyPages()) == model, "seed \(seed)")
    }

    @Test(
        "knows of each key whether it waits and whether it was committed, whatever comes",
        arguments: 0..<20 as Range<UInt64>
    )
    func standings(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var pool = Self.pool(count: 12, remembered: 10)
        var pending: [UInt64] = []
        var committed: [UInt64] = []
        for _ in 0..<2_000 {
            let numbers = (0...random.below(4)).map { _ in UInt64(1 + random.below(40)) }
            switch random.below(5) {
            case 0, 1:
                let again = random.chance(oneIn: 3)
                for number in numbers {
                    let expected: Admission =
                        if pending.contains(number) { .alreadyPending } else if !again, committed.contains(number) {
                            .alreadyCommitted
                        } else if pending.count == 12 { .full } else { .accepted }
                    #expect(pool.insert(Self.make(number), at: Self.now, origin: .client, again: again) == expected)
                    if expected == .accepted { pending.append(number) }
                }
            case 2:
                pool.commit(numbers.map { Self.make($0) })
                pending.removeAll { numbers.contains($0) }
                for number in numbers where !committed.contains(number) {
                    committed = Array((committed + [number]).suffix(10))
                }
            case 3:
                pool.forget(numbers.map { Self.make($0) })
                pending.removeAll { numbers.contains($0) }
            default:
                let excluded = numbers.reduce(into: KeyPages()) { $0[Self.make($1).key] = 1 }
                let batch = pool.batch(maximumCount: 5, maximumBytes: 9_999, excluding: excluded)
                #expect(batch.map(\.key.sequence) == Array(pending.filter { !numbers.contains($0) }.prefix(5)))
            }
            #expect(pool.count == pending.count && pool.rememberedCount == committed.count)
            #expect(pool.byteCount == pending.count * Self.make(1).encodedSize)
        }
    }
}
