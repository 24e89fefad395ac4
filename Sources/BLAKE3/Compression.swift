/// The sixteen words that a compression mixes, four rows of four (BLAKE3 paper, section 2.2).
///
/// Each word is a stored property and every step is inlined, so after optimisation the seven rounds are one straight
/// run of additions, exclusive ors and rotations on registers: no array, no loop, no table of message indices.
struct CompressionState {
    private var v0: UInt32
    private var v1: UInt32
    private var v2: UInt32
    private var v3: UInt32
    private var v4: UInt32
    private var v5: UInt32
    private var v6: UInt32
    private var v7: UInt32
    private var v8: UInt32
    private var v9: UInt32
    private var v10: UInt32
    private var v11: UInt32
    private var v12: UInt32
    private var v13: UInt32
    private var v14: UInt32
    private var v15: UInt32

    /// The state after the seven rounds, before its two halves are folded into an output.
    ///
    /// - Parameters:
    ///   - input: The input chaining value.
    ///   - block: The message block, padded with zeros.
    ///   - counter: The chunk's index, zero for a parent node, the output block's index for the root.
    ///   - blockLength: The number of bytes of the block before the padding.
    ///   - flags: The domain flags.
    @inline(__always)
    init(_ input: ChainingValue, _ block: Block, counter: UInt64, blockLength: UInt32, flags: Flags) {
        v0 = input.h0
        v1 = input.h1
        v2 = input.h2
        v3 = input.h3
        v4 = input.h4
        v5 = input.h5
        v6 = input.h6
        v7 = input.h7
        v8 = 0x6A09_E667
        v9 = 0xBB67_AE85
        v10 = 0x3C6E_F372
        v11 = 0xA54F_F53A
        v12 = UInt32(truncatingIfNeeded: counter)
        v13 = UInt32(truncatingIfNeeded: counter >> 32)
        v14 = blockLength
        v15 = flags.rawValue

        var message = block
        round(message)
        message.permute()
        round(message)
        message.permute()
        round(message)
        message.permute()
        round(message)
        message.permute()
        round(message)
        message.permute()
        round(message)
        message.permute()
        round(message)
    }

    /// The first eight words of the output: the next chaining value.
    @inline(__always)
    var chainingValue: ChainingValue {
        ChainingValue(
            h0: v0 ^ v8,
            h1: v1 ^ v9,
            h2: v2 ^ v10,
            h3: v3 ^ v11,
            h4: v4 ^ v12,
            h5: v5 ^ v13,
            h6: v6 ^ v14,
            h7: v7 ^ v15
        )
    }

    /// All sixteen words of the output, for which the input chaining value is fed forward once more (section 2.6).
    @inline(__always)
    func outputBlock(_ input: ChainingValue) -> Block {
        let second = ChainingValue(
            h0: v8 ^ input.h0,
            h1: v9 ^ input.h1,
            h2: v10 ^ input.h2,
            h3: v11 ^ input.h3,
            h4: v12 ^ input.h4,
            h5: v13 ^ input.h5,
            h6: v14 ^ input.h6,
            h7: v15 ^ input.h7
        )
        return Block(chainingValue, second)
    }

    /// One round: the four columns, then the four diagonals.
    @inline(__always)
    private mutating func round(_ m: Block) {
        Self.mix(&v0, &v4, &v8, &v12, m.w0, m.w1)
        Self.mix(&v1, &v5, &v9, &v13, m.w2, m.w3)
        Self.mix(&v2, &v6, &v10, &v14, m.w4, m.w5)
        Self.mix(&v3, &v7, &v11, &v15, m.w6, m.w7)
        Self.mix(&v0, &v5, &v10, &v15, m.w8, m.w9)
        Self.mix(&v1, &v6, &v11, &v12, m.w10, m.w11)
        Self.mix(&v2, &v7, &v8, &v13, m.w12, m.w13)
        Self.mix(&v3, &v4, &v9, &v14, m.w14, m.w15)
    }

    /// The quarter round G.
    @inline(__always)
    private static func mix(
        _ a: inout UInt32,
        _ b: inout UInt32,
        _ c: inout UInt32,
        _ d: inout UInt32,
        _ x: UInt32,
        _ y: UInt32
    ) {
        a = a &+ b &+ x
        d = rotateRight(d ^ a, 16)
        c = c &+ d
        b = rotateRight(b ^ c, 12)
        a = a &+ b &+ y
        d = rotateRight(d ^ a, 8)
        c = c &+ d
        b = rotateRight(b ^ c, 7)
    }

    @inline(__always)
    private static func rotateRight(_ word: UInt32, _ count: UInt32) -> UInt32 {
        (word &>> count) | (word &<< (32 &- count))
    }
}

extension Block {
    /// Reorders the words for the next round (table 2); inlined, it only renames values and costs nothing.
    @inline(__always)
    fileprivate mutating func permute() {
        self = Block(
            w0: w2,
            w1: w6,
            w2: w3,
            w3: w10,
            w4: w7,
            w5: w0,
            w6: w4,
            w7: w13,
            w8: w1,
            w9: w11,
            w10: w12,
            w11: w5,
            w12: w9,
            w13: w14,
            w14: w15,
            w15: w8
        )
    }
}

extension ChainingValue {
    /// Absorbs the full block at an address from which 64 bytes can be read: one link of a chunk's chain.
    @inline(never)
    mutating func absorb(blockAt address: UnsafeRawPointer, counter: UInt64, flags: Flags) {
        let block = Block(loadingFrom: address)
        let blockLength = UInt32(truncatingIfNeeded: Block.byteCount)
        self =
            CompressionState(self, block, counter: counter, blockLength: blockLength, flags: flags).chainingValue
    }
}
