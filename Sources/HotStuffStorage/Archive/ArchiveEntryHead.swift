internal import HotStuff

/// The beginning of an entry, with its own checksum, so that no number in it is used before it is known to be as it was written.
///
///     length 4 | flags 1 | height 8 | synced 8 | block 32 | body checksum 16 | head checksum 16
///
/// The body follows: the block, then the certificate if there is one, both in Borsh. With the name here an index can be rebuilt
/// from the heads alone, and the name of a damaged block is still known.
struct ArchiveEntryHead: Equatable, Sendable {
    static let byteCount = checkedByteCount + ShortSum.byteCount
    private static let checkedByteCount = 4 + 1 + 8 + 8 + Digest.byteCount + ShortSum.byteCount
    /// The most bytes of one body.
    static let maximumLength = 1 << 30

    /// The number of bytes behind the head.
    var length: UInt32
    /// Whether a certificate follows the block.
    var hasCertificate: Bool
    /// The height of the block.
    var height: Height
    /// The height through which everything was durable when this was written.
    ///
    /// By it damage to what was once durable is told from the torn end of the last writes.
    var synced: Height
    /// The name of the block.
    var block: Digest
    /// The checksum of the body.
    var bodySum: ShortSum

    /// The bytes as they stand at some offset.
    func bytes(at offset: UInt64, in place: ArchivePlace, _ seal: ArchiveSeal) -> [UInt8] {
        var encoder = BorshEncoder(capacity: ArchiveEntryHead.byteCount)
        encoder.append(length)
        encoder.append(hasCertificate)
        encoder.append(height)
        encoder.append(synced)
        encoder.append(block)
        encoder.append(bodySum)
        encoder.append(seal.sum(of: place.head, at: offset, encoder.bytes))
        return encoder.bytes
    }

    /// Reads the head at some offset; nil unless it was written there, whole, by this archive.
    static func authentic(
        _ bytes: [UInt8],
        at offset: UInt64,
        in place: ArchivePlace,
        _ seal: ArchiveSeal
    ) -> ArchiveEntryHead? {
        guard bytes.count == byteCount, let (head, sum) = try? decode(bytes),
            sum == seal.sum(of: place.head, at: offset, Array(bytes.prefix(checkedByteCount)))
        else { return nil }
        return head
    }

    /// Whether bytes may be a head of a file, before anything is hashed.
    static func isPlausible(_ bytes: ArraySlice<UInt8>, first: Height) -> Bool {
        let start = bytes.startIndex
        guard bytes[start + 4] <= 1 else { return false }
        // No file has more than 2^32 blocks.
        let height = (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[start + 5 + $1]) << UInt64(8 * $1) }
        return height >= first.rawValue && height - first.rawValue <= UInt64(UInt32.max)
    }

    private static func decode(_ bytes: [UInt8]) throws(DecodingError) -> (ArchiveEntryHead, ShortSum) {
        var decoder = BorshDecoder(bytes)
        let head = ArchiveEntryHead(
            length: try decoder.readUInt32(),
            hasCertificate: try decoder.readBool(),
            height: try decoder.read(),
            synced: try decoder.read(),
            block: try decoder.read(),
            bodySum: try decoder.read()
        )
        return (head, try decoder.read())
    }
}
