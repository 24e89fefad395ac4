public import HotStuff

extension BlockArchive {
    /// Puts a block that was fetched again in the place of the damaged one; it is durable when this returns.
    ///
    /// It goes to a file of repairs beside its data file, which goes with that when it is pruned. The signatures in its
    /// justification may be others than before, for its name does not depend on them; they are not verified here. A block that can
    /// be read is left alone. Of damaged blocks that follow each other the highest comes first where the index is lost too.
    ///
    /// - Parameters:
    ///   - block: the block that was archived at its height.
    ///   - certificate: a certificate that commits it, to be stored with it.
    /// - Throws: why it cannot be that block, or how the disk failed.
    public mutating func repair(_ block: Block, certificate: QuorumCertificate?) throws(ArchiveError) {
        try sync()
        let height = block.height
        do {
            _ = try reader.entry(at: height)
            return
        } catch {
            guard case .damaged = error else { throw error }
        }
        guard try reader.id(at: height) == block.id, ArchiveRepair.fits(block, certificate) else {
            throw .wrongRepair(height)
        }
        let entry = ArchiveEntry(block: block, certificate: certificate)
        guard let body = entry.body else { throw .tooLarge(height) }
        let page = try catalogue.page(of: height)
        let durable = durableHeight
        let disk = catalogue.disk
        try writing { () throws(DiskError) in
            let file = try disk.open(ArchiveFileName.repairs(page.file.first), .createIfMissing)
            let offset = try file.size()
            let seal = page.file.seal
            let head = entry.head(of: body, synced: durable, at: offset, in: .repairs, seal)
            try file.write((head.bytes(at: offset, in: .repairs, seal) + body).span.bytes, at: offset)
            try file.syncData()
            try disk.syncDirectory()
            // Should this be lost, the repair is still found, by a search.
            let place = ArchiveIndexEntry(block: head.block, offset: offset, length: head.length, place: .repairs)
            try page.writeIndex([place], from: height)
            try page.handles.index.syncData()
        }
    }
}

private enum ArchiveRepair {
    /// Whether the parts that a block's name does not cover directly are those that its header names.
    static func fits(_ block: Block, _ certificate: QuorumCertificate?) -> Bool {
        let header = block.header
        guard block.payload.digest == header.payloadDigest, block.justify.block == header.parent,
            block.justify.view == header.justifyView
        else { return false }
        guard let certificate else { return true }
        return certificate.statement.chain == header.chain && certificate.statement.commits == block.id
    }
}
