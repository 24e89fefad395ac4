import Testing

@testable import HotStuff

@Suite("The order of byte strings")
struct ByteOrderTests {
    @Test("is that of the standard library, wherever two part", arguments: 0..<20)
    func sameAsLexicographic(length: Int) {
        let bytes = [UInt8](repeating: 0x80, count: length)
        var strings = [bytes]
        for place in 0..<length {
            for other: UInt8 in [0, 0x7f, 0x81, 0xff] {
                strings.append(bytes)
                strings[strings.count - 1][place] = other
            }
            strings.append(Array(bytes.prefix(place)))
            strings.append(Array(bytes.prefix(place)) + [0xff])
        }
        for first in strings {
            for second in strings {
                #expect(first.precedes(second) == first.lexicographicallyPrecedes(second), "\(first) and \(second)")
            }
        }
    }
}
