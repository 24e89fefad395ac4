public import HotStuff

extension BlockArchive {
    /// Appends the next final blocks; they are durable after `sync()`.
    ///
    /// Blocks that are already there are passed over, and so are those below the first height. The certificate's signatures are not
    /// verified here. O(bytes), with one write for each data file that is touched.
    ///
    /// - Parameters:
    ///   - blocks: blocks that follow each other, the first one at most one above the last height.
    ///   - finality: a certificate that commits the last of the blocks or a descendant; it is stored with that block.
    /// - Throws: what does not fit, and then nothing was written; or how the disk failed.
    public mutating func append(_ blocks: [Block], finality: QuorumCertificate) throws(ArchiveError) {
        try checkRunning()
        try checkOrder(of: blocks)
        try check(finality, of: blocks)
        let new = try newBlocks(of: blocks)
        var drafts: [ArchiveDraft] = []
        for block in new {
            let isLast = block.height == new.last?.height
            let entry = ArchiveEntry(block: block, certificate: isLast ? finality : nil)
            guard let body = entry.body else { throw .tooLarge(block.height) }
            drafts.append(ArchiveDraft(entry: entry, body: body))
        }
        try write(drafts)
    }

    private func checkOrder(of blocks: [Block]) throws(ArchiveError) {
        if let stranger = blocks.first(where: { $0.header.chain != chain }) { throw .foreignBlock(stranger.height) }
        for (below, above) in zip(blocks, blocks.dropFirst()) {
            guard above.height.follows(below.height) else {
                throw .notNext(expected: below.height.next ?? below.height, found: above.height)
            }
            guard above.header.parent == below.id else { throw .wrongParent(above.height) }
        }
    }

    private func check(_ finality: QuorumCertificate, of blocks: [Block]) throws(ArchiveError) {
        guard let first = blocks.first, let last = blocks.last else { return }
        let statement = finality.statement
        guard statement.chain == chain, let final = statement.commits, statement.height >= last.height,
            final != first.header.parent, !blocks.dropLast().contains(where: { $0.id == final }),
            // A certificate of the last block itself can commit nothing above it.
            final == last.id || statement.height > last.height
        else { throw .notFinal(last.height) }
    }

    /// The blocks above the last height, after all others have been compared with what is there.
    private func newBlocks(of blocks: [Block]) throws(ArchiveError) -> ArraySlice<Block> {
        let (first, height, tip) = catalogue.withState { ($0.first, $0.height, $0.tip) }
        for block in blocks where block.height >= first && block.height <= height {
            do throws(ArchiveError) {
                guard try reader.holds(block.id, at: block.height) else { throw .conflict(block.height) }
            } catch {
                // A damaged block whose name is not known contradicts nothing.
                guard case .unknownName = error else { throw error }
            }
        }
        let new = blocks.drop { $0.height <= height }
        guard let next = new.first else { return new }
        guard next.height.follows(height) else {
            throw .notNext(expected: height.next ?? height, found: next.height)
        }
        guard tip == nil || next.header.parent == tip else { throw .wrongParent(next.height) }
        return new
    }

    private mutating func write(_ drafts: [ArchiveDraft]) throws(ArchiveError) {
        var batch = ArchiveBatch(memory: spare.take())
        for draft in drafts {
            let block = draft.entry.block
            if let end = tail?.end, end + UInt64(batch.bytes.count) >= configuration.fileByteCount {
                try write(&batch)
                try finishFile()
                try start(at: block.height, parent: block.header.parent)
            } else if tail == nil {
                try start(at: block.height, parent: block.header.parent)
            }
            guard let tail else { preconditionFailure("a data file was started and is not there") }
            batch.append(draft, to: tail, synced: catalogue.withState { $0.durable })
        }
        try write(&batch)
        if batch.bytes.capacity <= Self.maximumSpareByteCount { spare = batch.bytes }
    }

    private mutating func write(_ batch: inout ArchiveBatch) throws(ArchiveError) {
        guard var tail, let last = batch.entries.last else { return }
        try writing { () throws(DiskError) in try tail.append(batch.bytes) }
        self.tail = tail
        catalogue.withState { state in
            state.pending += batch.entries
            state.tip = last.block
        }
        batch.clear()
    }

    /// The most memory that is kept from one write to the next.
    private static var maximumSpareByteCount: Int { 4 << 20 }

    /// Makes a data file and its index durable before there is a next one: of all files but the last nothing can be torn.
    private mutating func finishFile() throws(ArchiveError) {
        try sync()
        guard let tail else { return }
        try writing { () throws(DiskError) in try tail.page.handles.index.syncData() }
    }
}

/// An entry to write, encoded but for its head.
private struct ArchiveDraft {
    let entry: ArchiveEntry
    let body: [UInt8]
}

/// Entries that are written to a data file at once.
private struct ArchiveBatch {
    private(set) var bytes: [UInt8]
    private(set) var entries: [ArchiveIndexEntry] = []

    /// Creates one without entries, in memory that an earlier one left.
    init(memory: [UInt8]?) { bytes = memory ?? [] }

    /// Forgets what was written, and keeps the memory.
    mutating func clear() {
        bytes.removeAll(keepingCapacity: true)
        entries = []
    }

    mutating func append<Storage>(_ draft: ArchiveDraft, to tail: ArchiveTail<Storage>, synced: Height) {
        let offset = tail.end + UInt64(bytes.count)
        let seal = tail.page.file.seal
        let head = draft.entry.head(of: draft.body, synced: synced, at: offset, in: .blocks, seal)
        bytes += head.bytes(at: offset, in: .blocks, seal)
        bytes += draft.body
        entries.append(
            ArchiveIndexEntry(block: head.block, offset: offset, length: head.length, place: .blocks)
        )
    }
}
