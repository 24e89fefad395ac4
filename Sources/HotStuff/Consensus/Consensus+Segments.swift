// How the journal goes on in another segment.
extension Consensus {
    /// Begins a segment of the journal with all that the ones before hold and that is still needed.
    ///
    /// Many blocks that are not final may be more than one batch of the journal takes. Then the segment begins later: every commit
    /// leaves fewer of them.
    ///
    /// Complexity: O(bytes of the pending blocks), at most the room.
    mutating func startSegmentIfWanted(into effects: inout [Effect]) {
        guard let wish = segmentWish, wish.waitsAt != tree.root.height else { return }
        guard let records = segmentRecords(within: wish.room) else {
            segmentWish?.waitsAt = tree.root.height
            return
        }
        segmentWish = nil
        effects.append(.startSegment(committed: tree.root.height))
        for record in records { append(record, into: &effects) }
        journaledQuorumView = max(journaledQuorumView, certificates.quorum.view)
        if let timeout = certificates.timeout { journaledTimeoutView = max(journaledTimeoutView, timeout.view) }
    }

    /// What a segment begins with; nil if it is more than some number of bytes.
    private func segmentRecords(within room: Int) -> [JournalRecord]? {
        let checkpoint = Checkpoint(
            committed: tree.root,
            timeoutCertificates: shownInTimeout,
            proposalCertificate: shownInProposal
        )
        var records: [JournalRecord] = [.checkpoint(checkpoint)]
        // A vote is a promise to serve its block: what was journaled stays so.
        for block in tree.blocks where tree.isJournaled(block.id) && !mutant("segment-without-blocks") {
            records.append(.block(block))
        }
        records.append(.quorumCertificate(certificates.quorum))
        if let timeout = certificates.timeout { records.append(.timeoutCertificate(timeout)) }
        records.append(.safety(rules.record))
        var left = room
        for record in records {
            left -= record.encoded.count + Self.recordOverhead
            if left < 0 { return nil }
        }
        return records
    }

    /// The bytes that a journal may take for a record besides its own, at most.
    private static var recordOverhead: Int { 64 }
}
