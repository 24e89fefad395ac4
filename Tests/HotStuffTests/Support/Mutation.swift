/// Changes to bytes of the kind that a broken or a clever peer makes.
extension SplitMix64 {
    /// The bytes with one to three random changes.
    mutating func mutated(_ original: [UInt8], donor: [UInt8]) -> [UInt8] {
        var bytes = original
        for _ in 0...below(3) {
            mutate(&bytes, donor: donor)
        }
        return bytes
    }

    private mutating func mutate(_ bytes: inout [UInt8], donor: [UInt8]) {
        guard !bytes.isEmpty else {
            bytes = self.bytes(fewerThan: 16)
            return
        }
        let position = below(bytes.count)
        switch below(9) {
        case 0: bytes[position] ^= 1 << UInt8(below(8))
        case 1: bytes[position] = UInt8(truncatingIfNeeded: next())
        case 2: bytes[position] = UInt8(below(4))
        case 3: bytes.insert(UInt8(below(4)), at: position)
        case 4: bytes.remove(at: position)
        case 5: bytes.removeLast(bytes.count - position)
        case 6: bytes.append(contentsOf: self.bytes(fewerThan: 8))
        case 7: writeCount(into: &bytes, at: position)
        default: splice(donor, into: &bytes, at: position)
        }
    }

    /// Overwrites four bytes with what may be read as a count: a small, a huge, or a slightly wrong one.
    private mutating func writeCount(into bytes: inout [UInt8], at position: Int) {
        let counts: [UInt32] = [0, 1, 2, 8, 128, 129, 1_024, 4_627, 4_628, 65_536, 65_537, 1 << 20, 1 << 24, .max]
        let count = counts[below(counts.count)]
        for offset in 0..<4 where position + offset < bytes.count {
            bytes[position + offset] = UInt8(truncatingIfNeeded: count >> (8 * UInt32(offset)))
        }
    }

    /// Replaces the end by the end of another encoding.
    private mutating func splice(_ donor: [UInt8], into bytes: inout [UInt8], at position: Int) {
        bytes.removeLast(bytes.count - position)
        if !donor.isEmpty { bytes.append(contentsOf: donor[below(donor.count)...]) }
    }
}
