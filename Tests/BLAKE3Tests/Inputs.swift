/// Bytes 0, 1, … 250, 0, 1, …: the input of the official vectors.
func countingBytes(_ count: Int) -> [UInt8] {
    (0..<count).map { UInt8($0 % 251) }
}

/// The top bytes of a linear congruential generator: the input of this project's vectors, no two chunks alike.
func scatteredBytes(_ count: Int) -> [UInt8] {
    var state: UInt32 = 1
    return (0..<count).map { _ in
        state = state &* 1_664_525 &+ 1_013_904_223
        return UInt8(truncatingIfNeeded: state >> 24)
    }
}

/// The bytes that a string of hexadecimal digits spells, or nil if it does not spell whole bytes.
func bytes(hexadecimal text: String) -> [UInt8]? {
    let digits = text.compactMap(\.hexDigitValue)
    guard digits.count == text.count, digits.count.isMultiple(of: 2) else { return nil }
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
}

/// The SplitMix64 generator: small, and the same on every machine.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// Calls a closure with a copy of some bytes that ends where its memory ends and begins some bytes behind its start.
///
/// The sanitizer of addresses sees every byte that is read beside it.
func withExactCopy<Result>(
    of bytes: some Collection<UInt8>,
    offset: Int = 0,
    _ body: (UnsafeRawBufferPointer) throws -> Result
) rethrows -> Result {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: offset + bytes.count, alignment: 64)
    defer { memory.deallocate() }
    let copy = UnsafeMutableRawBufferPointer(rebasing: memory[offset...])
    copy.copyBytes(from: bytes)
    return try body(UnsafeRawBufferPointer(copy))
}
