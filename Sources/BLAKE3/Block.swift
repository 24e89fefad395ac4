/// The sixteen little-endian words of one 64-byte block, as message going in or as extended output coming out.
struct Block: Sendable {
    /// The byte length of a block.
    static let byteCount = 64

    var w0: UInt32
    var w1: UInt32
    var w2: UInt32
    var w3: UInt32
    var w4: UInt32
    var w5: UInt32
    var w6: UInt32
    var w7: UInt32
    var w8: UInt32
    var w9: UInt32
    var w10: UInt32
    var w11: UInt32
    var w12: UInt32
    var w13: UInt32
    var w14: UInt32
    var w15: UInt32
}

extension Block {
    /// The block of a parent node: the chaining values of its two children, side by side (section 2.5).
    init(_ left: ChainingValue, _ right: ChainingValue) {
        self.init(
            w0: left.h0,
            w1: left.h1,
            w2: left.h2,
            w3: left.h3,
            w4: left.h4,
            w5: left.h5,
            w6: left.h6,
            w7: left.h7,
            w8: right.h0,
            w9: right.h1,
            w10: right.h2,
            w11: right.h3,
            w12: right.h4,
            w13: right.h5,
            w14: right.h6,
            w15: right.h7
        )
    }

    /// The block at an address from which 64 bytes can be read; it need not be aligned.
    @inline(__always)
    init(loadingFrom address: UnsafeRawPointer) {
        self.init(
            w0: Self.word(0, at: address),
            w1: Self.word(1, at: address),
            w2: Self.word(2, at: address),
            w3: Self.word(3, at: address),
            w4: Self.word(4, at: address),
            w5: Self.word(5, at: address),
            w6: Self.word(6, at: address),
            w7: Self.word(7, at: address),
            w8: Self.word(8, at: address),
            w9: Self.word(9, at: address),
            w10: Self.word(10, at: address),
            w11: Self.word(11, at: address),
            w12: Self.word(12, at: address),
            w13: Self.word(13, at: address),
            w14: Self.word(14, at: address),
            w15: Self.word(15, at: address)
        )
    }

    /// The block that starts with at most 64 given bytes and goes on with zeros, as the last block of a chunk does.
    @inline(__always)
    init(padding bytes: UnsafeRawBufferPointer) {
        if bytes.count == Self.byteCount, let address = bytes.baseAddress {
            self.init(loadingFrom: address)
            return
        }
        var padded = InlineArray<64, UInt8>(repeating: 0)
        self = withUnsafeMutablePointer(to: &padded) { pointer in
            let address = UnsafeMutableRawPointer(pointer)
            UnsafeMutableRawBufferPointer(start: address, count: Self.byteCount).copyMemory(from: bytes)
            return Block(loadingFrom: address)
        }
    }

    /// The first eight words: the key, where the block was read from the 32 bytes of one.
    var leftHalf: ChainingValue {
        ChainingValue(h0: w0, h1: w1, h2: w2, h3: w3, h4: w4, h5: w5, h6: w6, h7: w7)
    }

    /// Writes the block's 64 bytes to an address that has room for them; it need not be aligned.
    func store(to address: UnsafeMutableRawPointer) {
        Self.store(w0, 0, to: address)
        Self.store(w1, 1, to: address)
        Self.store(w2, 2, to: address)
        Self.store(w3, 3, to: address)
        Self.store(w4, 4, to: address)
        Self.store(w5, 5, to: address)
        Self.store(w6, 6, to: address)
        Self.store(w7, 7, to: address)
        Self.store(w8, 8, to: address)
        Self.store(w9, 9, to: address)
        Self.store(w10, 10, to: address)
        Self.store(w11, 11, to: address)
        Self.store(w12, 12, to: address)
        Self.store(w13, 13, to: address)
        Self.store(w14, 14, to: address)
        Self.store(w15, 15, to: address)
    }

    @inline(__always)
    private static func word(_ index: Int, at address: UnsafeRawPointer) -> UInt32 {
        UInt32(littleEndian: address.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self))
    }

    @inline(__always)
    private static func store(_ word: UInt32, _ index: Int, to address: UnsafeMutableRawPointer) {
        address.storeBytes(of: word.littleEndian, toByteOffset: 4 * index, as: UInt32.self)
    }
}
