package import HotStuff

/// A chain's genesis and everybody's keys.
package struct SimulatedWorld: Sendable {
    /// The document with which the chain begins.
    package let genesis: Genesis
    /// The validators of the first epoch.
    package let committee: Committee
    /// The numbers that all replicas share.
    package let parameters: ChainParameters
    /// Everybody's keys.
    package let keys: IdealKeys

    /// Creates the world of replicas with these voting powers, at least one.
    package init(powers: [UInt64], parameters: ChainParameters = ChainParameters(), seed: UInt64 = 0) {
        let validators = powers.enumerated().map { index, power in
            Validator(
                verificationKey: [UInt8(truncatingIfNeeded: index >> 8), UInt8(truncatingIfNeeded: index)],
                power: VotingPower(power)
            )
        }
        guard let set = try? ValidatorSet(validators) else { preconditionFailure("no validator set: \(powers)") }
        genesis = Genesis(name: "simulated", validators: set, signatureScheme: "ideal", parameters: parameters)
        committee = Committee(genesis)
        self.parameters = parameters
        keys = IdealKeys(count: powers.count, seed: seed)
    }

    /// The world of a real chain, in which nobody signs with ideal keys.
    ///
    /// - Parameter genesis: the document with which the chain begins.
    package init(of genesis: Genesis) {
        self.genesis = genesis
        committee = Committee(genesis)
        parameters = genesis.parameters
        keys = IdealKeys(count: 0, seed: 0)
    }

    /// The number of replicas, n.
    package var count: Int { committee.validators.count }

    /// The replicas in order.
    package var replicas: [ReplicaID] { committee.validators.replicas }

    /// What checks messages at each replica.
    package func verifier() -> MessageVerifier {
        MessageVerifier(committee: committee, parameters: parameters, verifier: keys)
    }

    /// The leader of a view; nil where the chain below decides that.
    ///
    /// Computed here, not asked of the engine: each replica in turn, one view each, or as often as their powers say.
    package func leader(of view: View) -> ReplicaID? {
        switch parameters.leaderElection {
        case .roundRobin(1): ReplicaID(UInt16(view.rawValue % UInt64(count)))
        case .weighted:
            ReplicaID(
                UInt16(LeaderOracle.heir(of: view.rawValue, committee.validators.validators.map(\.power.rawValue)))
            )
        case .roundRobin, .reputation, .proofOfWork: nil
        }
    }

    /// Whether a replica may be the leader of a view, as far as the view alone tells.
    func mayLead(_ replica: ReplicaID, in view: View) -> Bool { leader(of: view).map { $0 == replica } ?? true }

    /// Whether two blocks of consecutive views make the lower one final, and not three.
    package var isTwoChain: Bool { parameters.commitRule == .twoChain }

    /// Whether votes go to the next leader, and not to everyone.
    package var isRouted: Bool { parameters.voteRouting == .nextLeader }

    /// How many blocks the one that becomes final is below the one that is voted for.
    ///
    /// Written down here from the design, not asked of the engine.
    package var finalityDepth: UInt64 { isTwoChain ? 1 : 2 }

    /// The power that certifies, of a total.
    ///
    /// Written down here from the design, not asked of the engine: floor(2P/3) + 1.
    package static func quorum(of totalPower: UInt64) -> UInt64 { 2 * totalPower / 3 + 1 }

    /// The voting power of some replicas together.
    package func power(of replicas: some Sequence<ReplicaID>) -> UInt64 {
        replicas.reduce(0) { $0 + committee.validators.power(of: $1).rawValue }
    }

    /// Whether some replicas, each named once, are a quorum.
    package func isQuorum(_ replicas: some Sequence<ReplicaID>) -> Bool {
        power(of: replicas) >= committee.validators.quorum.rawValue
    }
}
