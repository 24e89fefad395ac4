/// Something that only some runs should have, because it would get in the way of everything else or break the promises that
/// hold without it.
public enum Circumstance: String, Hashable, Sendable, CaseIterable {
    /// One replica lies in one way, which the seed names, and in some runs the leader before it is silent; else little is wrong.
    case fewLiars = "few-liars"
    /// Nobody lies and nothing breaks, but messages are lost on connections that last.
    case lossyLinks = "lossy-links"
    /// A message takes longer than a view is given at first.
    case slowLinks = "slow-links"
    /// Execution takes far longer than ordering.
    case slowExecution = "slow-execution"
    /// All replicas lose their power, again and again.
    case blackouts
    /// Journals are not synced, and few replicas at a time lose their power.
    case unsynced
    /// Disks fail, fill up, tear and lose the names of files.
    case badDisks = "bad-disks"
    /// Blocks are long, disks slow, and the power fails in the middle of writes.
    case tornWrites = "torn-writes"
    /// Replicas are away and come back, and one of those whom they ask for blocks lies.
    case falseRanges = "false-ranges"
    /// Replicas are away for longer than the others keep blocks, and one of those whom they ask for a snapshot lies.
    case falseSnapshots = "false-snapshots"
    /// Leaders have a reputation, replicas are often away, and one that is not builds on older certificates than the newest.
    case reputations
    /// Replicas forget what they ordered, and clients ask again and again.
    case repetition
    /// More replicas lie than the protocol bears: a certificate contradicts what is final.
    case contradiction
    /// The application of one honest replica errs once.
    case divergence
}
