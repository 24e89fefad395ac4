internal import HotStuff

/// The beginning of a batch, with its own checksum, so that no number in it is used before it is known to be as it was written.
///
///     magic 8 | sequence 8 | records 4 | length 4 | body checksum 32 | head checksum 16
///
/// The body follows: `length` bytes of records, each `length 4 | checksum 16 | payload`. The body's checksum is over the
/// records' lengths and checksums, which stand for the payloads: every byte is hashed once.
struct JournalBatchHead: Equatable {
    static let byteCount = checkedByteCount + ShortSum.byteCount
    static let magic: UInt64 = 0x6863_7461_625f_7368  // "hs_batch"

    /// The number of bytes that the head's checksum covers.
    private static let checkedByteCount = 8 + 8 + 4 + 4 + Digest.byteCount

    /// The place of the batch in the journal, from 1.
    var sequence: UInt64
    /// The number of records.
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

/// The beginning of a record.
struct JournalRecordHead: Equatable {
    static let byteCount = 4 + ShortSum.byteCount

    /// The number of bytes of the payload.
    var length: UInt32
    /// The checksum of the payload at this offset.
    var sum: ShortSum

    /// The bytes as they stand in the file.
    func encode(into encoder: inout BorshEncoder) {
        encoder.append(length)
        encoder.append(sum)
    }

    /// Reads the head at the beginning of some bytes; nil if they are too few.
    init?(_ bytes: [UInt8]) {
        var decoder = BorshDecoder(bytes)
        guard let length = try? decoder.readUInt32(), let sum = try? decoder.read(ShortSum.self) else { return nil }
        self.length = length
        self.sum = sum
    }

    init(of payload: [UInt8], at offset: UInt64, _ seal: JournalSeal) {
        // A batch has less than 2^32 bytes, so a payload in it too.
        length = UInt32(payload.count)
        sum = seal.shortSum(of: .record, at: offset, payload.span.bytes)
    }
}

/// A batch as it stands, or will stand, in the file.
struct JournalBatch: Equatable {
    /// The offset of its head.
    var offset: UInt64
    /// The number of bytes, head included.
    var byteCount: Int
    /// Where its records are.
    var records: [JournalRecordLocation]

    /// The number of bytes that some records will take as one batch.
    static func byteCount(of records: [[UInt8]]) -> Int {
        records.reduce(JournalBatchHead.byteCount) { $0 + JournalRecordHead.byteCount + $1.count }
    }

    /// The bytes of a batch at some offset, and where its records will be; O(bytes).
    static func encode(
        _ records: [[UInt8]],
        sequence: UInt64,
        offset: UInt64,
        _ seal: JournalSeal
    ) -> (bytes: [UInt8], batch: JournalBatch) {
        let byteCount = byteCount(of: records)
        var locations: [JournalRecordLocation] = []
        locations.reserveCapacity(records.count)
        var body = BorshEncoder(capacity: byteCount)
        var heads = BorshEncoder(capacity: records.count * JournalRecordHead.byteCount)
        var position = offset + UInt64(JournalBatchHead.byteCount)
        for payload in records {
            let head = JournalRecordHead(of: payload, at: position, seal)
            locations.append(JournalRecordLocation(offset: position, length: head.length))
            head.encode(into: &heads)
            position += UInt64(JournalRecordHead.byteCount + payload.count)
        }
        let head = JournalBatchHead(
            sequence: sequence,
            records: UInt32(records.count),
            length: UInt32(byteCount - JournalBatchHead.byteCount),
            bodySum: seal.sum(of: .batchBody, at: offset, heads.bytes.span.bytes)
        )
        body.appendRaw(head.bytes(at: offset, seal))
        for (index, payload) in records.enumerated() {
            let start = index * JournalRecordHead.byteCount
            body.appendRaw(Array(heads.bytes[start..<start + JournalRecordHead.byteCount]))
            body.appendRaw(payload)
        }
        return (body.bytes, JournalBatch(offset: offset, byteCount: byteCount, records: locations))
    }
}
