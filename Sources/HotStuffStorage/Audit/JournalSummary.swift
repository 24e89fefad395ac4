package import HotStuff

/// What the records of a journal come to, for somebody who looks: nothing is judged but the checksums.
package struct JournalSummary: Sendable {
    /// The number of whole batches.
    package private(set) var batches: UInt64 = 0
    /// The number of records in them.
    package private(set) var records: UInt64 = 0
    /// The number of the last batch.
    package private(set) var lastSequence: UInt64 = 0
    /// The place of the last record.
    package private(set) var lastRecord: JournalRecordLocation?
    /// The bytes behind the last whole batch: what was being written.
    package private(set) var tornBytes: UInt64 = 0
    /// What was signed last.
    package private(set) var safety: SafetyRecord?
    /// The highest quorum certificate.
    package private(set) var quorumCertificate: QuorumCertificate?
    /// The highest timeout certificate.
    package private(set) var timeoutCertificate: TimeoutCertificate?
    /// The highest block that is recorded as final, and its name.
    package private(set) var committed: (height: Height, block: Digest)?
    /// What is damaged first, if anything is; the rest was not read.
    package private(set) var problem: String?

    /// Reads all segments.
    ///
    /// - Parameters:
    ///   - listing: the segments.
    ///   - disk: the directory.
    ///   - observing: sees every record that decodes, and the path of its segment.
    /// - Throws: how the disk failed.
    package init<Storage: Disk>(
        _ listing: JournalListing,
        on disk: Storage,
        observing: (JournalRecord, String) -> Void = { _, _ in }
    ) throws(DiskError) {
        problem = listing.fault(on: disk)?.description
        var walk = JournalWalk(listing, on: disk)
        do throws(JournalError) {
            while let batch = try walk.nextBatch() {
                batches = walk.batches
                lastSequence = walk.lastSequence
                for record in batch {
                    records += 1
                    lastRecord = record.place
                    if let content = record.content {
                        take(content)
                        observing(content, walk.path)
                    } else if problem == nil {
                        problem = "\(walk.path) has a record at byte \(record.place.offset) that does not decode"
                    }
                }
            }
        } catch {
            if case .disk(let error) = error { throw error }
            problem = problem ?? error.description
        }
        tornBytes = walk.tornBytes
    }

    private mutating func take(_ record: JournalRecord) {
        switch record {
        case .block(let block): note(block.justify)
        case .quorumCertificate(let certificate): note(certificate)
        case .timeoutCertificate(let certificate):
            note(certificate.highest)
            if certificate.view > timeoutCertificate?.view ?? .genesis { timeoutCertificate = certificate }
        case .safety(let record): safety = record
        case .commit(let height, let block): commit(height, block)
        case .checkpoint(let checkpoint):
            note(checkpoint.committed.justify)
            commit(checkpoint.committed.height, checkpoint.committed.id)
        }
    }

    private mutating func note(_ certificate: QuorumCertificate) {
        guard let highest = quorumCertificate else {
            quorumCertificate = certificate
            return
        }
        if certificate.view > highest.view { quorumCertificate = certificate }
    }

    private mutating func commit(_ height: Height, _ block: Digest) {
        if height >= committed?.height ?? .genesis { committed = (height, block) }
    }
}
