/// Why no vote is given, by the clause that forbids it.
public enum VoteRefusal: String, Error, Hashable, Sendable {
    /// R0: who follows the chain as a listener signs nothing.
    case listener
    /// A1: what was signed before may be forgotten.
    case amnesia
    /// V1: the block belongs to another chain.
    case wrongChain
    /// V1: the block belongs to another epoch.
    case wrongEpoch
    /// V1: the block's view is not the current one.
    case wrongView
    /// V1: the block's proposer does not lead its view.
    case wrongLeader
    /// V2: there is a vote in this view or a higher one.
    case alreadyVoted
    /// V2: this view or a higher one has been given up.
    case timedOut
    /// V3: block, parent, height and certificate do not fit each other.
    case brokenLink
    /// V4: the certificate is below the lock.
    case belowLock
    /// V4, two-chain: the certificate is not of the view before, and no timeout certificate of that view was shown.
    case unexplainedGap
    /// V4, two-chain: in the timeout certificate somebody names a higher certificate.
    case belowTimeouts
    /// V5: the next validator set is not the application's.
    case wrongValidatorSet
    /// V5: there is something new below an epoch's end that is not final.
    case afterEpochEnd
}

/// Why no proposal is made.
public enum ProposalRefusal: String, Error, Hashable, Sendable {
    /// R0: who follows the chain as a listener signs nothing.
    case listener
    /// A1: what was signed before may be forgotten.
    case amnesia
    /// The block belongs to another chain or epoch.
    case wrongEpoch
    /// The block's view is not the current one.
    case wrongView
    /// This replica does not lead the view.
    case notTheLeader
    /// There is a proposal in this view or a higher one.
    case alreadyProposed
    /// The block does not extend what its certificate certifies.
    case unjustified
}

/// Why no timeout is given.
public enum TimeoutRefusal: String, Error, Hashable, Sendable {
    /// R0: who follows the chain as a listener signs nothing.
    case listener
    /// A1: what was signed before may be forgotten.
    case amnesia
    /// This view or a higher one has been given up, under a statement that is no longer kept.
    case alreadyTimedOut
    /// There is a vote in a higher view.
    case belowVote
    /// A certificate shows that the view is over.
    case viewIsOver
    /// The highest certificate is below the lock.
    case belowLock
}
