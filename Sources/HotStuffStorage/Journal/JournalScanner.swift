internal import HotStuff

/// Reads a segment batch by batch, in memory of one batch, and believes nothing.
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

    let path: String
    let seal: JournalSeal
    let maximumBatchBytes: Int
    var window: JournalWindow<File>

    /// The sequence number that the next batch must have.
    private(set) var sequence: UInt64
    /// The end of what was read and is whole.
    private(set) var offset: UInt64

    /// The number of bytes that are read at once, at least.
    static var stride: Int { 1 << 20 }

    /// Creates a scanner that is to begin behind the header of a segment.
    init(_ file: File, path: String, header: JournalHeader, maximumBatchBytes: Int) throws(DiskError) {
        self.path = path
        self.maximumBatchBytes = maximumBatchBytes
        seal = header.seal
        sequence = header.firstSequence
        offset = UInt64(header.byteCount)
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

    private mutating func head(at offset: UInt64) throws(JournalError) -> JournalBatchHead? {
        guard let bytes = try bytes(JournalBatchHead.byteCount, at: offset) else { return nil }
        return JournalBatchHead.authentic(Array(bytes), at: offset, seal)
    }

    /// Where the records of a body are; nil unless it is, to the byte, what its head says.
    private func records(in body: ArraySlice<UInt8>, of head: JournalBatchHead) -> [JournalRecordLocation]? {
        var records: [JournalRecordLocation] = []
        var heads: [UInt8] = []
        var count = 0
        var rest = body
        while !rest.isEmpty {
            let headBytes = Array(rest.prefix(JournalRecordHead.byteCount))
            guard let record = JournalRecordHead(headBytes) else { return nil }
            let place = offset + UInt64(JournalBatchHead.byteCount + rest.startIndex - body.startIndex)
            rest = rest.dropFirst(JournalRecordHead.byteCount)
            let payload = rest.prefix(Int(record.length))
            guard payload.count == Int(record.length) else { return nil }
            guard record.fits(payload, at: place, seal) || mutant("trust-torn-batch") else { return nil }
            switch record.kind {
            case .plain, .precious:
                records.append(JournalRecordLocation(segment: seal.segment, offset: place, length: record.length))
            case .copy, .padding: break
            }
            heads += headBytes
            count += 1
            rest = rest.dropFirst(payload.count)
        }
        guard count == Int(head.records),
            head.bodySum == seal.sum(of: .batchBody, at: offset, heads.span.bytes) || mutant("trust-torn-batch")
        else { return nil }
        return records
    }

    mutating func bytes(_ count: Int, at offset: UInt64) throws(JournalError) -> ArraySlice<UInt8>? {
        do {
            return try window.read(count, at: offset)
        } catch {
            throw .disk(error)
        }
    }
}
