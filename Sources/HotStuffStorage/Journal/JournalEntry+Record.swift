public import HotStuff

extension JournalEntry {
    /// Creates the entry of a replica's record.
    ///
    /// What it signed is kept once. Kept twice, it would survive rot in the last batch, but also come back alone from a batch that a
    /// loss of power tore: a timeout without the certificate that it names cannot be said again, nor another in its place, and a
    /// cluster that needs it stands still.
    public init(_ record: JournalRecord) { self.init(record.encoded) }
}
