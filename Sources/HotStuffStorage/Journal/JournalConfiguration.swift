/// How a journal is opened and written.
public struct JournalConfiguration: Hashable, Sendable {
    /// What to do with a batch of the last segment that is damaged although a good one follows.
    ///
    /// After a loss of power under `Durability.powerLoss` only the last batch can be torn: such a hole is damage. Under
    /// `Durability.processCrash` the operating system may have written later batches and not earlier ones.
    public enum DamagePolicy: Hashable, Sendable {
        /// Open nothing, change nothing, say where it is.
        case refuse
        /// Keep what is before the hole, cut off all that follows, say how much.
        case cut
    }

    /// What an appended record survives.
    public var durability: Durability
    /// The most bytes of one batch, its head included: also the most memory that reading one takes.
    public var maximumBatchBytes: Int
    /// What to do with a hole in the middle.
    public var damagePolicy: DamagePolicy
    /// The length in bytes at which a segment is full.
    public var segmentBytes: Int
    /// Whether a segment takes its space from the disk when it is made, so that a full disk is found out before it matters.
    public var preallocates: Bool

    /// Creates a configuration; by default batches of up to 64 MiB, segments of as much, and a hole is refused.
    ///
    /// - Parameters:
    ///   - durability: what an appended record survives.
    ///   - maximumBatchBytes: the most bytes of one batch, from 1 KiB to 1 GiB.
    ///   - damagePolicy: what to do with a hole in the middle.
    ///   - segmentBytes: the length at which a segment is full, at least 1 byte; it is an aim, not a limit.
    ///   - preallocates: whether a segment takes its space when it is made.
    public init(
        durability: Durability,
        maximumBatchBytes: Int = 64 << 20,
        damagePolicy: DamagePolicy = .refuse,
        segmentBytes: Int = 64 << 20,
        preallocates: Bool = true
    ) {
        precondition(
            (1 << 10...1 << 30).contains(maximumBatchBytes),
            "the largest batch of a journal is 1 KiB to 1 GiB, not \(maximumBatchBytes) bytes"
        )
        precondition(segmentBytes > 0, "a segment of \(segmentBytes) bytes is always full")
        self.durability = durability
        self.maximumBatchBytes = maximumBatchBytes
        self.damagePolicy = damagePolicy
        self.segmentBytes = segmentBytes
        self.preallocates = preallocates
    }
}
