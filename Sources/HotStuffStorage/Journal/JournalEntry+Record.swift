public import HotStuff

extension JournalEntry {
    /// Creates the entry of a replica's record.
    ///
    /// What it signed is precious: rot in the last batch must not make it contradict that.
    public init(_ record: JournalRecord) {
        let isPrecious = if case .safety = record { true } else { false }
        self.init(record.encoded, isPrecious: isPrecious)
    }
}
