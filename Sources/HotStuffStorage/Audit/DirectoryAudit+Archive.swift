internal import HotStuff

// The archive, from its first block to its last.
extension DirectoryAudit {
    mutating func checkArchive() throws(AuditEnd) {
        var walk = ArchiveWalk(archive, on: disk)
        for entry in archive.entries where entry.hasDamagedHeader && entry.header != nil {
            let detail =
                "its header or the copy of it in the index is damaged or missing; a start of the replica restores it"
            throw .fault(.init(height: entry.first, file: entry.path, detail: detail))
        }
        var isFirst = true
        while let step = try next(&walk) {
            switch step {
            case .file(let path, let first, let parent):
                try begin(path, first, parent, isFirst: isFirst)
                isFirst = false
            case .block(let block, let certificate):
                try take(block, certificate, in: walk.path)
                report.archivedThrough = block.height
            case .damaged(let height, let wasSynced):
                try settle()
                throw .fault(.init(height: height, file: walk.path, detail: Self.damage(wasSynced: wasSynced)))
            case .misplaced(let height):
                try settle()
                let detail = "block \(height) is where block \(chain.height.next ?? height) should be"
                throw .fault(.init(height: height, file: walk.path, detail: detail))
            }
            if let (height, path) = walk.misindexed {
                try settle()
                let detail = "the index is damaged; the replica finds its blocks without it, but slowly"
                throw .fault(.init(height: height, file: path, detail: detail))
            }
            tell(walk.offset)
        }
        report.archiveTornBytes = walk.tornBytes
        report.tornBytes += walk.tornBytes
    }

    /// A file begins: where the one before ended, or, if blocks were pruned, anywhere.
    private mutating func begin(
        _ path: String,
        _ first: Height,
        _ parent: Digest,
        isFirst: Bool
    ) throws(AuditEnd) {
        let below = Height(first.rawValue - 1)
        guard isFirst, below > committee.genesis.height else {
            guard first.follows(chain.height) else {
                try settle()
                let detail = "it begins with block \(first), but the file before ends with block \(chain.height)"
                throw .fault(.init(height: chain.height.next, file: path, detail: detail))
            }
            if chain.tip != parent {
                try settle()
                throw .fault(.init(height: first, file: path, detail: "its header names another block \(below)"))
            }
            return
        }
        chain.begin(above: below, block: parent)
    }

    private func next(_ walk: inout ArchiveWalk<Storage>) throws(AuditEnd) -> ArchiveWalk<Storage>.Step? {
        do {
            return try walk.step()
        } catch {
            throw AuditEnd(error, height: chain.height.next, path: walk.path)
        }
    }

    /// Verifies what waits, for it is below the fault that was found.
    mutating func settle() throws(AuditEnd) {
        do {
            try chain.finish()
        } catch {
            throw AuditEnd(error)
        }
    }

    private static func damage(wasSynced: Bool) -> String {
        wasSynced
            ? "the block is damaged or missing; the replica can fetch it from another one"
            : "the block is damaged; it was never synced, so a start of the replica cuts it off and goes on from its journal"
    }
}
