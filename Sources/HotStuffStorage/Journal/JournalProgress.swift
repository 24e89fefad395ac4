/// What has become durable with one batch.
public struct JournalProgress: Equatable, Sendable {
    /// Records that were submitted together.
    public struct Submission: Equatable, Sendable {
        /// The submitter's name for the point behind them.
        public var position: UInt64
        /// Where each record is, in order.
        public var locations: [JournalRecordLocation]

        /// Creates the report of a submission.
        public init(position: UInt64, locations: [JournalRecordLocation]) {
            self.position = position
            self.locations = locations
        }
    }

    /// Everything submitted up to this position is durable.
    public var position: UInt64
    /// The submissions of the batch, in order.
    public var submissions: [Submission]
    /// The segments that there are now; the last one holds the batch.
    public var segments: [JournalSegment]
    /// Whether the last segment is as long as a segment should be, so that the submitter ought to start another.
    public var wantsSegment: Bool

    /// Creates a report.
    public init(
        position: UInt64,
        submissions: [Submission],
        segments: [JournalSegment] = [],
        wantsSegment: Bool = false
    ) {
        self.position = position
        self.submissions = submissions
        self.segments = segments
        self.wantsSegment = wantsSegment
    }
}
