import HotStuff

extension ReplicaEntry {
    /// The replicas in the order of their identities, which must be 0, 1, 2 and so on.
    static func ordered(_ replicas: [ReplicaEntry], file: String) throws(ConfigurationError) -> [ReplicaEntry] {
        guard !replicas.isEmpty else {
            throw ConfigurationError(
                .contradictory,
                "replicas is empty in \(file)",
                advice: "list at least one replica"
            )
        }
        let ordered = replicas.sorted { $0.id < $1.id }
        for (first, second) in zip(ordered, ordered.dropFirst()) where first.id == second.id {
            throw ConfigurationError(
                .contradictory,
                "two replicas have the id \(first.id) in \(file)",
                advice: "give each its own, from 0 to \(replicas.count - 1)"
            )
        }
        for (index, replica) in ordered.enumerated() where replica.id.index != index {
            throw ConfigurationError(
                .contradictory,
                "no replica has the id \(index), but one has \(replica.id) in \(file)",
                advice: "number the replicas from 0 to \(replicas.count - 1)"
            )
        }
        return ordered
    }

    /// The set of validators that the replicas are.
    static func validators(_ replicas: [ReplicaEntry], file: String) throws(ConfigurationError) -> ValidatorSet {
        do {
            return try ValidatorSet(replicas.map { Validator(verificationKey: $0.publicKey, power: $0.votingPower) })
        } catch {
            let (problem, advice) =
                switch error {
                case .empty: ("replicas is empty", "list at least one replica")
                case .tooMany(let count): ("there are \(count) replicas", "\(ValidatorSet.maximumCount) are allowed")
                case .noPower(let id): ("replica \(id) has no votingPower", "give it at least 1")
                case .tooMuchPower:
                    ("the votingPowers add up to too much", "stay below \(ValidatorSet.maximumTotalPower) in all")
                case .sameKey(let first, let second):
                    ("replicas \(first) and \(second) have the same publicKey", "give each the key of its own key file")
                }
            throw ConfigurationError(.contradictory, "\(problem) in \(file)", advice: advice)
        }
    }
}
