import HotStuff
import Testing

@Suite("Lists with places")
struct IndexedListTests {
    @Test("a freed place is used again, and the others keep theirs")
    func reuse() {
        var list = IndexedList<String>()
        let first = list.append("a")
        let second = list.append("b")
        list.remove(at: first)
        let third = list.append("c")
        #expect(third == first)
        #expect(list[second] == "b")
        #expect(Array(list) == ["b", "c"])
        #expect(list.first == second)
        #expect(list.last == third)
    }

    @Test("an empty list has no first and no last")
    func empty() {
        var list = IndexedList<Int>()
        #expect(list.isEmpty && list.first == nil && list.last == nil)
        list.remove(at: list.append(1))
        #expect(list.isEmpty && list.first == nil && list.last == nil)
        #expect(Array(list).isEmpty)
    }

    @Test("random changes leave what they leave in a plain array", arguments: 0..<20 as Range<UInt64>)
    func model(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var list = IndexedList<UInt64>()
        var model: [(place: Int, value: UInt64)] = []
        for step in 0..<400 {
            let index = model.isEmpty ? 0 : random.below(model.count)
            switch random.below(model.isEmpty ? 1 : 5) {
            case 0, 1:
                let value = random.next()
                model.append((list.append(value), value))
            case 2: #expect(list.remove(at: model[index].place) == model.remove(at: index).value)
            case 3:
                list.moveToEnd(model[index].place)
                model.append(model.remove(at: index))
            default:
                list.update(at: model[index].place) { $0 &+= 1 }
                model[index].value &+= 1
            }
            #expect(Array(list) == model.map(\.value), "seed \(seed), step \(step)")
            #expect(list.count == model.count && list.first == model.first?.place && list.last == model.last?.place)
        }
    }
}
