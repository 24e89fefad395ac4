/// Which of a session's numbers were used: the highest, and a bit for each of the numbers just below it.
///
/// A client sends ahead, so numbers arrive in any order. Numbers at most `width` above the highest are taken; numbers at
/// least `width` below it cannot be told apart any more and are not. Number 0 is nobody's.
package struct SequenceWindow: Hashable, Sendable {
    /// What is known of a number.
    package enum Verdict: Hashable, Sendable {
        /// It was not used.
        case fresh
        /// It was used.
        case used
        /// It lies too far below or above the highest, or is 0.
        case outOfRange
    }

    /// The highest number used; 0 if none was.
    package private(set) var highest: UInt64 = 0
    private let width: UInt64
    /// Bit `number % width` stands for a number above `highest - width`; all others are zero.
    private var words: [UInt64]

    /// Creates the window of a new session.
    ///
    /// - Parameter width: How many numbers it tells apart, at least 1.
    package init(width: Int) {
        precondition(width > 0, "a window \(width) numbers wide")
        self.width = UInt64(width)
        words = Array(repeating: 0, count: (width - 1) / UInt64.bitWidth + 1)
    }

    /// Reads what was appended by `encode`, of a width that is known; only what use of numbers can lead to is taken.
    init(width: Int, from decoder: inout BorshDecoder) throws(DecodingError) {
        self.init(width: width)
        highest = try decoder.readUInt64()
        for index in words.indices { words[index] = try decoder.readUInt64() }
        var meant = [UInt64](repeating: 0, count: words.count)
        let lowest = highest >= self.width ? highest - self.width + 1 : 1
        if highest > 0 {
            for number in lowest...highest {
                let (word, bit) = location(of: number)
                meant[word] |= bit
            }
            let (word, bit) = location(of: highest)
            guard words[word] & bit != 0 else { throw .notCanonical }
        }
        guard zip(words, meant).allSatisfy({ $0 & ~$1 == 0 }) else { throw .notCanonical }
    }

    /// What is known of a number; O(1).
    package func judge(_ number: UInt64) -> Verdict {
        guard number > 0 else { return .outOfRange }
        if number > highest { return number - highest <= width ? .fresh : .outOfRange }
        guard highest - number < width else { return .outOfRange }
        let (word, bit) = location(of: number)
        return words[word] & bit == 0 ? .fresh : .used
    }

    /// Whether a number was used, or lies so far below the highest that nothing is known of it any more.
    func mayHaveUsed(_ number: UInt64) -> Bool {
        number > 0 && number < highest && highest - number >= width || judge(number) == .used
    }

    /// Uses a fresh number; O(number of numbers that it skips), which is less than `width`.
    package mutating func use(_ number: UInt64) {
        precondition(judge(number) == .fresh, "number \(number) is used again, or out of range of \(highest)")
        while highest < number {
            highest += 1
            let (word, bit) = location(of: highest)
            words[word] &= ~bit
        }
        let (word, bit) = location(of: number)
        words[word] |= bit
    }

    private func location(of number: UInt64) -> (word: Int, bit: UInt64) {
        let index = Int(number % width)
        return (index / UInt64.bitWidth, 1 << UInt64(index % UInt64.bitWidth))
    }
}

extension SequenceWindow: BorshEncodable {
    /// Appends the highest number and the bits.
    package func encode(into encoder: inout BorshEncoder) {
        encoder.append(highest)
        let whole = words.count - words.count % 4
        for index in stride(from: 0, to: whole, by: 4) {
            encoder.append(words[index], words[index + 1], words[index + 2], words[index + 3])
        }
        for word in words[whole...] { encoder.append(word) }
    }
}
