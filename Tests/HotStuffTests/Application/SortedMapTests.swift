import HotStuff
import Testing

@Suite("The sorted map")
struct SortedMapTests {
    /// The entries of a dictionary in order, each as key and value.
    static func sorted(_ model: [[UInt8]: [UInt8]]) -> [[[UInt8]]] {
        model.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { [$0.key, $0.value] }
    }

    /// The entries of a map from a key on, each as key and value.
    static func entries(_ map: SortedMap, from key: [UInt8] = []) -> [[[UInt8]]] {
        map.entries(from: key).map { [$0.key, $0.value] }
    }

    static func key(_ number: Int) -> [UInt8] { [UInt8(number >> 8), UInt8(number & 255)] }

    @Test("an empty map has nothing anywhere")
    func empty() {
        var map = SortedMap()
        map[[1]] = nil
        #expect(map.isEmpty && map.count == 0 && map[[]] == nil && map.fault == nil)
        #expect(Array(map.entries()).isEmpty && Array(map.entries(from: [200])).isEmpty)
    }

    @Test("keys are ordered byte by byte, a beginning before the whole, bytes as unsigned")
    func order() {
        var map = SortedMap()
        let keys: [[UInt8]] = [[], [0], [0, 0], [0, 255], [1], [127], [128], [255], [255, 0]]
        for key in keys.reversed() { map[key] = key }
        #expect(map.entries().map(\.key) == keys)
        #expect(map[[]] == [])
    }

    @Test("keys that begin alike for eight bytes and more are told apart")
    func longKeys() {
        var map = SortedMap()
        let ends: [[UInt8]] = [[], [0], [0, 0], [0, 1], [1], [1, 0], [128], [255], [255, 255]]
        let keys = [0, 6, 7, 8, 9, 16].flatMap { length in
            [UInt8(0), 7, 255].flatMap { byte in ends.map { Array(repeating: byte, count: length) + $0 } }
        }
        for key in keys { map[key] = [UInt8(key.count)] }
        let ordered = Set(keys).sorted { $0.lexicographicallyPrecedes($1) }
        #expect(map.entries().map(\.key) == ordered && map.count == ordered.count && map.fault == nil)
        for key in keys { #expect(map[key] == [UInt8(key.count)]) }
        for key in keys.prefix(40) { map[key] = nil }
        let left = ordered.filter { !keys.prefix(40).contains($0) }
        #expect(map.entries().map(\.key) == left)
    }

    @Test("leaves split when they grow and join when they shrink", arguments: [true, false], [true, false])
    func splitAndJoin(ascending: Bool, removeFromFront: Bool) {
        var map = SortedMap()
        let count = 5 * SortedMap.maximumLeafCount
        for number in ascending ? Array(0..<count) : Array((0..<count).reversed()) {
            map[Self.key(number)] = [UInt8(number % 251)]
            if map.count.isMultiple(of: 32) { #expect(map.fault == nil, "\(map.count) entries") }
        }
        #expect(map.entries().map(\.key) == (0..<count).map(Self.key))
        for (removed, number) in (removeFromFront ? Array(0..<count) : Array((0..<count).reversed())).enumerated() {
            map[Self.key(number)] = nil
            #expect(map.count == count - removed - 1)
            if map.count.isMultiple(of: 31) { #expect(map.fault == nil, "\(map.count) entries") }
        }
        #expect(map.isEmpty)
    }

    @Test(
        "after each removal, in any order, small leaves are joined with either neighbour",
        arguments: [1, 2, 3] as [UInt64]
    )
    func joinEitherSide(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var map = SortedMap()
        for number in 0..<500 { map[Self.key(number)] = [] }
        for number in (0..<500).shuffled(using: &random) {
            map[Self.key(number)] = nil
            #expect(map.fault == nil, "seed \(seed), \(map.count) entries left")
        }
    }

    @Test("a value is replaced in place")
    func replace() {
        var map = SortedMap()
        map[[1]] = [1]
        map[[1]] = [2]
        #expect(map.count == 1 && map[[1]] == [2])
        map[[1]] = []
        #expect(map.count == 1 && map[[1]] == [])
    }

    @Test("entries appended in order fill leaves; one that does not come last is refused")
    func appendLast() {
        var map = SortedMap()
        for number in 0..<1_000 {
            #expect(map.appendLast(Self.key(number), value: [1]) == true)
        }
        for number in [0, 500, 999] {
            #expect(map.appendLast(Self.key(number), value: [2]) == false)
        }
        #expect(map.fault == nil && map.count == 1_000)
        #expect(Self.entries(map) == (0..<1_000).map { [Self.key($0), [1]] })
    }

    @Test("a copy does not change with the original")
    func copies() {
        var map = SortedMap()
        for number in 0..<600 { map[Self.key(number)] = [1] }
        let copy = map
        for number in 0..<600 { map[Self.key(number)] = nil }
        #expect(map.isEmpty && copy.count == 600 && copy[Self.key(599)] == [1])
    }

    @Test("random changes and ranges agree with a dictionary that is sorted", arguments: 0..<10 as Range<UInt64>)
    func model(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var map = SortedMap()
        var model: [[UInt8]: [UInt8]] = [:]
        // It grows, then shrinks, then grows again, through many splits and joins.
        for step in 0..<6_000 {
            let grows = (step / 2_000) != 1
            let key = Self.key(random.below(3_000)).suffix(1 + random.below(2))
            let value = random.chance(oneIn: grows ? 4 : 2) ? nil : random.bytes(fewerThan: 4)
            let kept = grows ? value : random.chance(oneIn: 8) ? value : nil
            map[Array(key)] = kept
            model[Array(key)] = kept
            #expect(map.count == model.count, "seed \(seed), step \(step)")
            #expect(map[Array(key)] == kept, "seed \(seed), step \(step)")
            guard step.isMultiple(of: 500) else { continue }
            #expect(map.fault == nil, "seed \(seed), step \(step)")
            let entries = Self.sorted(model)
            #expect(Self.entries(map) == entries, "seed \(seed), step \(step)")
            let start = Self.key(random.below(3_000))
            #expect(
                Self.entries(map, from: start) == entries.filter { !$0[0].lexicographicallyPrecedes(start) },
                "seed \(seed), step \(step)"
            )
        }
    }
}
