/// Whoever solves a puzzle first may lead: nobody is expected, and what a replica leads depends on how fast it computes.
///
/// Replicas vote for the first block of a view that shows a solution, and once in a view; so safety rests on no puzzle. Solutions of
/// several replicas at about the same time may divide the votes: the view then ends at once, for its votes can make no quorum any more.
///
/// **Who stands back.** The proposers of the last blocks do not lead, the newest first, as long as they have together no more than
/// P - quorum of the power. So nobody leads two blocks in a row where f is not zero, but right above a height at which the history begins
/// anew; and those who may lead have a quorum of the power: one of them lives and does not lie, although f others are gone.
///
/// **How difficult it is.** The header names it. Above a block, with no failed view between, it is as difficult as that block was: the base.
/// Where views failed, nobody can tell by the chain whether the puzzle was too easy, so that many solved it at once, or too difficult, so that
/// nobody solved it in time. It is searched around the base: the base again, one less, one more; then the base once more and up to 2 less
/// and more, then up to 4, and so on to 64, and again from the beginning. Less comes before more: a puzzle that is too easy costs a view that
/// ends at once, one that is too difficult a view of full length. That the search begins anew again and again keeps one who wins every easy view and
/// shows its blocks to few from driving it away for good. The difficulty of the view that succeeded is the next base. After every 64
/// blocks without a failed view it goes one step back towards that of the chain's parameters.
public struct ProofOfWork: LeaderElection {
    /// How difficult the puzzle is at the beginning, and where it tends to.
    public let difficulty: UInt8

    /// What can be solved: 2 to the 40th tries are half an hour of a hundred processor cores.
    public static let difficulties: ClosedRange<UInt8> = 1...40

    /// After so many blocks without a failed view the difficulty goes one step back.
    static let steadyBlocks: UInt64 = 64
    /// How far the search goes from the base in its widest round.
    static let widestRound = 64

    /// Creates the election.
    ///
    /// - Parameter difficulty: how difficult the puzzle is at the beginning, one of `difficulties`.
    public init(difficulty: UInt8) {
        precondition(Self.difficulties.contains(difficulty), "a difficulty of \(difficulty)")
        self.difficulty = difficulty
    }

    /// Whoever shows a solution leads.
    public var wantsWork: Bool { true }

    /// Nobody is expected.
    public func leader(of view: View, after history: LeaderHistory, among validators: ValidatorSet) -> ReplicaID? {
        nil
    }

    /// Whether the proposer need not stand back, and shows a solution of the puzzle that it had.
    ///
    /// Complexity: O(n), and two hashes.
    public func admits(_ header: BlockHeader, after history: LeaderHistory, among validators: ValidatorSet) -> Bool {
        let demanded = difficulty(for: header.proposer, in: header.view, after: history, among: validators)
        guard let demanded, header.work.difficulty == demanded else { return false }
        return mutant("accept-any-work") || Puzzle(of: header).isSolved(by: header.work.nonce)
    }

    /// How difficult the puzzle of a view is; nil for who stands back.
    ///
    /// Complexity: O(n).
    public func difficulty(
        for replica: ReplicaID,
        in view: View,
        after history: LeaderHistory,
        among validators: ValidatorSet
    ) -> UInt8? {
        guard view > history.view else { return nil }
        guard !standingBack(after: history, among: validators).contains(replica) || mutant("no-standing-back")
        else { return nil }
        return difficulty(afterFailures: view.rawValue - history.view.rawValue - 1, base: base(after: history))
    }

    /// Who stands back above a block: never more than f of the power.
    public func standingBack(after history: LeaderHistory, among validators: ValidatorSet) -> [ReplicaID] {
        let most = validators.totalPower.rawValue - validators.quorum.rawValue
        var power: UInt64 = 0
        var back: [ReplicaID] = []
        for proposer in history.proposers {
            let share = validators.power(of: proposer).rawValue
            guard share <= most - power else { break }
            power += share
            back.append(proposer)
        }
        return back
    }

    /// How difficult the puzzle is right above a block: as it was for that, now and then one step nearer to the chain's own.
    func base(after history: LeaderHistory) -> UInt8 {
        guard history.difficulty > 0 else { return difficulty }
        guard history.steadyCount > 0, history.steadyCount.isMultiple(of: Self.steadyBlocks),
            history.difficulty != difficulty
        else { return history.difficulty }
        return history.difficulty < difficulty ? history.difficulty + 1 : history.difficulty - 1
    }

    /// How difficult the puzzle is after so many failed views in a row.
    func difficulty(afterFailures failures: UInt64, base: UInt8) -> UInt8 {
        guard failures > 0 else { return base }
        let rounds = Self.search(around: base)
        return rounds[Int((failures - 1) % UInt64(rounds.count))]
    }

    /// The difficulties that are tried one after the other.
    private static func search(around base: UInt8) -> [UInt8] {
        var rounds: [UInt8] = []
        var width = 1
        while width <= widestRound {
            rounds.append(base)
            for distance in 1...width {
                for candidate in [Int(base) - distance, Int(base) + distance] {
                    if let candidate = UInt8(exactly: candidate), difficulties.contains(candidate) {
                        rounds.append(candidate)
                    }
                }
            }
            width *= 2
        }
        return rounds
    }
}
