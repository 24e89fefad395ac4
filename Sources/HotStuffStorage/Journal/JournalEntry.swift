/// A record to be appended.
public struct JournalEntry: Hashable, Sendable {
    /// What is to be kept.
    public var payload: [UInt8]
    /// Whether a second copy is kept apart from the first, because without this record its writer might contradict itself.
    public var isPrecious: Bool

    /// Creates an entry, by default of a record that is kept once.
    public init(_ payload: [UInt8], isPrecious: Bool = false) {
        self.payload = payload
        self.isPrecious = isPrecious
    }
}
