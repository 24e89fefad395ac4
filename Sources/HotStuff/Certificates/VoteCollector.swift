/// Gathers votes until a quorum of one statement makes a certificate.
///
/// Each replica has a few places, for its highest views: whatever is sent, memory stays at n times that many votes, and nobody
/// can push out another's vote. A replica counts once per statement, however many signatures it sends.
public struct VoteCollector: Sendable {
    /// How many votes of one replica are kept.
    public static let places = 4

    private let committee: Committee
    private let quorum: UInt64
    private var votes: [[Verified<Vote>]]
    private var blamed: [View]
    private var lastCertified = View.genesis
    /// The highest view in which two replicas voted for different blocks.
    public private(set) var conflictingView = View.genesis

    /// Creates an empty collector.
    public init(committee: Committee) {
        self.committee = committee
        quorum = committee.validators.quorum.rawValue
        votes = Array(repeating: [], count: committee.validators.count)
        blamed = Array(repeating: .genesis, count: committee.validators.count)
    }

    /// What a vote led to.
    public struct Outcome: Hashable, Sendable {
        /// The certificate that it completed.
        public var certificate: Verified<QuorumCertificate>?
        /// The contradiction that it showed; one is reported for a replica and a view.
        public var evidence: Evidence?
    }

    /// Adds a vote.
    ///
    /// A repeated one, or one below all that are kept of its sender, changes nothing. Complexity: O(n).
    public mutating func add(_ vote: Verified<Vote>) -> Outcome {
        var outcome = Outcome()
        let voter = vote.content.voter
        let statement = vote.content.statement
        guard vote.epoch == committee.epoch, voter.index < votes.count else { return outcome }
        if let known = votes[voter.index].first(where: { $0.content.statement.view == statement.view }),
            known.content.statement != statement || !mutant("count-signer-twice")
        {
            if known.content.statement != statement, blamed[voter.index] < statement.view {
                blamed[voter.index] = statement.view
                outcome.evidence = .votes(known.content, vote.content)
            }
            return outcome
        }
        if statement.view > conflictingView,
            votes.joined().contains(where: {
                $0.content.statement.view == statement.view && $0.content.statement != statement
            })
        {
            conflictingView = statement.view
        }
        votes[voter.index].append(vote)
        if votes[voter.index].count > VoteCollector.places, !mutant("unbounded-future-views") {
            let lowest = votes[voter.index].indices.min {
                votes[voter.index][$0].content.statement.view < votes[voter.index][$1].content.statement.view
            }
            if let lowest { votes[voter.index].remove(at: lowest) }
        }
        guard statement.view > lastCertified else { return outcome }
        guard mayMakeQuorum(statement) else { return outcome }
        let equal = votes.joined().filter { $0.content.statement == statement }
        outcome.certificate = Verified<QuorumCertificate>(votes: equal, committee: committee)
        if outcome.certificate != nil { lastCertified = statement.view }
        return outcome
    }

    /// Whether those who voted for a statement make a quorum; that they do is judged where the certificate is made.
    private func mayMakeQuorum(_ statement: VoteStatement) -> Bool {
        var power: UInt64 = 0
        for (index, held) in votes.enumerated() {
            for vote in held where vote.content.statement == statement {
                power &+= committee.validators.validators[index].power.rawValue
            }
        }
        return power >= quorum
    }

    /// Whether the votes of a view can still make a quorum, if all who have not voted vote for the block that has most.
    ///
    /// Complexity: O(n).
    ///
    /// - Parameters:
    ///   - view: the view.
    ///   - absent: for each replica whether it does not count unless it has voted; by default everybody counts.
    /// - Returns: whether a statement can reach a quorum.
    public func canCertify(_ view: View, without absent: [Bool] = []) -> Bool {
        let (most, silent) = tally(view, without: absent)
        return most + silent >= quorum
    }

    /// Whether a quorum has voted in a view, and not for one block: those who have not voted may decide it, or nobody.
    ///
    /// Complexity: O(n).
    public func isDivided(_ view: View) -> Bool {
        let (most, silent) = tally(view)
        return most < quorum && committee.validators.totalPower.rawValue - silent >= quorum
    }

    /// The power of those who voted for the block of a view that has most, and of those who have not voted.
    private func tally(_ view: View, without absent: [Bool] = []) -> (most: UInt64, silent: UInt64) {
        var powers: [VoteStatement: UInt64] = [:]
        var most: UInt64 = 0
        var silent: UInt64 = 0
        for (index, held) in votes.enumerated() {
            let power = committee.validators.validators[index].power.rawValue
            if let statement = held.first(where: { $0.content.statement.view == view })?.content.statement {
                let sum = (powers[statement] ?? 0) + power
                powers[statement] = sum
                most = max(most, sum)
            } else if !(absent.indices.contains(index) && absent[index]) {
                silent += power
            }
        }
        return (most, silent)
    }

    /// The vote of a replica in the highest view.
    public func last(of replica: ReplicaID) -> Vote? {
        guard replica.index < votes.count else { return nil }
        return votes[replica.index].map(\.content).max { $0.statement.view < $1.statement.view }
    }

    /// The number of votes kept.
    public var count: Int { votes.reduce(0) { $0 + $1.count } }
}
