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

    /// Creates a report.
    public init(position: UInt64, submissions: [Submission]) {
        self.position = position
        self.submissions = submissions
    }
}
