internal import HotStuff

/// The first bytes of a data file, written once, when the file is made; a copy of them begins its index.
///
///     magic 8 | format 4 | chain 32 | first height 8 | parent 32 | salt 32 | checksum 32 over all before
///
/// Integers are little-endian here and everywhere in the files. The first two fields have this place in every format.
struct ArchiveHeader: Equatable, Sendable {
    static let byteCount = magic.count + 4 + 8 + 4 * Digest.byteCount
    static let magic = Array("hsblocks".utf8)
    static let format: UInt32 = 1

    /// The digest of the genesis document.
    var chain: Digest
    /// The height of the first block.
    var first: Height
    /// The name of the block below the first one.
    var parent: Digest
    /// What the checksums of this file are keyed with.
    var salt: JournalSalt

    /// The bytes as they begin the file.
    var bytes: [UInt8] {
        var encoder = BorshEncoder(capacity: ArchiveHeader.byteCount)
        encoder.appendRaw(ArchiveHeader.magic)
        encoder.append(ArchiveHeader.format)
        encoder.append(chain)
        encoder.append(first)
        encoder.append(parent)
        encoder.append(salt.digest)
        encoder.append(Digest.hash(of: encoder.bytes))
        return encoder.bytes
    }

    /// The header that some bytes are, if they are whole.
    init?(_ bytes: [UInt8]) {
        guard bytes.starts(with: ArchiveHeader.magic) else { return nil }
        var decoder = BorshDecoder(bytes)
        do {
            _ = try decoder.readRaw(count: ArchiveHeader.magic.count)
            guard try decoder.readUInt32() == ArchiveHeader.format else { return nil }
            chain = try decoder.read()
            first = try decoder.read()
            parent = try decoder.read()
            salt = JournalSalt(try decoder.read())
            let sum: Digest = try decoder.read()
            try decoder.finish()
            guard sum == Digest.hash(of: Array(bytes.dropLast(Digest.byteCount))) else { return nil }
        } catch {
            return nil
        }
    }

    init(chain: Digest, first: Height, parent: Digest, salt: JournalSalt) {
        self.chain = chain
        self.first = first
        self.parent = parent
        self.salt = salt
    }

    /// Why bytes that are no whole header of this format cannot be used.
    static func reason(against bytes: [UInt8], path: String) -> ArchiveError {
        guard bytes.starts(with: magic) else { return .notAnArchive(path: path) }
        var decoder = BorshDecoder(Array(bytes.dropFirst(magic.count)))
        guard let found = try? decoder.readUInt32(), found != format else { return .damagedHeader(path: path) }
        return .unknownFormat(path: path, found: found, known: format)
    }
}
