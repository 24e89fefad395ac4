internal import HotStuff

/// A batch as it stands, or will stand, in a segment.
///
/// Precious records are kept twice. The copies come first, behind the head; then the records themselves, in order. Between
/// the two of each are at least 4,096 bytes, so that no sector of a disk, wherever it begins, holds parts of both. Mostly
/// the records that a statement rests on, blocks and certificates, are as long as that; padding makes up for what is
/// missing, and only a batch of little but the statement has it.
struct JournalBatch: Equatable {
    /// The offset of its head.
    var offset: UInt64
    /// The number of bytes, head included.
    var byteCount: Int
    /// Where its records are, without copies and padding.
    var records: [JournalRecordLocation]

    /// The bytes between a precious record and its copy, at least: the sector of today's disks.
    static var distance: Int { 4_096 }

    /// The number of bytes that some entries will take as one batch.
    static func byteCount(of entries: [JournalEntry]) -> Int {
        JournalBatchHead.byteCount + contentByteCount(of: entries) + paddingByteCount(of: entries)
    }

    /// The bytes of the records and copies: all that adds up when entries are put together.
    static func contentByteCount(of entries: [JournalEntry]) -> Int {
        entries.reduce(0) { $0 + byteCount(of: $1) * ($1.isPrecious ? 2 : 1) }
    }

    /// The most bytes of padding, however many entries are put together.
    static var maximumPaddingByteCount: Int { distance }

    private static func byteCount(of entry: JournalEntry) -> Int { JournalRecordHead.byteCount + entry.payload.count }

    /// The bytes of the padding, its head included; 0 where the records themselves keep all pairs apart.
    private static func paddingByteCount(of entries: [JournalEntry]) -> Int {
        var recordStart = entries.reduce(0) { $0 + ($1.isPrecious ? byteCount(of: $1) : 0) }
        var copyEnd = 0
        var lack = 0
        for entry in entries {
            if entry.isPrecious {
                copyEnd += byteCount(of: entry)
                lack = max(lack, copyEnd + distance - recordStart)
            }
            recordStart += byteCount(of: entry)
        }
        return lack > 0 ? max(lack, JournalRecordHead.byteCount) : 0
    }

    /// The bytes of a batch at some offset, and where its records will be; O(bytes).
    static func encode(
        _ entries: [JournalEntry],
        sequence: UInt64,
        offset: UInt64,
        _ seal: JournalSeal
    ) -> (bytes: [UInt8], batch: JournalBatch) {
        let byteCount = byteCount(of: entries)
        var locations: [JournalRecordLocation] = []
        locations.reserveCapacity(entries.count)
        let parts = parts(of: entries)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(byteCount)
        var heads: [UInt8] = []
        heads.reserveCapacity(parts.count * JournalRecordHead.byteCount)
        // The batch's own head, which comes first, needs the heads of all records: its place is kept.
        bytes.append(contentsOf: repeatElement(0, count: JournalBatchHead.byteCount))
        for part in parts {
            let position = offset + UInt64(bytes.count)
            let head = JournalRecordHead(
                part.kind,
                of: part.payload,
                sequence: sequence,
                index: part.index,
                at: position,
                seal
            )
            let headBytes = head.bytes(at: position, seal)
            heads += headBytes
            bytes += headBytes
            bytes += part.payload
            switch part.kind {
            case .plain, .precious:
                locations.append(
                    JournalRecordLocation(segment: seal.segment, offset: position, length: head.length)
                )
            case .copy, .padding: break
            }
        }
        let head = JournalBatchHead(
            sequence: sequence,
            records: UInt32(parts.count),
            length: UInt32(byteCount - JournalBatchHead.byteCount),
            bodySum: seal.sum(of: .batchBody, at: offset, heads.span.bytes)
        )
        bytes.replaceSubrange(..<JournalBatchHead.byteCount, with: head.bytes(at: offset, seal))
        return (bytes, JournalBatch(offset: offset, byteCount: byteCount, records: locations))
    }

    /// What a batch of some entries consists of, in the order of the file.
    private static func parts(
        of entries: [JournalEntry]
    ) -> [(kind: JournalRecordHead.Kind, index: Int, payload: [UInt8])] {
        var parts: [(kind: JournalRecordHead.Kind, index: Int, payload: [UInt8])] = []
        for (index, entry) in entries.enumerated() where entry.isPrecious {
            parts.append((.copy, index, entry.payload))
        }
        let padding = paddingByteCount(of: entries)
        if padding > 0 {
            parts.append((.padding, 0, [UInt8](repeating: 0, count: padding - JournalRecordHead.byteCount)))
        }
        for (index, entry) in entries.enumerated() {
            parts.append((entry.isPrecious ? .precious : .plain, index, entry.payload))
        }
        return parts
    }
}
