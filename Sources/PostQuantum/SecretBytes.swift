internal import Crypto

/// Bytes that nobody else may learn: a seed, a shared secret, a key.
///
/// The memory is overwritten when the last copy goes, comparison takes the same time wherever two secrets differ, and
/// printing, dumping or logging a secret shows its length only.
public struct SecretBytes: Sendable, Equatable {
    let key: SymmetricKey

    init(_ key: SymmetricKey) {
        self.key = key
    }

    /// Keeps a copy of some bytes; the caller's own copy is not overwritten.
    public init(_ bytes: [UInt8]) {
        key = SymmetricKey(data: bytes)
    }

    /// Draws bytes, at least one, from the system's generator of random numbers.
    public static func random(count: Int) -> SecretBytes {
        precondition(count > 0, "a secret of \(count) bytes")
        return SecretBytes(SymmetricKey(size: SymmetricKeySize(bitCount: count * 8)))
    }

    /// The number of bytes.
    public var count: Int { key.bitCount / 8 }

    /// Lends the bytes without copying them.
    func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        key.withUnsafeBytes(body)
    }

    /// Copies the secret out, for the one who writes it to a key file or derives a key from it.
    public func reveal() -> [UInt8] {
        key.withUnsafeBytes { Array($0) }
    }
}

extension SecretBytes: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The length, never the content.
    public var description: String { "secret of \(count) bytes" }

    /// The length, never the content.
    public var debugDescription: String { description }

    /// A mirror without children, so that `dump` shows nothing.
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
