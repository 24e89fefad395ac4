internal import HotStuff

/// What one replica has signed, kept outside of it: a crash may make the replica forget, but not this.
struct PromiseCheck {
    private struct Decision<Statement: Hashable> {
        let statement: Statement
        let position: JournalPosition
        let lockedView: View
    }

    private let replica: ReplicaID
    private let genesis: View
    // What was decided since the last start.
    private var last: SafetyRecord?
    private var decidedVotes: [View: Decision<VoteStatement>] = [:]
    private var decidedTimeouts: [View: Decision<TimeoutStatement>] = [:]
    private var decidedProposals: [View: Decision<Digest>] = [:]
    // What has left, for ever.
    private var votes: [View: VoteStatement] = [:]
    private var timeouts: [View: TimeoutStatement] = [:]
    private var proposals: [View: Digest] = [:]
    private var votedView: View
    private var timedOutView: View
    private var proposedView: View
    private var lockedView: View
    /// Up to which view it may say that it has forgotten: nothing can be said there again.
    private var amnesiaView: View

    init(replica: ReplicaID, genesis view: View) {
        self.replica = replica
        genesis = view
        votedView = view
        timedOutView = view
        proposedView = view
        lockedView = view
        amnesiaView = view
    }

    /// The replica wrote down what it decided.
    mutating func decided(_ record: SafetyRecord, at position: JournalPosition) -> Violation? {
        let before = last ?? SafetyRecord(epoch: record.epoch, genesis: genesis)
        last = record
        if let violation = goesBack(from: before, to: record) { return violation }
        if let vote = record.lastVote, vote != before.lastVote {
            guard vote.view == record.lastVotedView else {
                return Violation(
                    .promise,
                    "replica \(replica) wrote view \(record.lastVotedView) beside a vote of \(vote.view)"
                )
            }
            guard vote.view > before.lastVotedView, vote.view > votedView else {
                return Violation(
                    .promise,
                    "replica \(replica) decided on a second vote in view \(vote.view) or went back to it"
                )
            }
            guard vote.view > before.lastTimedOutView, vote.view > timedOutView else {
                return Violation(.promise, "replica \(replica) voted in view \(vote.view) after giving it up")
            }
            decidedVotes[vote.view] = Decision(statement: vote, position: position, lockedView: record.lockedView)
        }
        if let timeout = record.lastTimeout, timeout != before.lastTimeout {
            guard timeout.view > before.lastTimedOutView, timeout.view > timedOutView, timeout.view >= votedView else {
                return Violation(
                    .promise,
                    "replica \(replica) gave up view \(timeout.view) again or below what it had said"
                )
            }
            decidedTimeouts[timeout.view] =
                Decision(statement: timeout, position: position, lockedView: record.lockedView)
        }
        if let proposal = record.lastProposal, proposal != before.lastProposal {
            guard proposal.view > proposedView, before.lastProposal.map({ proposal.view > $0.view }) ?? true else {
                return Violation(.promise, "replica \(replica) made a second proposal in view \(proposal.view)")
            }
            decidedProposals[proposal.view] =
                Decision(statement: proposal.block, position: position, lockedView: record.lockedView)
        }
        return nil
    }

    /// What the replica remembers after any event.
    mutating func stands(_ record: SafetyRecord) -> Violation? {
        guard record.lockedView >= lockedView else {
            return Violation(.lock, "replica \(replica) unlocked view \(lockedView), its lock is \(record.lockedView)")
        }
        guard record.lastVotedView >= votedView, record.lastTimedOutView >= timedOutView else {
            return Violation(.promise, "replica \(replica) forgot the vote or timeout that it had sent")
        }
        return nil
    }

    /// A statement left the replica.
    mutating func released(_ released: Released, durable: JournalPosition) -> Violation? {
        let view = released.view
        switch released.message {
        case .vote(let vote):
            if let other = votes.updateValue(vote.statement, forKey: view), other != vote.statement {
                return Violation(.promise, "replica \(replica) voted twice in view \(view)")
            }
            votedView = max(votedView, view)
            let decision = decidedVotes[view]
            return keep(decision, decision?.statement == vote.statement, "a vote of view \(view)", durable)
        case .timeout(let timeout):
            if let other = timeouts.updateValue(timeout.statement, forKey: view), other != timeout.statement {
                return Violation(.promise, "replica \(replica) gave up view \(view) in two ways")
            }
            timedOutView = max(timedOutView, view)
            let decision = decidedTimeouts[view]
            return keep(decision, decision?.statement == timeout.statement, "a timeout of view \(view)", durable)
        case .proposal(let proposal):
            if let other = proposals.updateValue(proposal.block.id, forKey: view), other != proposal.block.id {
                return Violation(.promise, "replica \(replica) proposed twice in view \(view)")
            }
            proposedView = max(proposedView, view)
            let decision = decidedProposals[view]
            return keep(decision, decision?.statement == proposal.block.id, "a proposal of view \(view)", durable)
        case .briefProposal(let brief):
            let id = brief.header.id
            if let other = proposals.updateValue(id, forKey: view), other != id {
                return Violation(.promise, "replica \(replica) proposed twice in view \(view)")
            }
            proposedView = max(proposedView, view)
            let decision = decidedProposals[view]
            return keep(decision, decision?.statement == id, "a brief proposal of view \(view)", durable)
        case .certificates, .commands, .blockRequest, .blockResponse, .rangeRequest, .blockRange, .snapshotRequest,
            .snapshotAnswer, .echo, .plea:
            return Violation(.promise, "replica \(replica) released what is no statement")
        }
    }

    /// The replica started again with what was in its journal.
    mutating func restarted(with record: SafetyRecord, replayed: [JournalRecord]) -> Violation? {
        last = nil
        (decidedVotes, decidedTimeouts, decidedProposals) = ([:], [:], [:])
        for (index, entry) in replayed.enumerated() {
            guard case .safety(let record) = entry else { continue }
            let position = JournalPosition(UInt64(index) + 1)
            if let vote = record.lastVote {
                decidedVotes[vote.view] = Decision(statement: vote, position: position, lockedView: record.lockedView)
            }
            if let timeout = record.lastTimeout {
                decidedTimeouts[timeout.view] =
                    Decision(statement: timeout, position: position, lockedView: record.lockedView)
            }
            if let proposal = record.lastProposal {
                decidedProposals[proposal.view] =
                    Decision(statement: proposal.block, position: position, lockedView: record.lockedView)
            }
            last = record
            if let forgotten = record.forgottenThrough {
                // Of an unknown extent at least as much as counts as voted in and given up.
                let known = forgotten == .unknown ? min(record.lastVotedView, record.lastTimedOutView) : forgotten
                amnesiaView = max(amnesiaView, known)
            }
        }
        // The lock may have been lost with the rest; it is learned again before anything is signed.
        if record.forgottenThrough != nil { lockedView = record.lockedView }
        guard record.lastVotedView >= votedView, record.lastTimedOutView >= timedOutView,
            max(record.lastProposal?.view ?? genesis, amnesiaView) >= proposedView
        else {
            return Violation(
                .promise,
                "replica \(replica) forgot in a crash: it had voted in view \(votedView), given up \(timedOutView) and "
                    + "proposed in \(proposedView), and remembers \(record.lastVotedView), \(record.lastTimedOutView) and "
                    + "\(record.lastProposal?.view ?? genesis)"
            )
        }
        return stands(record)
    }

    private func goesBack(from before: SafetyRecord, to record: SafetyRecord) -> Violation? {
        guard record.lockedView >= before.lockedView else {
            return Violation(
                .lock,
                "replica \(replica) went from lock \(before.lockedView) back to \(record.lockedView)"
            )
        }
        guard record.lastVotedView >= before.lastVotedView, record.lastTimedOutView >= before.lastTimedOutView else {
            return Violation(.promise, "replica \(replica) wrote a record that goes back behind the one before")
        }
        return nil
    }

    /// A statement may leave only if it was decided, and what it rests on is durable; from then on its lock is a promise too.
    private mutating func keep<Statement>(
        _ decision: Decision<Statement>?,
        _ isTheSame: Bool,
        _ what: String,
        _ durable: JournalPosition
    ) -> Violation? {
        guard let decision, isTheSame else {
            return Violation(.durability, "replica \(replica) sent \(what) that it had not written down")
        }
        guard decision.position <= durable else {
            return Violation(.durability, "replica \(replica) sent \(what) before it was durable")
        }
        lockedView = max(lockedView, decision.lockedView)
        return nil
    }
}
