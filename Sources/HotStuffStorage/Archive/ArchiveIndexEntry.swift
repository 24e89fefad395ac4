internal import HotStuff

/// What the index of a data file tells of a block: its name, and where it is.
///
///     block 32 | offset 8 | length 4 | flags 4 | checksum 16
///
/// The entries follow a copy of the data file's header, one for each height. An entry is written only when its block is durable.
struct ArchiveIndexEntry: Hashable, Sendable {
    static let byteCount = 64
    /// Where the first entry is.
    static let start: UInt64 = 192

    /// The name; zero if nobody can tell it any more.
    var block: Digest
    /// The offset of the entry's head.
    var offset: UInt64
    /// The length of the entry's body; zero if nobody can tell any more where it is.
    var length: UInt32
    /// Which file it is in.
    var place: ArchivePlace

    /// Whether it can be told where the block is.
    var isKnown: Bool { length > 0 }

    /// Where the entry behind this one begins.
    var end: UInt64 { offset + UInt64(ArchiveEntryHead.byteCount) + UInt64(length) }

    /// A height of which nothing is known but that it was there.
    static let lost = ArchiveIndexEntry(block: .zero, offset: 0, length: 0, place: .blocks)

    /// Where the entry of a height is in the index of a file.
    static func offset(of height: Height, first: Height) -> UInt64 {
        start + (height.rawValue - first.rawValue) * UInt64(byteCount)
    }

    /// The bytes as they stand in the index.
    func bytes(of height: Height, _ seal: ArchiveSeal) -> [UInt8] {
        var encoder = BorshEncoder(capacity: ArchiveIndexEntry.byteCount)
        encoder.append(block)
        encoder.append(offset)
        encoder.append(length)
        encoder.append(place == .repairs ? UInt32(1) : UInt32(0))
        encoder.append(seal.sum(of: .indexEntry, at: height.rawValue, encoder.bytes))
        return encoder.bytes
    }

    /// Reads the entry of a height; nil unless it was written for it, whole, by this archive.
    static func authentic(_ bytes: [UInt8], of height: Height, _ seal: ArchiveSeal) -> ArchiveIndexEntry? {
        guard bytes.count == byteCount, let (entry, sum) = try? decode(bytes),
            sum == seal.sum(of: .indexEntry, at: height.rawValue, Array(bytes.dropLast(ShortSum.byteCount)))
        else { return nil }
        return entry
    }

    private static func decode(_ bytes: [UInt8]) throws(DecodingError) -> (ArchiveIndexEntry, ShortSum) {
        var decoder = BorshDecoder(bytes)
        let entry = ArchiveIndexEntry(
            block: try decoder.read(),
            offset: try decoder.readUInt64(),
            length: try decoder.readUInt32(),
            place: try decoder.readUInt32() == 1 ? .repairs : .blocks
        )
        return (entry, try decoder.read())
    }
}
