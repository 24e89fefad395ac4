internal import HotStuff

/// The beginning of a batch, with its own checksum, so that no number in it is used before it is known to be as it was written.
///
///     magic 8 | sequence 8 | records 4 | length 4 | body checksum 32 | head checksum 16
///
/// The body follows: `length` bytes of records, each a head and a payload. The body's checksum is over the heads of the records,
/// in which checksums stand for the payloads: every byte but those of padding is hashed once.
struct JournalBatchHead: Equatable {
    static let byteCount = checkedByteCount + ShortSum.byteCount
    static let magic: UInt64 = 0x6863_7461_625f_7368  // "hs_batch"

    /// The number of bytes that the head's checksum covers.
    private static let checkedByteCount = 8 + 8 + 4 + 4 + Digest.byteCount

    /// The place of the batch in the journal, from 1.
    var sequence: UInt64
    /// The number of records, with copies and padding.
    var records: UInt32
    /// The number of bytes behind the head.
    var length: UInt32
    /// The checksum over the heads of the records.
    var bodySum: Digest

    /// The bytes as they stand at some offset of the file.
    func bytes(at offset: UInt64, _ seal: JournalSeal) -> [UInt8] {
        var encoder = BorshEncoder(capacity: JournalBatchHead.byteCount)
        encoder.append(JournalBatchHead.magic)
        encoder.append(sequence)
        encoder.append(records)
        encoder.append(length)
        encoder.append(bodySum)
        encoder.append(seal.shortSum(of: .batchHead, at: offset, encoder.bytes.span.bytes))
        return encoder.bytes
    }

    /// Reads the head at some offset; nil unless it was written there, whole, by this journal.
    static func authentic(_ bytes: [UInt8], at offset: UInt64, _ seal: JournalSeal) -> JournalBatchHead? {
        guard let (head, sum) = try? decode(bytes) else { return nil }
        let checked = Array(bytes.prefix(checkedByteCount))
        guard sum == seal.shortSum(of: .batchHead, at: offset, checked.span.bytes) else { return nil }
        return head
    }

    private static func decode(_ bytes: [UInt8]) throws(DecodingError) -> (JournalBatchHead, ShortSum)? {
        var decoder = BorshDecoder(bytes)
        guard try decoder.readUInt64() == magic else { return nil }
        let head = JournalBatchHead(
            sequence: try decoder.readUInt64(),
            records: try decoder.readUInt32(),
            length: try decoder.readUInt32(),
            bodySum: try decoder.read()
        )
        let sum: ShortSum = try decoder.read()
        try decoder.finish()
        return (head, sum)
    }
}
