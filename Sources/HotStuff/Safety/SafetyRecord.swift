/// What a replica must remember of what it signed: written before anything signed leaves it.
public struct SafetyRecord: Hashable, Sendable {
    /// The epoch of everything below.
    public var epoch: Epoch
    /// The highest view in which this replica voted.
    public var lastVotedView: View
    /// The highest view that this replica gave up.
    public var lastTimedOutView: View
    /// The view below which no justification is accepted.
    public var lockedView: View
    /// The last vote.
    public var lastVote: VoteStatement?
    /// The last timeout.
    public var lastTimeout: TimeoutStatement?
    /// The last proposal.
    public var lastProposal: ProposalStatement?

    /// The view up to which what was signed may be forgotten, if anything is.
    ///
    /// The last of all views if nobody has said yet how much. Nothing is signed before a quorum certificate of this view or
    /// of a higher one has been seen (A1).
    public var forgottenThrough: View?

    /// The record of a replica that has signed nothing in an epoch yet.
    public init(epoch: Epoch, genesis view: View) {
        self.epoch = epoch
        lastVotedView = view
        lastTimedOutView = view
        lockedView = view
    }
}

extension SafetyRecord: BorshCodable {
    /// Four quantities, three absent statements and an absent view.
    public static var minimumEncodedSize: Int { 36 }

    /// Appends all fields in their order.
    public func encode(into encoder: inout BorshEncoder) {
        encoder.append(epoch)
        encoder.append(lastVotedView)
        encoder.append(lastTimedOutView)
        encoder.append(lockedView)
        encoder.appendOptional(lastVote)
        encoder.appendOptional(lastTimeout)
        encoder.appendOptional(lastProposal)
        encoder.appendOptional(forgottenThrough)
    }

    /// Reads all fields in their order.
    public init(from decoder: inout BorshDecoder) throws(DecodingError) {
        epoch = try decoder.read()
        lastVotedView = try decoder.read()
        lastTimedOutView = try decoder.read()
        lockedView = try decoder.read()
        lastVote = try decoder.readOptional()
        lastTimeout = try decoder.readOptional()
        lastProposal = try decoder.readOptional()
        forgottenThrough = try decoder.readOptional()
    }
}
