internal import HotStuff

// The journal: every record must be in order, and the blocks that only it has go on the chain.
extension DirectoryAudit {
    mutating func checkJournal() throws(AuditEnd) {
        if let fault = journal.fault(on: disk) { throw AuditEnd(fault, height: nil, path: disk.path) }
        var walk = JournalWalk(journal, on: disk)
        var recovery = Recovery(committee: committee)
        var names = ArchiveNames(archive, on: disk)
        let archived = archive.entries.reduce(UInt64(0)) { $0 + $1.byteCount }
        while let batch = try next(&walk) {
            for record in batch {
                report.records += 1
                guard let content = record.content else {
                    throw rejected(record, walk.path, "it does not decode: \(record.problem.map { "\($0)" } ?? "")")
                }
                let committed: Block?
                do {
                    committed = try recovery.apply(content)
                } catch {
                    throw rejected(record, walk.path, error.description)
                }
                try check(content, in: walk.path)
                if let committed { try check(committed, &names, in: walk.path) }
            }
            tell(archived + walk.offset)
        }
        report.tornBytes += walk.tornBytes
        do {
            for block in recovery.pending where !block.isBare {
                try chain.take(block.justify, at: block.height, in: walk.path)
            }
            let certificates = recovery.certificates
            try chain.take(certificates, at: recovery.committedHead.height, in: walk.path)
        } catch {
            throw AuditEnd(error)
        }
    }

    /// Certificates that no block of the chain carries.
    private mutating func check(_ record: JournalRecord, in path: String) throws(AuditEnd) {
        do {
            switch record {
            case .quorumCertificate(let certificate):
                try chain.take(certificate, at: certificate.statement.height, in: path)
            case .timeoutCertificate(let certificate):
                let pair = CertificatePair(quorum: certificate.highest, timeout: certificate)
                try chain.take(pair, at: certificate.highest.statement.height, in: path)
            case .checkpoint(let checkpoint):
                // What came in a range has no certificate of its parent.
                if !checkpoint.committed.isBare {
                    try chain.take(checkpoint.committed.justify, at: checkpoint.committed.height, in: path)
                }
            case .block, .safety, .commit: break
            }
        } catch {
            throw AuditEnd(error)
        }
    }

    /// A block that is final by the journal: the one of the archive, or the next one above it.
    private mutating func check(
        _ block: Block,
        _ names: inout ArchiveNames<Storage>,
        in path: String
    ) throws(AuditEnd) {
        guard block.height <= chain.height else {
            guard block.height.follows(chain.height) else {
                try settle()
                let detail =
                    "block \(block.height) is the next one in the journal, but the archive ends with block \(chain.height): "
                    + "what is between them is lost"
                throw .fault(.init(height: chain.height.next, file: path, detail: detail))
            }
            return try take(block, nil, in: path)
        }
        let name: Digest?
        do {
            name = try names.name(at: block.height)
        } catch {
            throw .refused(.disk(error))
        }
        guard name == nil || name == block.id else {
            let detail =
                "block \(block.id.short)… is final by the journal, but the archive has another one at this height"
            throw .fault(.init(height: block.height, file: path, detail: detail))
        }
    }

    private func next(_ walk: inout JournalWalk<Storage>) throws(AuditEnd) -> [JournalWalk<Storage>.Record]? {
        do {
            return try walk.nextBatch()
        } catch {
            throw AuditEnd(error, height: nil, path: walk.path)
        }
    }

    private func rejected(_ record: JournalWalk<Storage>.Record, _ path: String, _ reason: String) -> AuditEnd {
        AuditEnd(.rejected(path: path, offset: record.place.offset, reason: reason), height: nil, path: path)
    }
}
