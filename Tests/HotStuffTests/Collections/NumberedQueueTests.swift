import Testing

@testable import HotStuff

@Suite("The numbered queue")
struct NumberedQueueTests {
    @Test("does what a list of pairs does, whatever comes", arguments: 0..<20 as Range<UInt64>)
    func model(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var queue = NumberedQueue<UInt64>()
        var model: [(number: Int, element: UInt64)] = []
        var next = 0
        for _ in 0..<3_000 {
            // Sometimes it fills, sometimes it empties.
            if random.below(1_000) < ((next / 300).isMultiple(of: 2) ? 700 : 300) {
                let element = UInt64(random.below(1_000))
                #expect(queue.append(element) == next)
                model.append((next, element))
                next += 1
            } else {
                #expect(queue.popFirst() == (model.isEmpty ? nil : model.removeFirst().element))
            }
            #expect(queue.count == model.count && queue.first == model.first?.number ?? next)
            for number in max(0, next - 12)..<next + 2 {
                #expect(queue[number] == model.first { $0.number == number }?.element)
            }
        }
        var seen: [UInt64] = []
        queue.visitAll { seen.append($0) }
        #expect(seen == model.map(\.element))
    }
}
