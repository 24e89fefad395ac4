/// A 32-byte BLAKE3 output held as four little-endian words.
///
/// Words rather than an array: it lies in registers, copies without a reference count and compares in four steps.
@frozen
public struct BLAKE3Output: Hashable, Sendable {
    /// Bytes 0 to 7, the first byte lowest.
    public var word0: UInt64
    /// Bytes 8 to 15, the first byte lowest.
    public var word1: UInt64
    /// Bytes 16 to 23, the first byte lowest.
    public var word2: UInt64
    /// Bytes 24 to 31, the first byte lowest.
    public var word3: UInt64

    /// The output made of four little-endian words.
    @inlinable
    public init(word0: UInt64, word1: UInt64, word2: UInt64, word3: UInt64) {
        self.word0 = word0
        self.word1 = word1
        self.word2 = word2
        self.word3 = word3
    }

    /// The 32 bytes, in output order; allocates the array.
    public var bytes: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: ChainingValue.byteCount) { buffer, count in
            let words = UnsafeMutableRawBufferPointer(buffer)
            words.storeBytes(of: word0.littleEndian, toByteOffset: 0, as: UInt64.self)
            words.storeBytes(of: word1.littleEndian, toByteOffset: 8, as: UInt64.self)
            words.storeBytes(of: word2.littleEndian, toByteOffset: 16, as: UInt64.self)
            words.storeBytes(of: word3.littleEndian, toByteOffset: 24, as: UInt64.self)
            count = ChainingValue.byteCount
        }
    }

    /// Whether two outputs have the same bytes.
    ///
    /// The comparison takes no care to run in constant time: it is for digests that are public.
    @inlinable
    public static func == (left: BLAKE3Output, right: BLAKE3Output) -> Bool {
        left.word0 == right.word0 && left.word1 == right.word1 && left.word2 == right.word2 && left.word3 == right.word3
    }

    /// Feeds the four words to a hasher of the standard library.
    @inlinable
    public func hash(into hasher: inout Hasher) {
        hasher.combine(word0)
        hasher.combine(word1)
        hasher.combine(word2)
        hasher.combine(word3)
    }
}

extension BLAKE3Output {
    /// The default output: the first 32 bytes of the root's.
    @inline(__always)
    init(_ root: ChainingValue) {
        self.init(
            word0: UInt64(root.h0) | UInt64(root.h1) << 32,
            word1: UInt64(root.h2) | UInt64(root.h3) << 32,
            word2: UInt64(root.h4) | UInt64(root.h5) << 32,
            word3: UInt64(root.h6) | UInt64(root.h7) << 32
        )
    }
}

extension Node {
    /// The first `byteCount` bytes of the root's extended output (BLAKE3 paper, section 2.6); O(`byteCount`).
    func rootBytes(_ byteCount: Int) -> [UInt8] {
        precondition(byteCount >= 0, "an output of \(byteCount) bytes was asked for")
        let blockCount = byteCount / Block.byteCount + (byteCount % Block.byteCount == 0 ? 0 : 1)
        return [UInt8](unsafeUninitializedCapacity: blockCount * Block.byteCount) { buffer, count in
            if let start = UnsafeMutableRawPointer(buffer.baseAddress) {
                for index in 0..<blockCount {
                    rootBlock(UInt64(index)).store(to: start + index * Block.byteCount)
                }
            }
            count = byteCount
        }
    }
}
