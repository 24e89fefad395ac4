public import HotStuff

/// The committed chain on a disk: the blocks of the archive, and above them those that only the journal has.
public enum StoredChain {
    /// Calls a closure with every committed block, upwards.
    ///
    /// Incomplete ends of files are cut off, as at a start of the replica. One batch of blocks is in memory at a time.
    ///
    /// - Parameters:
    ///   - disk: the directory.
    ///   - identity: whose journal it must be.
    ///   - committee: the epoch's validators.
    ///   - body: takes the blocks.
    /// - Throws: what cannot be read.
    public static func read<Storage: Disk>(
        on disk: Storage,
        identity: JournalIdentity,
        committee: Committee,
        _ body: (Block) -> Void
    ) throws(RecoveryFailure) {
        let archive: BlockArchive<Storage>
        do {
            archive = try BlockArchive.open(on: disk, chain: committee.chain)
        } catch {
            throw .archive(error)
        }
        let reader = archive.reader
        var height = Height(max(reader.firstHeight.rawValue, 1) - 1)
        while height < reader.height {
            let blocks: [Block]
            do {
                blocks = try reader.blocks(
                    above: height,
                    through: reader.height,
                    maximumCount: 256,
                    maximumBytes: 16 << 20
                )
            } catch {
                throw .archive(error)
            }
            guard let last = blocks.last else {
                let next = height.next ?? height
                throw .lost(path: reader.path(of: next), height: next, reason: ArchiveError.missing(next).description)
            }
            for block in blocks { body(block) }
            height = last.height
        }
        var recovery = Recovery(committee: committee)
        let archived = reader.height
        let firstSegment: ([[UInt8]]) -> Int = { SegmentLabel.start(in: $0, archived: archived) }
        do {
            _ = try Journal.open(
                on: disk,
                identity: identity,
                configuration: JournalConfiguration(durability: .processCrash),
                startingAt: firstSegment
            ) { (_, bytes) throws(JournalRecordRejection) in
                do {
                    let block = try recovery.apply(try JournalRecord(decoding: bytes))
                    if let block, block.height > archived { body(block) }
                } catch {
                    throw JournalRecordRejection(reason: "\(error)")
                }
            }
        } catch {
            throw .journal(error)
        }
    }
}
