internal import HotStuff

/// Reads a journal batch by batch, in memory of one batch, and believes nothing.
struct JournalScanner<File: DiskFile> {
    /// What stands at an offset.
    enum Finding: Equatable {
        /// A whole batch, the next in sequence.
        case batch(JournalBatch)
        /// The end of the file.
        case end
        /// Something else.
        case bad(reason: String)
    }

    private let path: String
    private let seal: JournalSeal
    private let maximumBatchBytes: Int
    private var window: JournalWindow<File>

    /// The sequence number that the next batch must have.
    private(set) var sequence: UInt64 = 1
    /// The end of what was read and is whole.
    private(set) var offset = UInt64(JournalHeader.byteCount)

    /// The number of bytes that are read at once, at least.
    private static var stride: Int { 1 << 20 }

    init(_ file: File, path: String, seal: JournalSeal, maximumBatchBytes: Int) throws(DiskError) {
        self.path = path
        self.seal = seal
        self.maximumBatchBytes = maximumBatchBytes
        window = try JournalWindow(file, stride: JournalScanner.stride)
    }

    /// The number of bytes behind what is whole.
    var remaining: UInt64 { window.remaining(from: offset) }

    /// Reads the next batch and, if it is whole, goes behind it.
    mutating func next() throws(JournalError) -> Finding {
        guard remaining > 0 else { return .end }
        guard let head = try head(at: offset) else { return .bad(reason: "no batch begins here") }
        guard head.sequence == sequence else {
            throw .damaged(
                path: path,
                offset: offset,
                reason: "batch \(head.sequence) is where batch \(sequence) should be"
            )
        }
        let byteCount = JournalBatchHead.byteCount + Int(head.length)
        guard byteCount <= maximumBatchBytes else {
            throw .storedBatchTooLarge(path: path, offset: offset, bytes: byteCount, maximum: maximumBatchBytes)
        }
        guard let bytes = try bytes(byteCount, at: offset) else { return .bad(reason: "the file ends inside a batch") }
        guard let records = records(in: bytes.dropFirst(JournalBatchHead.byteCount), of: head) else {
            return .bad(reason: "the content of a batch does not match its checksum")
        }
        let batch = JournalBatch(offset: offset, byteCount: byteCount, records: records)
        offset += UInt64(byteCount)
        sequence += 1
        return .batch(batch)
    }

    /// The payload of a record of the batch that was read last.
    mutating func payload(of record: JournalRecordLocation) throws(JournalError) -> [UInt8] {
        let start = record.offset + UInt64(JournalRecordHead.byteCount)
        guard let bytes = try bytes(Int(record.length), at: start) else {
            throw .damaged(path: path, offset: record.offset, reason: "the file has become shorter")
        }
        return Array(bytes)
    }

    /// All bytes of the batch that was read last.
    mutating func bytes(of batch: JournalBatch) throws(JournalError) -> [UInt8] {
        guard let bytes = try bytes(batch.byteCount, at: batch.offset) else {
            throw .damaged(path: path, offset: batch.offset, reason: "the file has become shorter")
        }
        return Array(bytes)
    }

    /// The offset of the first batch behind what is whole that this journal wrote at that place, in turn or later.
    ///
    /// A batch is written only when the one before is as durable as the mode promises; so if there is one, then what stands
    /// before it was whole once, and is not just the torn end of the last write. O(remaining bytes).
    mutating func laterBatch() throws(JournalError) -> UInt64? {
        let first = UInt8(truncatingIfNeeded: JournalBatchHead.magic)
        let overlap = JournalBatchHead.byteCount - 1
        // The bad batch may itself have a good head.
        var position = offset + 1
        while window.remaining(from: position) > UInt64(overlap) {
            let count = Int(min(window.remaining(from: position), UInt64(JournalScanner.stride)))
            guard let chunk = try bytes(count, at: position) else { return nil }
            for candidate in chunk.indices.dropLast(overlap) where chunk[candidate] == first {
                let place = position + UInt64(candidate - chunk.startIndex)
                let head = JournalBatchHead.authentic(Array(chunk[candidate...candidate + overlap]), at: place, seal)
                if let head, head.sequence >= sequence { return place }
            }
            position += UInt64(count - overlap)
        }
        return nil
    }

    private mutating func head(at offset: UInt64) throws(JournalError) -> JournalBatchHead? {
        guard let bytes = try bytes(JournalBatchHead.byteCount, at: offset) else { return nil }
        return JournalBatchHead.authentic(Array(bytes), at: offset, seal)
    }

    /// Where the records of a body are; nil unless it is, to the byte, what its head says.
    private func records(in body: ArraySlice<UInt8>, of head: JournalBatchHead) -> [JournalRecordLocation]? {
        var records: [JournalRecordLocation] = []
        var heads: [UInt8] = []
        var rest = body
        while !rest.isEmpty {
            let headBytes = Array(rest.prefix(JournalRecordHead.byteCount))
            guard let record = JournalRecordHead(headBytes) else { return nil }
            rest = rest.dropFirst(JournalRecordHead.byteCount)
            let payload = rest.prefix(Int(record.length))
            let place = offset + UInt64(JournalBatchHead.byteCount + payload.startIndex - body.startIndex)
            let location = JournalRecordLocation(
                offset: place - UInt64(JournalRecordHead.byteCount),
                length: record.length
            )
            guard payload.count == Int(record.length),
                record.sum == seal.shortSum(of: .record, at: location.offset, payload.span.bytes)
                    || mutant("trust-torn-batch")
            else { return nil }
            records.append(location)
            heads += headBytes
            rest = rest.dropFirst(payload.count)
        }
        guard records.count == Int(head.records),
            head.bodySum == seal.sum(of: .batchBody, at: offset, heads.span.bytes) || mutant("trust-torn-batch")
        else { return nil }
        return records
    }

    private mutating func bytes(_ count: Int, at offset: UInt64) throws(JournalError) -> ArraySlice<UInt8>? {
        do {
            return try window.read(count, at: offset)
        } catch {
            throw .disk(error)
        }
    }
}
