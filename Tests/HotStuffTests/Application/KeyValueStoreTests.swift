import HotStuff
import Testing

@Suite("The key-value store")
struct KeyValueStoreTests {
    static func store(_ pairs: [(String, String)]) -> KeyValueStore {
        var store = KeyValueStore()
        for (key, value) in pairs {
            #expect(store.apply(.put(key: utf8(key), value: utf8(value))) == .stored)
        }
        return store
    }

    static func list(
        _ store: inout KeyValueStore,
        _ prefix: String,
        after: String? = nil,
        limit: UInt32 = 1_000
    ) -> (keys: [String], more: Bool)? {
        guard
            case .entries(let entries, let more) = store.apply(
                .list(prefix: utf8(prefix), after: after.map(utf8), limit: limit)
            )
        else { return nil }
        return (entries.map { String(decoding: $0.key, as: UTF8.self) }, more)
    }

    @Test("put, get and delete do what they say")
    func basics() {
        var store = KeyValueStore()
        #expect(store.apply(.get(key: [1])) == .absent)
        #expect(store.apply(.put(key: [1], value: [2])) == .stored)
        #expect(store.apply(.get(key: [1])) == .value([2]))
        #expect(store.apply(.put(key: [1], value: [])) == .stored)
        #expect(store.apply(.get(key: [1])) == .value([]))
        #expect(store.count == 1 && store[[1]] == [])
        #expect(store.apply(.delete(key: [1])) == .deleted)
        #expect(store.apply(.delete(key: [1])) == .absent)
        #expect(store.count == 0 && store[[1]] == nil)
    }

    @Test("compare-and-swap changes a value only if it is the expected one")
    func compareAndSwap() {
        var store = KeyValueStore()
        func swap(_ expected: [UInt8]?, _ new: [UInt8]) -> KeyValueReply {
            store.apply(.compareAndSwap(key: [1], expected: expected, new: new))
        }
        #expect(swap([], [5]) == .notSwapped(current: nil))
        #expect(swap(nil, [5]) == .swapped)
        #expect(swap(nil, [6]) == .notSwapped(current: [5]))
        #expect(swap([4], [6]) == .notSwapped(current: [5]))
        #expect(swap([5], []) == .swapped)
        #expect(swap(nil, [6]) == .notSwapped(current: []))
        #expect(swap([], [7]) == .swapped)
        #expect(store[[1]] == [7])
    }

    @Test("a list holds the entries with the prefix, in order, and nothing beside them")
    func listPrefix() {
        var store = Self.store([("b", "1"), ("ab", "2"), ("a", "3"), ("aa", "4"), ("abc", "5"), ("ac", "6")])
        #expect(Self.list(&store, "")?.keys == ["a", "aa", "ab", "abc", "ac", "b"])
        #expect(Self.list(&store, "ab")?.keys == ["ab", "abc"])
        #expect(Self.list(&store, "x")?.keys == [])
        #expect(Self.list(&store, "ab", after: "ab")?.keys == ["abc"])
        #expect(Self.list(&store, "ab", after: "a")?.keys == ["ab", "abc"])
        #expect(Self.list(&store, "ab", after: "ac")?.keys == [])
        #expect(Self.list(&store, "", after: "")?.keys.count == 6)
        let entry = KeyValueEntry(key: utf8("b"), value: utf8("1"))
        #expect(store.apply(.list(prefix: utf8("b"), after: nil, limit: 1)) == .entries([entry], more: false))
    }

    @Test("pages joined give the whole list", arguments: [1, 2, 7, 99, 100, 101, 1_000] as [UInt32])
    func paging(limit: UInt32) {
        var store = Self.store((100..<200).map { ("key\($0)", "v") } + [("kez", "v"), ("a", "v")])
        var keys: [String] = []
        var more = true
        while more, let page = Self.list(&store, "key", after: keys.last, limit: limit) {
            #expect(page.keys.count <= Int(limit) && !page.keys.isEmpty)
            keys += page.keys
            more = page.more
        }
        #expect(keys == (100..<200).map { "key\($0)" })
    }

    @Test("a list stays within its bytes and says that there is more")
    func listBytes() {
        var store = KeyValueStore()
        let value = [UInt8](repeating: 1, count: 50_000)
        for number in 0..<10 as Range<UInt8> { _ = store.apply(.put(key: [number], value: value)) }
        guard case .entries(let entries, let more) = store.apply(.list(prefix: [], after: nil, limit: 1_000)) else {
            Issue.record("no entries")
            return
        }
        #expect(entries.count == 3 && more)
        #expect(KeyValueReply.entries(entries, more: more).encoded.count <= KeyValueReply.maximumListByteCount)
    }

    @Test("the longest entry fits a list alone, and the list fits a session's cache")
    func longestEntry() {
        let key = [UInt8](repeating: 1, count: KeyValueCommand.maximumKeyByteCount)
        let value = [UInt8](repeating: 2, count: KeyValueCommand.maximumValueByteCount)
        var store = KeyValueStore()
        #expect(store.apply(.put(key: key, value: value)) == .stored)
        let expected = KeyValueReply.entries([KeyValueEntry(key: key, value: value)], more: false)
        #expect(store.apply(.list(prefix: key, after: nil, limit: 1_000)) == expected)
        #expect(
            KeyValueReply.maximumListByteCount + ResultCache.overheadByteCount <= SessionLimits().resultByteCount
        )
    }

    @Test("a command that breaks a limit is answered as malformed and changes nothing")
    func limits() {
        var store = Self.store([("a", "1")])
        let longKey = [UInt8](repeating: 1, count: KeyValueCommand.maximumKeyByteCount + 1)
        let longValue = [UInt8](repeating: 1, count: KeyValueCommand.maximumValueByteCount + 1)
        let commands: [KeyValueCommand] = [
            .put(key: [], value: []), .put(key: longKey, value: []), .put(key: [1], value: longValue), .get(key: []),
            .get(key: longKey), .delete(key: []), .delete(key: longKey),
            .compareAndSwap(key: [], expected: nil, new: []), .compareAndSwap(key: longKey, expected: nil, new: []),
            .compareAndSwap(key: [1], expected: longValue, new: []),
            .compareAndSwap(key: [1], expected: nil, new: longValue), .list(prefix: longKey, after: nil, limit: 1),
            .list(prefix: [], after: longKey, limit: 1), .list(prefix: [], after: nil, limit: 0),
            .list(prefix: [], after: nil, limit: 1_001), .list(prefix: [], after: nil, limit: .max),
        ]
        for command in commands {
            #expect(command.fault != nil)
            #expect(store.apply(command) == .malformed)
            #expect(Self.execute(command.encoded, on: &store) == .malformed)
        }
        #expect(store.count == 1 && store[utf8("a")] == utf8("1"))
    }

    static func execute(_ body: [UInt8], on store: inout KeyValueStore) -> KeyValueReply? {
        let replies = store.execute(
            [command(session(1), 1, body)],
            at: BlockContext(height: Height(2), time: Timestamp(0))
        )
        return replies.first.flatMap { try? KeyValueReply(decoding: $0.body) }
    }

    @Test(
        "random and damaged bodies never trap, and whatever is no command is malformed",
        arguments: 0..<8 as Range<UInt64>
    )
    func malformed(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var store = KeyValueStore()
        for step in 0..<2_000 {
            var body = random.bytes(fewerThan: 30)
            switch random.below(3) {
            case 0: body.insert(UInt8(random.below(7)), at: 0)
            case 1:
                body = KeyValueCommand.compareAndSwap(key: [1], expected: [2], new: body).encoded
                body[random.below(body.count)] = UInt8(random.below(256))
                body.removeLast(random.below(3))
            default: break
            }
            let reply = Self.execute(body, on: &store)
            #expect(reply != nil, "seed \(seed), step \(step)")
            let isCommand = (try? KeyValueCommand(decoding: body)).map { $0.fault == nil } ?? false
            #expect((reply == .malformed) == !isCommand, "seed \(seed), step \(step)")
        }
        #expect(Self.execute([], on: &store) == .malformed)
        #expect(Self.execute([1, 255, 255, 255, 255], on: &store) == .malformed)
        #expect(Self.execute(KeyValueCommand.get(key: [1]).encoded + [0], on: &store) == .malformed)
    }

    @Test("the state digest follows from the entries alone, not from how they came to be")
    func stateDigest() {
        let pairs = (0..<700).map { ("key\($0)", "value\($0)") }
        var left = Self.store(pairs)
        var right = Self.store(pairs.reversed())
        #expect(left.stateDigest == right.stateDigest)
        #expect(left.stateDigest != KeyValueStore().stateDigest)
        _ = left.apply(.put(key: utf8("key5"), value: utf8("value")))
        #expect(left.stateDigest != right.stateDigest)
        _ = right.apply(.put(key: utf8("extra"), value: []))
        _ = right.apply(.delete(key: utf8("extra")))
        _ = right.apply(.put(key: utf8("key5"), value: utf8("value")))
        #expect(left.stateDigest == right.stateDigest)
        #expect(Self.store([("ab", "c")]).stateDigest != Self.store([("a", "bc")]).stateDigest)
    }

    @Test("the state digest is the domain's hash of the entries in a row")
    func stateDigestByHand() {
        struct Entries: BorshEncodable {
            let entries: [KeyValueEntry]
            func encode(into encoder: inout BorshEncoder) { for entry in entries { encoder.append(entry) } }
        }
        let pairs = (1_000..<2_000).map { ("key\($0)", "a value of some length \($0)") }
        let entries = pairs.map { KeyValueEntry(key: utf8($0.0), value: utf8($0.1)) }
        #expect(Self.store(pairs).stateDigest == Domain.applicationState.digest(of: Entries(entries: entries)))
    }
}
