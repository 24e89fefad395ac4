import HotStuff
import Testing

@Suite("Snapshots of the key-value store")
struct KeyValueStoreSnapshotTests {
    private func written(_ store: KeyValueStore) -> [UInt8] {
        var sink = CollectingSink()
        store.writeSnapshot(into: &sink)
        return sink.bytes
    }

    private func restored(_ bytes: [UInt8]) throws(SnapshotError) -> KeyValueStore {
        var store = KeyValueStore()
        _ = store.apply(.put(key: [9], value: [9]))
        var source = SnapshotBytes(bytes)
        try store.restore(from: &source)
        return store
    }

    @Test("equal states write equal bytes, whatever led to them", arguments: 0..<6 as Range<UInt64>)
    func canonical(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let keys = (0..<2_000).map { [UInt8($0 >> 8), UInt8($0 & 255)] }
        var stores = [KeyValueStore(), KeyValueStore(), KeyValueStore()]
        for key in keys { _ = stores[0].apply(.put(key: key, value: key)) }
        for key in keys.shuffled(using: &random) {
            _ = stores[1].apply(.put(key: [7, 7, random.next() % 2 == 0 ? 1 : 2], value: key))
            _ = stores[1].apply(.put(key: key, value: []))
            _ = stores[1].apply(.put(key: key, value: key))
        }
        for last in [1, 2] as [UInt8] { _ = stores[1].apply(.delete(key: [7, 7, last])) }
        stores[2] = try restored(written(stores[1]))
        #expect(written(stores[0]) == written(stores[1]), "seed \(seed)")
        #expect(written(stores[0]) == written(stores[2]), "seed \(seed)")
        #expect(stores[2].stateDigest == stores[0].stateDigest && stores[2].count == 2_000, "seed \(seed)")
        // What was restored is used like any other.
        for key in keys.shuffled(using: &random).prefix(1_500) {
            for index in stores.indices { _ = stores[index].apply(.delete(key: key)) }
            for index in stores.indices { _ = stores[index].apply(.put(key: key + [1], value: [1])) }
        }
        #expect(written(stores[0]) == written(stores[2]), "seed \(seed)")
    }

    @Test("what no commands lead to is refused")
    func refused() {
        func encoded(count: UInt64, _ pairs: [([UInt8], [UInt8])]) -> [UInt8] {
            var encoder = BorshEncoder()
            encoder.append(count)
            for (key, value) in pairs {
                encoder.appendBytes(key)
                encoder.appendBytes(value)
            }
            return encoder.bytes
        }
        let longest = [UInt8](repeating: 1, count: KeyValueCommand.maximumKeyByteCount)
        #expect(throws: Never.self) { try restored(encoded(count: 1, [(longest, [])])) }
        #expect(throws: SnapshotError.truncated) { try restored(encoded(count: .max, [([1], [1])])) }
        #expect(throws: SnapshotError.truncated) { try restored([1, 2, 3]) }
        #expect(throws: SnapshotError.contradictory("an empty key")) { try restored(encoded(count: 1, [([], [1])])) }
        #expect(throws: SnapshotError.contradictory("keys that do not ascend")) {
            try restored(encoded(count: 2, [([2], []), ([1], [])]))
        }
        #expect(throws: SnapshotError.contradictory("keys that do not ascend")) {
            try restored(encoded(count: 2, [([2], []), ([2], [])]))
        }
        #expect(throws: SnapshotError.malformed(.tooLong(1_025, maximum: 1_024))) {
            try restored(encoded(count: 1, [(longest + [1], [])]))
        }
        let most = KeyValueCommand.maximumValueByteCount
        #expect(throws: SnapshotError.malformed(.tooLong(most + 1, maximum: most))) {
            try restored(encoded(count: 1, [([1], [UInt8](repeating: 0, count: most + 1))]))
        }
    }
}
