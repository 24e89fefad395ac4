import HotStuff

/// What the replicas have answered to one command: for each replica its latest answer.
///
/// Of a result with a long reply only the hash is kept, so that those of liars take no memory; the answer that decides is at hand.
struct AnswerTally: Sendable {
    /// An answer that replicas can agree on.
    enum Answer: Hashable, Sendable {
        /// A result with a short reply, or without one.
        case short(CommandResult)
        /// A result with all its fields, by its hash.
        case long(Digest)
        /// The command is too long.
        case refused

        /// The bytes of a result up to which it is kept as it is, for to compare it is cheaper than its hash.
        private static let shortByteCount = 128

        init(_ result: CommandResult) {
            self = result.encodedSize <= Self.shortByteCount ? .short(result) : .long(Digest.hash(of: result.encoded))
        }
    }

    /// Who gives an answer.
    struct Support: Hashable, Sendable {
        /// Their power.
        var power: VotingPower
        /// Their number.
        var count: Int
    }

    /// The answer that came first, which is mostly the one that the next replica gives, too.
    private var first: (replica: ReplicaID, answer: Answer)?
    /// One for each other replica that has answered: hardly ever any.
    private var others: [(replica: ReplicaID, answer: Answer)] = []

    /// Takes a replica's answer in the place of its earlier one and tells who gives this answer now; O(n).
    ///
    /// Only validators are counted.
    mutating func record(
        _ answer: Answer,
        from replica: ReplicaID,
        in validators: ValidatorSet
    ) -> Support {
        var support = Support(power: .zero, count: 0)
        func count(_ supporter: ReplicaID) {
            // Each replica is counted once, and the sum of all powers fits.
            support.power = VotingPower(support.power.rawValue &+ validators.power(of: supporter).rawValue)
            support.count += 1
        }
        if let first, first.replica != replica, first.answer == answer { count(first.replica) }
        for other in others where other.replica != replica && other.answer == answer { count(other.replica) }
        guard validators.contains(replica) else { return support }
        if first == nil || first?.replica == replica {
            first = (replica, answer)
        } else if let place = others.firstIndex(where: { $0.replica == replica }) {
            others[place].answer = answer
        } else {
            others.append((replica, answer))
        }
        count(replica)
        return support
    }

    /// The power of those who give the answer that most give; O(n).
    func strongest(in validators: ValidatorSet) -> VotingPower {
        var powers: [Answer: UInt64] = [:]
        for (replica, answer) in [first].compactMap(\.self) + others {
            // Each replica is counted once, and the sum of all powers fits.
            powers[answer, default: 0] &+= validators.power(of: replica).rawValue
        }
        return VotingPower(powers.values.max() ?? 0)
    }
}
