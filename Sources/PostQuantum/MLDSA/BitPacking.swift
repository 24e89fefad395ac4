/// Coefficients as strings of bits (FIPS 204, section 7.1, algorithms 16 to 19).
///
/// Bytes and the bits in them are little-endian. Loops have no branch and no address that depends on a coefficient.
enum BitPacking {
    /// The number of bytes that may be read behind what is unpacked.
    static let slack = 3

    /// Unpacks 256 numbers of some bits (FIPS 204, algorithm 18 `SimpleBitUnpack`).
    ///
    /// - Parameters:
    ///   - bytes: the packed numbers; `slack` more bytes can be read behind them.
    ///   - bitCount: the bits of a number, at most 25.
    ///   - coefficients: where they go.
    ///   - convert: makes a coefficient of a number.
    @inline(__always)
    private static func unpack(
        _ bytes: UnsafeRawPointer,
        bitCount: Int,
        into coefficients: Coefficients,
        _ convert: (Int32) -> Int32
    ) {
        let mask: UInt32 = 1 << UInt32(bitCount) &- 1
        for group in 0..<Ring.degree / 8 {
            let source = bytes + group &* bitCount
            let target = coefficients + group &* 8
            for index in 0..<8 {
                let bit = index &* bitCount
                let word = source.loadUnaligned(fromByteOffset: bit &>> 3, as: UInt32.self)
                target[index] = convert(Int32(bitPattern: word &>> UInt32(bit & 7) & mask))
            }
        }
    }

    /// Unpacks a polynomial of t1, ten bits for each coefficient.
    static func unpackRoundedKey(_ bytes: UnsafeRawPointer, into coefficients: Coefficients) {
        unpack(bytes, bitCount: 10, into: coefficients) { $0 }
    }

    /// Unpacks a polynomial of z or y, whose numbers are γ1 less the coefficients (FIPS 204, algorithm 19 `BitUnpack`).
    @inline(never)
    static func unpackMask(_ bytes: UnsafeRawPointer, bitCount: Int, into coefficients: Coefficients) {
        if bitCount == 18 {
            unpack(bytes, bitCount: 18, into: coefficients) { 1 << 17 &- $0 }
        } else {
            unpack(bytes, bitCount: 20, into: coefficients) { 1 << 19 &- $0 }
        }
    }

    /// Appends 256 numbers of some bits (FIPS 204, algorithm 16 `SimpleBitPack`), which are a whole number of words of 32 bits.
    ///
    /// - Parameters:
    ///   - coefficients: the coefficients.
    ///   - bitCount: the bits of a number, at most 25.
    ///   - bytes: where 32 times `bitCount` bytes go.
    ///   - convert: makes a number of a coefficient.
    @inline(__always)
    private static func pack(
        _ coefficients: UnsafePointer<Int32>,
        bitCount: Int,
        to bytes: UnsafeMutableRawPointer,
        _ convert: (Int32) -> Int32
    ) {
        var pending: UInt64 = 0
        var pendingBitCount = 0
        var offset = 0
        for index in 0..<Ring.degree {
            pending |= UInt64(UInt32(bitPattern: convert(coefficients[index]))) &<< UInt64(pendingBitCount)
            pendingBitCount &+= bitCount
            if pendingBitCount >= 32 {
                bytes.storeBytes(of: UInt32(truncatingIfNeeded: pending), toByteOffset: offset, as: UInt32.self)
                pending &>>= 32
                pendingBitCount &-= 32
                offset &+= 4
            }
        }
    }

    /// Packs a polynomial of t1, ten bits for each coefficient.
    static func packRoundedKey(_ coefficients: UnsafePointer<Int32>, to bytes: UnsafeMutableRawPointer) {
        pack(coefficients, bitCount: 10, to: bytes) { $0 }
    }

    /// Packs a polynomial of z, whose numbers are γ1 less the coefficients (FIPS 204, algorithm 17 `BitPack`).
    static func packMask(
        _ coefficients: UnsafePointer<Int32>,
        parameters: ParameterSet,
        to bytes: UnsafeMutableRawPointer
    ) {
        if parameters.maskBitCount == 18 {
            pack(coefficients, bitCount: 18, to: bytes) { 1 << 17 &- $0 }
        } else {
            pack(coefficients, bitCount: 20, to: bytes) { 1 << 19 &- $0 }
        }
    }

    /// Packs a polynomial of w1, four or six bits for each coefficient (FIPS 204, algorithm 28 `w1Encode`).
    @inline(never)
    static func packCommitment(_ coefficients: UnsafePointer<Int32>, bitCount: Int, to bytes: UnsafeMutableRawPointer) {
        if bitCount == 4 {
            for index in 0..<Ring.degree / 2 {
                let pair = coefficients[2 &* index] | coefficients[2 &* index &+ 1] &<< 4
                bytes.storeBytes(of: UInt8(truncatingIfNeeded: pair), toByteOffset: index, as: UInt8.self)
            }
        } else {
            for index in 0..<Ring.degree / 4 {
                let four = coefficients + 4 &* index
                let word = four[0] | four[1] &<< 6 | four[2] &<< 12 | four[3] &<< 18
                bytes.storeBytes(of: UInt16(truncatingIfNeeded: word), toByteOffset: 3 &* index, as: UInt16.self)
                bytes.storeBytes(
                    of: UInt8(truncatingIfNeeded: word &>> 16),
                    toByteOffset: 3 &* index &+ 2,
                    as: UInt8.self
                )
            }
        }
    }
}
