import HotStuff

/// Sees everything that all honest replicas do, and says what must never happen.
final class Oracle {
    private struct Place: Hashable {
        let replica: ReplicaID
        let view: View
    }

    private(set) var violations: [String] = []
    /// The one chain, by height, and who committed it first.
    private(set) var chain: [Height: Digest] = [:]
    private var digests: [Height: Digest] = [:]
    private var votes: [Place: VoteStatement] = [:]
    private var proposals: [Place: Digest] = [:]
    private var timeouts: [Place: TimeoutStatement] = [:]

    func violated(_ what: String) {
        if violations.count < 20 { violations.append(what) }
    }

    /// A statement left a replica whose journal is durable through some records.
    func released(_ released: Released, by replica: ReplicaID, durable journal: ArraySlice<JournalRecord>) {
        var records: some Sequence<SafetyRecord> {
            journal.reversed().lazy.compactMap { if case .safety(let record) = $0 { record } else { nil } }
        }
        let place = Place(replica: replica, view: released.view)
        switch released.message {
        case .vote(let vote):
            if let other = votes.updateValue(vote.statement, forKey: place), other != vote.statement {
                violated("replica \(replica) voted twice in view \(released.view)")
            }
            if !records.contains(where: { $0.lastVote == vote.statement }) {
                violated("replica \(replica) sent a vote of view \(released.view) that is not durable")
            }
            if !journal.reversed().contains(where: {
                if case .block(let block) = $0 { block.id == vote.statement.block } else { false }
            }) {
                violated("replica \(replica) voted for block \(vote.statement.block.short), which is not durable")
            }
        case .timeout(let timeout):
            if let other = timeouts.updateValue(timeout.statement, forKey: place), other != timeout.statement {
                violated("replica \(replica) gave up view \(released.view) in two ways")
            }
            if !records.contains(where: { $0.lastTimeout == timeout.statement }) {
                violated("replica \(replica) sent a timeout of view \(released.view) that is not durable")
            }
        case .proposal(let proposal):
            if let other = proposals.updateValue(proposal.block.id, forKey: place), other != proposal.block.id {
                violated("replica \(replica) proposed twice in view \(released.view)")
            }
            if !records.contains(where: { $0.lastProposal == proposal.statement }) {
                violated("replica \(replica) sent a proposal of view \(released.view) that is not durable")
            }
        case .briefProposal(let brief):
            let id = brief.header.id
            if let other = proposals.updateValue(id, forKey: place), other != id {
                violated("replica \(replica) proposed twice in view \(released.view)")
            }
            if !records.contains(where: { $0.lastProposal == brief.statement }) {
                violated("replica \(replica) sent a proposal of view \(released.view) that is not durable")
            }
        case .certificates, .commands, .blockRequest, .blockResponse, .rangeRequest, .blockRange, .snapshotRequest,
            .snapshotAnswer, .echo, .plea:
            violated("replica \(replica) released what is no statement")
        }
    }

    /// A replica wrote a record of what it signed, after another one.
    func wrote(_ record: SafetyRecord, after last: SafetyRecord?, by replica: ReplicaID) {
        guard let last else { return }
        if record.lockedView < last.lockedView {
            violated("replica \(replica) lost its lock of view \(last.lockedView)")
        }
        if record.lastVotedView < last.lastVotedView || record.lastTimedOutView < last.lastTimedOutView {
            violated("replica \(replica) went back")
        }
        if record.lastVote != last.lastVote {
            if record.lastVotedView <= last.lastVotedView || record.lastVotedView <= last.lastTimedOutView {
                violated("replica \(replica) voted in view \(record.lastVotedView) too late")
            }
            if record.lastVote?.view != record.lastVotedView { violated("replica \(replica) miswrote its vote") }
        }
    }

    /// A block became final at a replica.
    func committed(_ block: Block, by replica: ReplicaID) {
        if let other = chain.updateValue(block.id, forKey: block.height), other != block.id {
            violated("replica \(replica) committed \(block.id.short) at height \(block.height), others \(other.short)")
        }
    }

    /// A replica executed a block.
    func executed(_ state: ExecutedState, by replica: ReplicaID) {
        if let other = digests.updateValue(state.digest, forKey: state.height), other != state.digest {
            violated("replica \(replica) differs at height \(state.height)")
        }
    }
}
