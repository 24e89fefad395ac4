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

    /// The record of a replica that has signed nothing in an epoch yet.
    public init(epoch: Epoch, genesis view: View) {
        self.epoch = epoch
        lastVotedView = view
        lastTimedOutView = view
        lockedView = view
    }
}

extension SafetyRecord: BorshCodable {
    /// Four quantities and three absent statements.
    public static var minimumEncodedSize: Int { 35 }

    /// Appends all fields in their order.
    public func encode(into encoder: inout BorshEncoder) {
        encoder.append(epoch)
        encoder.append(lastVotedView)
        encoder.append(lastTimedOutView)
        encoder.append(lockedView)
        encoder.appendOptional(lastVote)
        encoder.appendOptional(lastTimeout)
        encoder.appendOptional(lastProposal)
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
    }
}
