/// Why a list of validators is not a validator set.
public enum ValidatorSetError: Error, Equatable, Sendable {
    /// There is no validator.
    case empty
    /// There are more than `ValidatorSet.maximumCount`.
    case tooMany(Int)
    /// A validator has no voting power.
    case noPower(ReplicaID)
    /// The powers add up to more than `ValidatorSet.maximumTotalPower`.
    case tooMuchPower
    /// Two validators have the same key.
    case sameKey(ReplicaID, ReplicaID)
}

/// The replicas that vote in one epoch, in a fixed order; a replica's place in it is its `ReplicaID`.
public struct ValidatorSet: Hashable, Sendable {
    /// The validators, by place.
    public let validators: [Validator]
    /// The sum of all powers, P.
    public let totalPower: VotingPower
    /// The sums of the powers up to each validator, itself included.
    private let powerSums: [UInt64]

    /// The most validators of a set.
    public static let maximumCount = 1_024
    /// The largest total power: twice of it still fits into 64 bits.
    public static let maximumTotalPower = VotingPower(UInt64.max / 2)

    /// Creates a set, or says why the list is none.
    public init(_ validators: [Validator]) throws(ValidatorSetError) {
        guard !validators.isEmpty else { throw .empty }
        guard validators.count <= ValidatorSet.maximumCount else { throw .tooMany(validators.count) }
        var total: UInt64 = 0
        var sums: [UInt64] = []
        var places: [[UInt8]: ReplicaID] = [:]
        for (index, validator) in validators.enumerated() {
            let replica = ReplicaID(UInt16(index))
            guard validator.power > .zero else { throw .noPower(replica) }
            let (sum, overflow) = total.addingReportingOverflow(validator.power.rawValue)
            guard !overflow, sum <= ValidatorSet.maximumTotalPower.rawValue else { throw .tooMuchPower }
            total = sum
            sums.append(sum)
            if let other = places.updateValue(replica, forKey: validator.verificationKey) {
                throw .sameKey(other, replica)
            }
        }
        self.validators = validators
        totalPower = VotingPower(total)
        powerSums = sums
    }

    /// The number of validators, n.
    public var count: Int { validators.count }

    /// The replicas in order.
    public var replicas: [ReplicaID] { validators.indices.map { ReplicaID(UInt16($0)) } }

    /// Whether a replica votes in this set.
    public func contains(_ replica: ReplicaID) -> Bool { replica.index < validators.count }

    /// The weight of a replica's vote; none if it is no member.
    public func power(of replica: ReplicaID) -> VotingPower {
        contains(replica) ? validators[replica.index].power : .zero
    }

    /// The power that certifies: floor(2P/3) + 1.
    ///
    /// Any two quorums share more than f.
    public var quorum: VotingPower { VotingPower(totalPower.rawValue * 2 / 3 + (mutant("quorum-of-2f") ? 0 : 1)) }

    /// The least power that holds at least one honest replica: P - quorum + 1, "more than f".
    public var moreThanFaulty: VotingPower { VotingPower(totalPower.rawValue - quorum.rawValue + 1) }

    /// The summed power of some replicas, each counted once for each time that it is named.
    ///
    /// The sum cannot overflow as long as no replica is named twice.
    public func power(of replicas: some Sequence<ReplicaID>) -> VotingPower {
        VotingPower(replicas.reduce(0) { $0 &+ power(of: $1).rawValue })
    }

    /// The replica that holds a place, if the replicas share the places 0 to P - 1 in their order, each as many as it has power.
    ///
    /// Complexity: O(log n) for n validators.
    ///
    /// - Parameter place: the place, below the total power.
    /// - Returns: who holds it.
    public func holder(ofPlace place: UInt64) -> ReplicaID {
        precondition(place < totalPower.rawValue, "place \(place) of \(totalPower)")
        var (low, high) = (0, powerSums.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if powerSums[middle] > place { high = middle } else { low = middle + 1 }
        }
        return ReplicaID(UInt16(low))
    }

    /// The hash that names this set in headers.
    public var digest: Digest { Domain.validatorSet.digest(of: self) }
}

extension ValidatorSet: BorshCodable {
    /// Four bytes of count.
    public static var minimumEncodedSize: Int { 4 }

    /// Appends the validators.
    public func encode(into encoder: inout BorshEncoder) { encoder.appendList(validators) }

    /// Reads validators that make a set.
    public init(from decoder: inout BorshDecoder) throws(DecodingError) {
        let validators = try decoder.readList(of: Validator.self, maximum: ValidatorSet.maximumCount)
        guard let set = try? ValidatorSet(validators) else { throw .notCanonical }
        self = set
    }
}
