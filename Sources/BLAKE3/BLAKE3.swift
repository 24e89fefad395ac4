/// The BLAKE3 hash function, in any of its three modes, over input that arrives in pieces.
///
/// A value: a copy goes on from where the original stood. Output can be taken at any time, the state stays usable.
/// Source: O'Connor, Aumasson, Neves, Wilcox-O'Hearn, "BLAKE3: one function, fast everywhere", 2020.
public struct BLAKE3: Sendable {
    private let mode: Mode
    private var finished = ChainingValueStack()
    private var chunk: Chunk

    /// A hasher in plain hash mode, with no input yet.
    public init() {
        self.init(mode: .hash(on: .preferred))
    }

    /// A hasher in keyed hash mode, a message authentication code or pseudorandom function; nil unless the key has
    /// exactly 32 bytes.
    public init?(key: [UInt8]) {
        guard let mode = Mode.keyedHash(key, on: .preferred) else { return nil }
        self.init(mode: mode)
    }

    /// A hasher in key derivation mode, whose input is the key material.
    ///
    /// The context names one purpose in one application and must not depend on input: a constant, globally unique.
    public init(derivingKeyFrom context: String) {
        self.init(mode: .deriveKey(context: context, on: .preferred))
    }

    init(mode: Mode) {
        self.mode = mode
        chunk = Chunk(index: 0, mode: mode)
    }

    /// Appends bytes to the input; O(`bytes.count`).
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        guard !bytes.isEmpty else { return }
        var rest = bytes
        if chunk.count > 0 {
            let taken = min(Chunk.byteCount - chunk.count, rest.count)
            chunk.append(UnsafeRawBufferPointer(rebasing: rest[..<taken]))
            rest = UnsafeRawBufferPointer(rebasing: rest[taken...])
            guard !rest.isEmpty else { return }
            finished.push(chunk.node.chainingValue, chunks: 1, mode: mode)
            chunk = Chunk(index: finished.chunkCount, mode: mode)
        }
        if rest.count > Chunk.byteCount {
            rest = finished.consume(rest, mode: mode)
            chunk = Chunk(index: finished.chunkCount, mode: mode)
        }
        chunk.append(rest)
    }

    /// Appends bytes to the input; O(`bytes.count`).
    public mutating func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { update($0) }
    }

    /// Appends bytes to the input; O(`bytes.count`).
    public mutating func update(_ bytes: ArraySlice<UInt8>) {
        bytes.withUnsafeBytes { update($0) }
    }

    /// The 32-byte output over all input so far; O(log of the input's length), and the state is left as it was.
    public func finalize() -> BLAKE3Output {
        BLAKE3Output(root.rootChainingValue)
    }

    /// The first `byteCount` bytes of the extended output, of which `finalize()` is the first 32; O(`byteCount`).
    ///
    /// - Parameter byteCount: The length of the output in bytes, not negative.
    /// - Returns: An array of exactly `byteCount` bytes.
    public func finalize(byteCount: Int) -> [UInt8] {
        root.rootBytes(byteCount)
    }

    private var root: Node {
        finished.root(last: chunk.node, mode: mode)
    }
}
