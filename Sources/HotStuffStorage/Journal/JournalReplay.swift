internal import HotStuff

/// The reading of a journal at its opening, segment by segment.
struct JournalReplay<Storage: Disk> {
    /// Takes a record, or rejects it.
    typealias Replay = (JournalRecordLocation, [UInt8]) throws(JournalRecordRejection) -> Void

    /// Where the journal ends, and how.
    struct End {
        var file: Storage.File
        /// The offset of the last batch of the last segment; its bytes are none if there is no batch.
        var lastOffset: UInt64 = 0
        var lastBatch: [UInt8] = []
        /// The place and the number of the next batch.
        var offset: UInt64
        var sequence: UInt64
    }

    /// What has been found so far.
    var opening = JournalOpening()
    private let handles: JournalHandles<Storage>
    private let configuration: JournalConfiguration

    init(_ handles: JournalHandles<Storage>, _ configuration: JournalConfiguration) {
        self.handles = handles
        self.configuration = configuration
    }

    /// Replays a segment that has another one behind it, and so must be whole.
    mutating func readSealed(
        _ link: JournalChain.Link,
        before next: JournalChain.Link,
        _ replay: Replay
    ) throws(JournalError) {
        var scanner = try scanner(of: link)
        if case .bad(let reason) = try scan(&scanner, replay).ending {
            let reason = "\(reason), but \(next.path) follows"
            throw .damaged(path: link.path, offset: scanner.offset, reason: reason)
        }
        try next.checkBeginning(scanner.sequence, behind: link)
    }

    /// Replays the last segment, decides whether what is not whole is a torn end, and cuts it off.
    mutating func readLast(_ link: JournalChain.Link, _ replay: Replay) throws(JournalError) -> End {
        var scanner = try scanner(of: link)
        let (ending, last) = try scan(&scanner, replay)
        var end = End(
            file: try handles.file(of: link.header.number),
            offset: scanner.offset,
            sequence: scanner.sequence
        )
        if let last {
            end.lastOffset = last.offset
            end.lastBatch = try scanner.bytes(of: last)
        } else if link.header.number > 1 {
            // A segment comes into being with its first batch: this one has lost it.
            let reason = if case .bad(let reason) = ending { reason } else { "the file ends before its first batch" }
            throw .damaged(path: link.path, offset: scanner.offset, reason: reason)
        }
        let isRefusing = configuration.damagePolicy == .refuse && !mutant("cut-at-damage")
        let mark = isRefusing ? try note(of: link.header) : nil
        let isLost = mark.map { $0.covers(scanner.sequence, in: link.header.number) } ?? false
        let reason: String
        switch ending {
        case .bad(let cause): reason = cause
        case .batch, .end:
            guard isLost else { return end }
            reason = "the file ends before batch \(scanner.sequence)"
        }
        if isRefusing, let later = try scanner.laterBatch() {
            let reason = "\(reason), but another one follows at byte \(later)"
            throw .damaged(path: link.path, offset: scanner.offset, reason: reason)
        }
        // What was torn was never sent, and some of it alone may be worse than nothing.
        if isLost { opening.salvaged = try scanner.salvage() }
        guard !isLost || !opening.salvaged.isEmpty && mark?.sequence == scanner.sequence else {
            throw .damaged(path: link.path, offset: scanner.offset, reason: "\(reason), but it was durable once")
        }
        opening.tornBytes = scanner.remaining
        if opening.salvaged.isEmpty {
            do {
                try end.file.truncate(to: scanner.offset)
                try end.file.syncData()
            } catch {
                throw .disk(error)
            }
        } else {
            try keepSalvaged(in: &end, of: link, replay)
        }
        return end
    }

    /// How far the journal was durable, as far as is known.
    private func note(of header: JournalHeader) throws(JournalError) -> DurableMark? {
        do {
            return try DurableMark.read(on: handles.disk, of: header.salt)
        } catch {
            throw .disk(error)
        }
    }

    /// Replays what was salvaged and makes it the last batch, in place of the torn end.
    private mutating func keepSalvaged(
        in end: inout End,
        of link: JournalChain.Link,
        _ replay: Replay
    ) throws(JournalError) {
        let (bytes, batch) = JournalBatch.encode(
            opening.salvaged.map { JournalEntry($0, isPrecious: true) },
            sequence: end.sequence,
            offset: end.offset,
            link.header.seal
        )
        for (record, payload) in zip(batch.records, opening.salvaged) {
            try hand(payload, at: record, of: link.path, to: replay)
        }
        opening.batches += 1
        opening.records += UInt64(batch.records.count)
        let number = link.header.number
        do {
            end.file = try JournalSegmentFile.replace(
                end.file,
                number: number,
                upTo: end.offset,
                then: bytes,
                on: handles.disk,
                configuration
            )
        } catch {
            throw .disk(error)
        }
        handles.adopt(end.file, as: number)
        end.lastOffset = end.offset
        end.lastBatch = bytes
        end.offset += UInt64(bytes.count)
        end.sequence += 1
    }

    private func scanner(of link: JournalChain.Link) throws(JournalError) -> JournalScanner<Storage.File> {
        let file = try handles.file(of: link.header.number)
        do {
            return try JournalScanner(
                file,
                path: link.path,
                header: link.header,
                maximumBatchBytes: configuration.maximumBatchBytes
            )
        } catch {
            throw .disk(error)
        }
    }

    /// Replays to the end of what is whole; tells what stands there, and the last batch.
    private mutating func scan(
        _ scanner: inout JournalScanner<Storage.File>,
        _ replay: Replay
    ) throws(JournalError) -> (ending: JournalScanner<Storage.File>.Finding, last: JournalBatch?) {
        var last: JournalBatch?
        while true {
            let finding = try scanner.next()
            guard case .batch(let batch) = finding else { return (finding, last) }
            for record in batch.records {
                try hand(try scanner.payload(of: record), at: record, of: scanner.path, to: replay)
            }
            opening.batches += 1
            opening.records += UInt64(batch.records.count)
            last = batch
        }
    }

    private func hand(
        _ payload: [UInt8],
        at record: JournalRecordLocation,
        of path: String,
        to replay: Replay
    ) throws(JournalError) {
        do {
            try replay(record, payload)
        } catch {
            throw .rejected(path: path, offset: record.offset, reason: error.reason)
        }
    }
}
