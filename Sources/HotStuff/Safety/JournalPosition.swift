/// A position in the journal: so many records have been appended up to and including this one.
public struct JournalPosition: Quantity {
    /// The number of records.
    public let rawValue: UInt64
    /// Creates the position after a number of records.
    @inlinable
    public init(rawValue: UInt64) { self.rawValue = rawValue }
    /// Before the first record.
    public static let start = JournalPosition(0)
}
