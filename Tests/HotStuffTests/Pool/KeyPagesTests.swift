import HotStuff
import Testing

@Suite("The pages of keys")
struct KeyPagesTests {
    @Test("do what a dictionary does, whatever comes", arguments: 0..<20 as Range<UInt64>)
    func model(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var pages = KeyPages()
        var model: [CommandKey: UInt32] = [:]
        for _ in 0..<5_000 {
            // Few sessions and few numbers, so that pages fill, empty and come again.
            let key = CommandKey(
                session: SessionID(height: Height(UInt64(random.below(3))), position: 1),
                sequence: UInt64(random.below(3)) << 40 + UInt64(random.below(40))
            )
            if random.chance(oneIn: 3) {
                #expect(pages[key] == model[key] ?? 0)
            } else {
                let word = random.chance(oneIn: 2) ? 0 : UInt32(1 + random.below(1_000))
                pages[key] = word
                model[key] = word == 0 ? nil : word
            }
            #expect(pages.count == model.count)
        }
        for (key, word) in model { #expect(pages[key] == word) }
        for key in Array(model.keys) { pages[key] = 0 }
        #expect(pages.count == 0)
    }
}
