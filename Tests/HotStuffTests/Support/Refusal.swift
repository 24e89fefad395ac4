import HotStuff

/// The error that some work throws, or nothing if it succeeds.
func refusal<Value>(of work: @autoclosure () throws(DecodingError) -> Value) -> DecodingError? {
    do {
        _ = try work()
        return nil
    } catch {
        return error
    }
}

/// Why some bytes are no encoding of a type, or nothing if they are one.
func refusal<Value: BorshDecodable>(of type: Value.Type, _ bytes: [UInt8]) -> DecodingError? {
    refusal(of: try Value(decoding: bytes))
}

/// A number as Borsh writes it, made without the encoder: the lowest byte first.
func littleEndian<Number: FixedWidthInteger & UnsignedInteger>(_ number: Number) -> [UInt8] {
    (0..<Number.bitWidth / 8).map { UInt8(truncatingIfNeeded: number >> Number($0 * 8)) }
}
