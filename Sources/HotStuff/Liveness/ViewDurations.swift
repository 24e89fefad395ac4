/// How long views take that go well: what a replica measures of the network and of the others.
///
/// Of each leader the last view counts. A liar who always takes just less than the time he has must not make it grow, so what is believed is
/// the longest duration that replicas of more than f of the power reached or exceeded: at least one of them is honest.
struct ViewDurations: Sendable {
    private let validators: ValidatorSet
    private var microseconds: [UInt64]
    /// The longest duration that a replica which does not lie has needed, or less; zero until enough is known.
    private(set) var believed: UInt64 = 0

    init(of validators: ValidatorSet) {
        self.validators = validators
        microseconds = Array(repeating: 0, count: validators.count)
    }

    /// Takes note of a view that ended well.
    ///
    /// Complexity: O(1) for a view on the same side of what is believed as that leader's last, else O(n log n).
    mutating func note(_ duration: UInt64, ledBy leader: ReplicaID) {
        guard validators.contains(leader) else { return }
        let last = microseconds[leader.index]
        microseconds[leader.index] = duration
        if last < believed && duration < believed || last > believed && duration > believed { return }
        var power: UInt64 = 0
        for replica in validators.replicas.sorted(by: { microseconds[$0.index] > microseconds[$1.index] }) {
            power += validators.power(of: replica).rawValue
            if power >= validators.moreThanFaulty.rawValue {
                believed = microseconds[replica.index]
                return
            }
        }
    }
}
