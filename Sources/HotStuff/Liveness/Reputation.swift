/// Every replica in turn, but those who failed are passed over for a while: dead leaders do not keep getting their turn.
///
/// View v is the turn of replica v mod n. A leader whose view left a gap in the chain is passed over for 2n views, after the next failure
/// for 4n, and so on up to 256n; the count ends when it leads a view that gets into the chain. So a replica that is gone costs one view in
/// a window. Its turns go to the others one after the other, and everybody else keeps his own.
///
/// Those passed over have together no more than f of the power, P - quorum: who failed most often in a row comes first, then who failed
/// last. A leader that lies can build on an older certificate than the newest, which looks as if those between had failed. It has to show
/// that the view before its own was given up, and the certificate must not be below what others are locked on, so it blames one or two,
/// and they are passed over as if they had failed once, as far as there is room besides those who are gone for longer. At worst f honest replicas lead less than others,
/// f of the 2f + 1 that lead are liars, and honest leaders have half of the views in place of two thirds of them.
///
/// Source: the idea is that of the leader reputation of DiemBFT (The Diem Team, 2021, section 7), on gaps in place of votes.
public struct Reputation: LeaderElection {
    /// Creates the election.
    public init() {}

    /// The replica whose turn it is, or the one that has its turn.
    ///
    /// Complexity: O(n) where somebody is passed over.
    public func leader(of view: View, after history: LeaderHistory, among validators: ValidatorSet) -> ReplicaID? {
        let count = UInt64(validators.count)
        let turn = ReplicaID(UInt16(view.rawValue % count))
        let absent = passedOver(in: view, after: history, among: validators)
        guard absent.contains(turn), absent.count < validators.count else { return turn }
        let present = validators.replicas.filter { !absent.contains($0) }
        // Another one in each round, and another one for each of those who are passed over in a round.
        return present[Int((view.rawValue / count + view.rawValue % count) % UInt64(present.count))]
    }

    /// The replicas that do not lead a view, whoever's turn it is: never more than f of the power.
    public func passedOver(in view: View, after history: LeaderHistory, among validators: ValidatorSet) -> [ReplicaID] {
        guard !history.failures.isEmpty else { return [] }
        let most = validators.totalPower.rawValue - validators.quorum.rawValue
        var power: UInt64 = 0
        var absent: [ReplicaID] = []
        for failure in history.failures {
            guard view > failure.view, view.rawValue - failure.view.rawValue <= Self.window(after: failure, validators)
            else { continue }
            let share = validators.power(of: failure.leader).rawValue
            guard power + share <= most || mutant("reputation-passes-over-too-many") else { continue }
            power += share
            absent.append(failure.leader)
        }
        return absent
    }

    /// For how many views a leader is passed over after its last failure.
    private static func window(after failure: LeaderFailure, _ validators: ValidatorSet) -> UInt64 {
        UInt64(validators.count) << UInt64(min(failure.count, 8))
    }
}
