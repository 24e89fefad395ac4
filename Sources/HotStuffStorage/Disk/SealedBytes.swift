internal import HotStuff

/// The form of small files: a magic word that names the kind, the content, and a checksum of sixteen bytes over both.
enum SealedBytes {
    private static let checksumByteCount = 16

    /// The file of some content.
    static func seal(_ content: [UInt8], magic: String) -> [UInt8] {
        let bytes = Array(magic.utf8) + content
        return bytes + Digest.hash(of: bytes).bytes.prefix(checksumByteCount)
    }

    /// The content of a file; nil if it is of another kind or damaged.
    static func open(_ file: [UInt8], magic: String) -> [UInt8]? {
        let length = magic.utf8.count
        guard file.count >= length + checksumByteCount else { return nil }
        let content = Array(file[length..<(file.count - checksumByteCount)])
        return seal(content, magic: magic) == file ? content : nil
    }
}
