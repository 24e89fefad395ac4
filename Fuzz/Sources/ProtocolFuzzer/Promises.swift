internal import FuzzKit
internal import HotStuff

/// What a replica has said: kept outside it, so that a restart forgets nothing.
struct Promises {
    private var votes: [View: VoteStatement] = [:]
    private var timeouts: [View: TimeoutStatement] = [:]
    private var proposals: [View: Digest] = [:]
    // The highest views of what left, which may be in another order than it was decided.
    private var lastVotedView = View.genesis
    private var lastTimedOutView = View.genesis
    private var lastRecord: SafetyRecord?

    /// Checks a record of what was decided, against the one before it and all that has left.
    mutating func check(_ record: SafetyRecord) {
        if record.lastVote != lastRecord?.lastVote, let vote = record.lastVote, votes[vote.view] != vote {
            require(vote.view > lastVotedView, "a vote in view \(vote.view) after one in view \(lastVotedView)")
            require(
                vote.view > lastTimedOutView,
                "a vote in view \(vote.view) after view \(lastTimedOutView) was given up"
            )
        }
        if let last = lastRecord {
            require(record.lastVotedView >= last.lastVotedView, "the last vote goes back")
            require(record.lastTimedOutView >= last.lastTimedOutView, "the last timeout goes back")
            require(record.lockedView >= last.lockedView, "the lock goes back")
        }
        lastRecord = record
    }

    /// Begins anew with what a restart found; nothing of what left may be missing.
    mutating func restart(with record: SafetyRecord?) {
        lastRecord = record
        require((record?.lastVotedView ?? .genesis) >= lastVotedView, "a restart forgets a vote")
        require((record?.lastTimedOutView ?? .genesis) >= lastTimedOutView, "a restart forgets a timeout")
    }

    /// Checks a statement that leaves, against all before it and against what is durable.
    mutating func check(_ released: Released, durable journal: ArraySlice<JournalRecord>) {
        let records = journal.compactMap { if case .safety(let record) = $0 { record } else { nil } }
        switch released.message {
        case .vote(let vote):
            let statement = vote.statement
            if let other = votes.updateValue(statement, forKey: statement.view) {
                require(other == statement, "two votes in view \(statement.view)")
            }
            lastVotedView = max(lastVotedView, statement.view)
            require(records.contains { $0.lastVote == statement }, "a vote that is not durable")
        case .timeout(let timeout):
            let statement = timeout.statement
            if let other = timeouts.updateValue(statement, forKey: statement.view) {
                require(other == statement, "view \(statement.view) given up in two ways")
            }
            lastTimedOutView = max(lastTimedOutView, statement.view)
            require(records.contains { $0.lastTimeout == statement }, "a timeout that is not durable")
        case .proposal(let proposal):
            let view = proposal.block.view
            if let other = proposals.updateValue(proposal.block.id, forKey: view) {
                require(other == proposal.block.id, "two proposals in view \(view)")
            }
            require(records.contains { $0.lastProposal == proposal.statement }, "a proposal that is not durable")
        case .briefProposal(let brief):
            let view = brief.header.view
            let id = brief.header.id
            if let other = proposals.updateValue(id, forKey: view) {
                require(other == id, "two proposals in view \(view)")
            }
            require(records.contains { $0.lastProposal == brief.statement }, "a proposal that is not durable")
        case .certificates, .commands, .blockRequest, .blockResponse, .rangeRequest, .blockRange, .snapshotRequest,
            .snapshotAnswer, .echo, .plea:
            fail("a statement that is none")
        }
    }
}
