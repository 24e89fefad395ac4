import HotStuff
import Testing

@Suite("The window of a session's numbers")
struct SequenceWindowTests {
    @Test("a new window takes the numbers from 1 to its width")
    func new() {
        let window = SequenceWindow(width: 100)
        #expect(window.judge(0) == .outOfRange)
        #expect(window.judge(1) == .fresh)
        #expect(window.judge(100) == .fresh)
        #expect(window.judge(101) == .outOfRange)
        #expect(window.judge(.max) == .outOfRange)
    }

    @Test("below the highest number each of the width is told apart, no other")
    func edges() {
        var window = SequenceWindow(width: 100)
        window.use(1)
        window.use(100)
        #expect(window.judge(1) == .used)
        #expect(window.judge(2) == .fresh)
        #expect(window.judge(99) == .fresh)
        #expect(window.judge(100) == .used)
        #expect(window.judge(200) == .fresh)
        #expect(window.judge(201) == .outOfRange)
        window.use(101)
        #expect(window.judge(1) == .outOfRange)
        #expect(window.judge(2) == .fresh)
        window.use(201)
        #expect(window.judge(101) == .outOfRange)
        #expect(window.judge(102) == .fresh)
        #expect(window.judge(201) == .used)
    }

    @Test("a window one number wide takes numbers in order only")
    func narrow() {
        var window = SequenceWindow(width: 1)
        for number in 1...300 as ClosedRange<UInt64> {
            #expect(window.judge(number) == .fresh)
            #expect(window.judge(number + 1) == .outOfRange)
            window.use(number)
            #expect(window.judge(number) == .used)
            #expect(window.judge(number - 1) == .outOfRange)
        }
    }

    @Test("random numbers are judged as by a plain set", arguments: [1, 2, 63, 64, 65, 130], [0, 1, 2] as [UInt64])
    func model(width: Int, seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var window = SequenceWindow(width: width)
        var used: Set<UInt64> = []
        var highest = 0
        for step in 0..<2_000 {
            let number = max(0, highest + random.below(4 * width) - 2 * width)
            let expected: SequenceWindow.Verdict
            if number == 0 || number <= highest - width || number > highest + width {
                expected = .outOfRange
            } else {
                expected = used.contains(UInt64(number)) ? .used : .fresh
            }
            #expect(window.judge(UInt64(number)) == expected, "width \(width), seed \(seed), step \(step)")
            guard expected == .fresh else { continue }
            window.use(UInt64(number))
            used.insert(UInt64(number))
            highest = max(highest, number)
            #expect(window.highest == UInt64(highest))
        }
    }
}
