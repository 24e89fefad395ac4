public import HotStuff

extension JournalEntry {
    /// Creates the entry of a replica's record; what it signed is kept twice.
    public init(_ record: JournalRecord) {
        let isPrecious =
            switch record {
            case .safety: true
            case .block, .quorumCertificate, .timeoutCertificate, .commit, .checkpoint: false
            }
        self.init(record.encoded, isPrecious: isPrecious)
    }
}
