internal import HotStuff

/// The first bytes of a journal: what it is, whose, and its salt; written once, when the journal is made.
///
///     magic 8 | format 4 | chain 32 | owner 32 | salt 32 | checksum 32 over all before
///
/// Integers are little-endian here and everywhere in the file. The first two fields have this place in every format.
struct JournalHeader: Equatable {
    static let byteCount = magic.count + 4 + 4 * Digest.byteCount
    static let magic = Array("hsjournl".utf8)
    static let format: UInt32 = 1

    var identity: JournalIdentity
    var salt: JournalSalt

    /// The bytes as they begin the file.
    var bytes: [UInt8] {
        var encoder = BorshEncoder(capacity: JournalHeader.byteCount)
        encoder.appendRaw(JournalHeader.magic)
        encoder.append(JournalHeader.format)
        encoder.append(identity.chain)
        encoder.append(identity.owner)
        encoder.append(salt.digest)
        encoder.append(Digest.hash(of: encoder.bytes))
        return encoder.bytes
    }

    /// Reads the beginning of a file, as much of `byteCount` bytes as there is, and checks that it is this replica's journal.
    static func check(
        _ bytes: [UInt8],
        against identity: JournalIdentity,
        path: String
    ) throws(JournalError) -> JournalHeader {
        guard bytes.count == byteCount else {
            throw .damaged(path: path, offset: 0, reason: "the file ends inside its header, after \(bytes.count) bytes")
        }
        guard bytes.starts(with: magic) else { throw .notAJournal(path: path) }
        var decoder = BorshDecoder(bytes)
        let format: UInt32
        let header: JournalHeader
        let checksum: Digest
        do {
            _ = try decoder.readRaw(count: magic.count)
            format = try decoder.readUInt32()
            header = JournalHeader(
                identity: JournalIdentity(chain: try decoder.read(), owner: try decoder.read()),
                salt: JournalSalt(try decoder.read())
            )
            checksum = try decoder.read()
        } catch {
            throw .damaged(path: path, offset: 0, reason: "the header does not decode: \(error)")
        }
        guard format == self.format else { throw .unknownFormat(path: path, found: format, known: self.format) }
        guard checksum == Digest.hash(of: Array(bytes.dropLast(Digest.byteCount))) else {
            throw .damaged(path: path, offset: 0, reason: "the checksum of the header is wrong")
        }
        guard header.identity.chain == identity.chain else {
            throw .wrongChain(path: path, found: header.identity.chain, expected: identity.chain)
        }
        guard header.identity.owner == identity.owner else {
            throw .wrongOwner(path: path, found: header.identity.owner, expected: identity.owner)
        }
        return header
    }
}
