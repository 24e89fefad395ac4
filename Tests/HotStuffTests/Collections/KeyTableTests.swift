import HotStuff
import Testing

@Suite("The table of keys")
struct KeyTableTests {
    /// A key that has the place that it is told, so that many fall together.
    private struct Placed: TableKey {
        let name: Int
        let wanted: UInt64

        func place(by seeds: TableSeeds) -> UInt64 { wanted }
    }

    private struct Numbers: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 29)
        }
    }

    @Test("has seeds that nobody knows, and not those with which instructions are counted")
    func seeds() {
        let seeds = TableSeeds.own
        #expect(seeds.first != 0x9E37_79B9_7F4A_7C15, "the trait FixedSeeds is for Benchmarks/ alone")
        #expect(Set([seeds.first, seeds.second, seeds.third, seeds.fourth]).count == 4)
    }

    @Test("does what a dictionary does, whatever comes", arguments: 0..<20)
    func model(seed: Int) {
        var random = Numbers(state: UInt64(seed))
        var table = KeyTable<CommandKey, Int>()
        var model: [CommandKey: Int] = [:]
        for step in 0..<4_000 {
            let key = CommandKey(
                session: SessionID(height: Height(.random(in: 0..<3, using: &random)), position: 1),
                sequence: .random(in: 0..<300, using: &random)
            )
            switch Int.random(in: 0..<5, using: &random) {
            case 0, 1:
                let isNew = table.insert(step, for: key)
                #expect(isNew == (model[key] == nil))
                if model[key] == nil { model[key] = step }
            case 2:
                let removed = table.remove(key)
                #expect(removed == model.removeValue(forKey: key))
            case 3:
                let changed = table.update(key) { value in
                    value += 1
                    return value
                }
                model[key]? += 1
                #expect(changed == model[key])
            default:
                #expect(table[key] == model[key] && table.contains(key) == (model[key] != nil))
            }
            #expect(table.count == model.count && table.isEmpty == model.isEmpty)
        }
        #expect(Set(table.keys) == Set(model.keys) && table.values.sorted() == model.values.sorted())
        for key in model.keys { #expect(table[key] == model[key]) }
    }

    @Test("keys that fall together are kept apart, and those behind a removed one are found", arguments: [0, 5, 15])
    func collisions(lane: UInt64) {
        var table = KeyTable<Placed, Int>()
        let keys = (0..<40).map { Placed(name: $0, wanted: lane + UInt64($0 % 3) * 16) }
        for (index, key) in keys.enumerated() { table.insert(index, for: key) }
        #expect(table.count == 40)
        for (index, key) in keys.enumerated() where index.isMultiple(of: 2) {
            let removed = table.remove(key)
            #expect(removed == index)
        }
        for (index, key) in keys.enumerated() { #expect(table[key] == (index.isMultiple(of: 2) ? nil : index)) }
        for (index, key) in keys.enumerated() where index.isMultiple(of: 2) { table.insert(-index, for: key) }
        for (index, key) in keys.enumerated() { #expect(table[key] == (index.isMultiple(of: 2) ? -index : index)) }
    }

    @Test("sixteen numbers that follow each other lie side by side")
    func neighbours() {
        let session = SessionID(height: Height(7), position: 3)
        for start in stride(from: UInt64(0), to: 160, by: 16) {
            let places = (0..<16).map {
                CommandKey(session: session, sequence: start + $0).place(by: .own)
            }
            #expect(Set(places).count == 16 && Set(places.map { $0 / 16 }).count == 1)
        }
    }

    @Test("room that is made beforehand changes nothing")
    func room() {
        var table = KeyTable<UInt64, UInt64>()
        let removed = table.remove(1)
        let updated = table.update(1) { $0 }
        #expect(table[1] == nil && removed == nil && updated == nil)
        table.insert(1, for: 1)
        table.reserveCapacity(10_000)
        table.reserveCapacity(10)
        #expect(table[1] == 1 && table.count == 1)
        for number in 2...10_000 { table.insert(UInt64(number), for: UInt64(number)) }
        #expect((1...10_000).allSatisfy { table[UInt64($0)] == UInt64($0) })
    }
}
