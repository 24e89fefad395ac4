/// Every replica as often as its voting power says: in P views, P being the total power, each leads as many views as it has power.
///
/// The views of one cycle of P take the places 0 to P - 1, which the replicas share in their order, in steps near the golden ratio of P:
/// so the views of each replica are spread evenly over the cycle and over every part of it, as the multiples of the golden ratio are
/// over the circle (the three-gap theorem; V. T. Sós, 1958). It looks at nothing that happened before.
public struct WeightedRotation: LeaderElection {
    /// Creates the election.
    public init() {}

    /// No.
    public var readsHistory: Bool { false }

    /// The replica whose power holds the place of the view.
    ///
    /// Complexity: O(log n) for n validators, and O(log P) for the step.
    public func leader(of view: View, after history: LeaderHistory, among validators: ValidatorSet) -> ReplicaID? {
        let total = validators.totalPower.rawValue
        // Both factors are below P, so the quotient fits.
        let product = (view.rawValue % total).multipliedFullWidth(by: WeightedRotation.step(of: total))
        return validators.holder(ofPlace: total.dividingFullWidth(product).remainder)
    }

    /// The number nearest above P over the golden ratio that has no divisor in common with P, so that P steps reach every place.
    ///
    /// - Parameter total: P, at least one.
    /// - Returns: the step, below P; 0 if P is one.
    static func step(of total: UInt64) -> UInt64 {
        // 2^64 over the golden ratio.
        var step = total.multipliedFullWidth(by: 0x9e37_79b9_7f4a_7c15).high
        while divisor(step, total) > 1 { step += 1 }
        return step
    }

    /// The greatest common divisor.
    private static func divisor(_ left: UInt64, _ right: UInt64) -> UInt64 {
        var (left, right) = (left, right)
        while right > 0 { (left, right) = (right, left % right) }
        return left
    }
}
