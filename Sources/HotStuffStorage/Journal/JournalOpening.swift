/// What opening a journal found, in the segments that were replayed.
public struct JournalOpening: Equatable, Sendable {
    /// Whether there was none, so that an empty one was made.
    public var isNew = false
    /// The number of whole batches, with the one made of what was salvaged.
    public var batches: UInt64 = 0
    /// The number of records in them.
    public var records: UInt64 = 0
    /// How many bytes behind the last whole batch were cut off; 0 after a clean end.
    public var tornBytes: UInt64 = 0
    /// The precious records that were intact in what was cut off; they were replayed, and appended again.
    public var salvaged: [[UInt8]] = []

    /// Creates the report of an empty journal.
    public init() {}
}

/// Where a record is in its journal.
public struct JournalRecordLocation: Hashable, Sendable {
    /// The number of the segment.
    public var segment: UInt64
    /// The offset of the record's head in the file, in bytes.
    public var offset: UInt64
    /// The length of the record's payload, in bytes.
    public var length: UInt32

    /// Creates a location; only one that a journal gave finds a record.
    public init(segment: UInt64, offset: UInt64, length: UInt32) {
        self.segment = segment
        self.offset = offset
        self.length = length
    }
}

/// Why the reader of a journal does not accept a record that the journal holds intact.
public struct JournalRecordRejection: Error, Equatable, Sendable {
    /// One clause for people.
    public var reason: String

    /// Creates a rejection.
    public init(reason: String) {
        self.reason = reason
    }
}
