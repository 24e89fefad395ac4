extension Journal {
    /// Appends records that are kept once; as `append(_:)` of entries.
    public mutating func append(_ records: [[UInt8]]) throws(JournalError) -> [JournalRecordLocation] {
        try append(records.map { JournalEntry($0) })
    }

    /// Starts a segment with records that are kept once; as `startSegment(_:label:)` of entries.
    public mutating func startSegment(
        _ records: [[UInt8]],
        label: [UInt8]
    ) throws(JournalError) -> [JournalRecordLocation] {
        try startSegment(records.map { JournalEntry($0) }, label: label)
    }
}
