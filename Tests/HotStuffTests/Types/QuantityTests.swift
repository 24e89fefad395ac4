import HotStuff
import Testing

@Suite("Quantities")
struct QuantityTests {
    @Test("the next quantity is one more, and there is none after the last")
    func next() {
        #expect(View(0).next == View(1))
        #expect(Height(41).next == Height(42))
        #expect(Epoch(.max - 1).next == Epoch(.max))
        #expect(View(.max).next == nil)
        #expect(Height(.max).next == nil)
        #expect(Epoch(.max).next == nil)
    }

    @Test("only the next one follows")
    func follows() {
        #expect(View(6).follows(View(5)))
        #expect(View(.max).follows(View(.max - 1)))
        #expect(!View(5).follows(View(5)))
        #expect(!View(5).follows(View(6)))
        #expect(!View(7).follows(View(5)))
        #expect(!View(0).follows(View(.max)), "nothing wraps around")
        #expect(!View(.max).follows(View(.max)))
    }

    @Test("quantities are ordered and written as numbers")
    func order() {
        #expect(View(1) < View(2))
        #expect(!(View(2) < View(2)))
        #expect(VotingPower(.max) > .zero)
        #expect("\(Height(1_234_567))" == "1234567")
        #expect("\(Epoch(.max))" == "18446744073709551615")
        #expect(View(0x0102).encoded == [2, 1, 0, 0, 0, 0, 0, 0])
    }

    @Test("a moment beyond the last one is the last one")
    func instants() {
        #expect(Instant(5).advanced(byMicroseconds: 7) == Instant(12))
        #expect(Instant(.max - 7).advanced(byMicroseconds: 7) == Instant(.max))
        #expect(Instant(.max - 6).advanced(byMicroseconds: 7) == Instant(.max))
        #expect(Instant(1).advanced(byMicroseconds: .max) == Instant(.max))
    }

    @Test("replicas and sessions are ordered by their place")
    func places() {
        #expect(ReplicaID(2) < ReplicaID(10))
        #expect(ReplicaID(.max).index == 65_535)
        #expect("\(ReplicaID(12))" == "12")
        #expect(SessionID(height: Height(2), position: 9) < SessionID(height: Height(3), position: 0))
        #expect(SessionID(height: Height(2), position: 1) < SessionID(height: Height(2), position: 2))
        #expect("\(SessionID(height: Height(2), position: 9))" == "2.9")
    }
}
