import HotStuff

extension ChainParameters {
    /// The parameters that the command line chose for some replicas of the same power.
    ///
    /// - Throws: what is wrong with the choice, or why such a chain might never commit anything.
    init(
        leaders: ElectionOptions,
        rule: CommitRuleOption,
        votes: VoteRoutingOption,
        replicas: Int
    ) throws(Failure) {
        self.init(leaderElection: try leaders.rule(), commitRule: rule.rule, voteRouting: votes.routing)
        guard let obstacle = obstacle(among: Array(repeating: 1, count: replicas)) else { return }
        let options = obstacle.remedies.map { remedy in
            switch remedy {
            case .votesToEveryone: "--votes everyone"
            case .tenure(let views): "--tenure \(views) or more"
            case .twoChain: "--rule two-chain"
            case .snapshotInterval(let blocks): "a snapshotInterval of \(blocks) or more"
            }
        }
        throw Failure(.usage, "\(obstacle)", advice: "choose \(options.joined(separator: ", or "))")
    }
}
