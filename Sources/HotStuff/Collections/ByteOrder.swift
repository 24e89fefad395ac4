extension [UInt8] {
    /// The first eight bytes as a number, zero bytes behind a shorter one: of two whose numbers differ, that with the smaller one comes first.
    var prefixWord: UInt64 {
        withUnsafeBytes { bytes in
            if bytes.count >= 8 { return UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)) }
            var word: UInt64 = 0
            for byte in bytes { word = word << 8 | UInt64(byte) }
            return bytes.isEmpty ? 0 : word << UInt64(8 * (8 - bytes.count))
        }
    }

    /// Whether these bytes come before others in lexicographic order; as `lexicographicallyPrecedes`, but eight bytes at a time.
    func precedes(_ other: [UInt8]) -> Bool {
        withUnsafeBytes { bytes in
            other.withUnsafeBytes { otherBytes in
                let shared = Swift.min(bytes.count, otherBytes.count)
                var index = 0
                while shared - index >= 8 {
                    let word = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
                    let otherWord = UInt64(bigEndian: otherBytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
                    if word != otherWord { return word < otherWord }
                    index += 8
                }
                while index < shared {
                    if bytes[index] != otherBytes[index] { return bytes[index] < otherBytes[index] }
                    index += 1
                }
                return bytes.count < otherBytes.count
            }
        }
    }
}
