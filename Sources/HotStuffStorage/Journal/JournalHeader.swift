internal import HotStuff

/// The first bytes of a segment: what it is, whose, and its place in the journal; written once, when the segment is made.
///
///     magic 8 | format 4 | chain 32 | owner 32 | salt 32 | number 8 | first sequence 8 | label 4 + n | checksum 32 over all before
///
/// Integers are little-endian here and everywhere in the file. The first two fields have this place in every format.
struct JournalHeader: Equatable {
    static let magic = Array("hsjournl".utf8)
    static let format: UInt32 = 2

    /// The most bytes of a header.
    static let maximumByteCount = fixedByteCount + JournalSegment.maximumLabelBytes + Digest.byteCount

    /// The bytes before the label.
    private static let fixedByteCount = magic.count + 4 + 3 * Digest.byteCount + 8 + 8 + 4

    var identity: JournalIdentity
    /// The salt of the whole journal.
    var salt: JournalSalt
    /// The number of the segment.
    var number: UInt64
    /// The sequence number of its first batch.
    var firstSequence: UInt64
    var label: [UInt8]

    var byteCount: Int { JournalHeader.fixedByteCount + label.count + Digest.byteCount }

    /// The checksums of the batches behind this header.
    var seal: JournalSeal { JournalSeal(salt, segment: number) }

    /// The bytes as they begin the file.
    var bytes: [UInt8] {
        var encoder = BorshEncoder(capacity: byteCount)
        encoder.appendRaw(JournalHeader.magic)
        encoder.append(JournalHeader.format)
        encoder.append(identity.chain)
        encoder.append(identity.owner)
        encoder.append(salt.digest)
        encoder.append(number)
        encoder.append(firstSequence)
        encoder.appendBytes(label)
        encoder.append(Digest.hash(of: encoder.bytes))
        return encoder.bytes
    }

    /// Reads the beginning of a file, `maximumByteCount` bytes or as many as there are, and checks whose journal it is of.
    static func check(
        _ bytes: [UInt8],
        against identity: JournalIdentity,
        path: String
    ) throws(JournalError) -> JournalHeader {
        let header = try read(bytes, path: path)
        guard header.identity.chain == identity.chain else {
            throw .wrongChain(path: path, found: header.identity.chain, expected: identity.chain)
        }
        guard header.identity.owner == identity.owner else {
            throw .wrongOwner(path: path, found: header.identity.owner, expected: identity.owner)
        }
        return header
    }

    /// Reads the beginning of a file of whoever's journal, `maximumByteCount` bytes or as many as there are.
    static func read(_ bytes: [UInt8], path: String) throws(JournalError) -> JournalHeader {
        guard bytes.count >= fixedByteCount else { throw tooShort(bytes.count, path) }
        guard bytes.starts(with: magic) else { throw .notAJournal(path: path) }
        var decoder = BorshDecoder(bytes)
        let header: JournalHeader
        let checksum: Digest
        do {
            _ = try decoder.readRaw(count: magic.count)
            let format = try decoder.readUInt32()
            guard format == self.format else {
                throw JournalError.unknownFormat(path: path, found: format, known: self.format)
            }
            header = JournalHeader(
                identity: JournalIdentity(chain: try decoder.read(), owner: try decoder.read()),
                salt: JournalSalt(try decoder.read()),
                number: try decoder.readUInt64(),
                firstSequence: try decoder.readUInt64(),
                label: try decoder.readBytes(maximum: JournalSegment.maximumLabelBytes)
            )
            checksum = try decoder.read()
        } catch let error as JournalError {
            throw error
        } catch {
            throw .damaged(path: path, offset: 0, reason: "the header does not decode: \(error)")
        }
        guard checksum == Digest.hash(of: Array(bytes.prefix(header.byteCount - Digest.byteCount))) else {
            throw .damaged(path: path, offset: 0, reason: "the checksum of the header is wrong")
        }
        return header
    }

    private static func tooShort(_ count: Int, _ path: String) -> JournalError {
        .damaged(path: path, offset: 0, reason: "the file ends inside its header, after \(count) bytes")
    }
}
