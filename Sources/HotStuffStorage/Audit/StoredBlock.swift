package import HotStuff

/// A block as a data directory has it, with what proves it final.
package struct StoredBlock: Sendable {
    /// The block.
    package let block: Block
    /// The file in which it was found, as a path.
    package let path: String
    /// Whether it is final by archive or journal.
    package let isFinal: Bool
    /// A certificate that makes it final, or a block above it; its signatures were not verified.
    package let finality: QuorumCertificate?

    /// Finds the final block of a height, or, if none is final there, one that the journal holds.
    ///
    /// It reads one data file of the archive, and the journal if that does not say enough.
    ///
    /// - Parameters:
    ///   - height: the height, above the genesis.
    ///   - archive: the data files.
    ///   - journal: the segments.
    ///   - disk: the directory.
    /// - Returns: the block; nil if there is none.
    /// - Throws: that the archive is damaged there, or how the disk failed.
    package static func find<Storage: Disk>(
        at height: Height,
        in archive: ArchiveListing,
        _ journal: JournalListing,
        on disk: Storage
    ) throws(ArchiveError) -> StoredBlock? {
        var search = FinalitySearch(of: height)
        var archived: (block: Block, path: String)?
        var walk = ArchiveWalk(archive, from: height, on: disk)
        while !search.isOver(at: walk.next ?? height), let step = try walk.step() {
            switch step {
            case .file, .misplaced: break
            case .block(let block, let certificate):
                if block.height == height { archived = (block, walk.path) }
                search.see(block)
                if let certificate, block.height >= height { search.see(certificate) }
            case .damaged(let damaged, _): if damaged == height { throw .damaged(height) }
            }
        }
        var committed: Digest?
        var places: [Digest: String] = [:]
        if search.found == nil || archived == nil {
            do throws(DiskError) {
                _ = try JournalSummary(journal, on: disk) { record, path in
                    search.see(record)
                    if case .commit(height, let block) = record { committed = block }
                    if case .block(let block) = record, block.height == height { places[block.id] = path }
                    if case .checkpoint(let checkpoint) = record, checkpoint.committed.height == height {
                        committed = checkpoint.committed.id
                        places[checkpoint.committed.id] = path
                    }
                }
            } catch {
                throw .disk(error)
            }
        }
        let finality = search.found
        if let archived {
            let certificate = finality?.block == archived.block.id ? finality?.certificate : nil
            return StoredBlock(block: archived.block, path: archived.path, isFinal: true, finality: certificate)
        }
        let names = search.candidates.keys.sorted { $0.description < $1.description }
        guard let name = committed ?? finality?.block ?? names.last, let block = search.candidates[name] else {
            return nil
        }
        return StoredBlock(
            block: block,
            path: places[name] ?? disk.path,
            isFinal: committed == name || finality?.block == name,
            finality: finality?.block == name ? finality?.certificate : nil
        )
    }
}

extension FinalitySearch {
    fileprivate mutating func see(_ record: JournalRecord) {
        switch record {
        case .block(let block): see(block)
        case .quorumCertificate(let certificate): see(certificate)
        case .timeoutCertificate(let certificate): see(certificate.highest)
        case .checkpoint(let checkpoint): see(checkpoint.committed)
        case .safety, .commit: break
        }
    }
}
