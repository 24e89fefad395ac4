import HotStuff

extension ChainParameters {
    /// The parameters as the configuration shows them.
    var json: JSONValue {
        var members: [String: JSONValue] = [
            "leaderElection": .string(leaderElection.name),
            "commitRule": .string(commitRule.name),
            "maximumClockDriftMilliseconds": .integer(maximumClockDriftMilliseconds),
            "maximumCommandBytes": .integer(UInt64(maximumCommandBytes)),
            "maximumCommandsPerBlock": .integer(UInt64(maximumCommandsPerBlock)),
            "maximumExecutionLag": .integer(maximumExecutionLag),
            "maximumPayloadBytes": .integer(UInt64(maximumPayloadBytes)),
            "snapshotInterval": .integer(snapshotInterval),
            "voteRouting": .string(voteRouting.name),
        ]
        if let tenure = leaderElection.tenure { members["leaderTenure"] = .integer(tenure) }
        if let difficulty = leaderElection.difficulty { members["workDifficulty"] = .integer(UInt64(difficulty)) }
        return .object(members)
    }

    /// Reads parameters, which are part of the chain's identity.
    ///
    /// All must be given but the interval of snapshots, the election of leaders, the commit rule and the routing of votes, which are the
    /// defaults where they are absent.
    init(json: JSONValue, file: String, path: String) throws(ConfigurationError) {
        let known = [
            "commitRule", "leaderElection", "leaderTenure",
            "maximumClockDriftMilliseconds", "maximumCommandBytes", "maximumCommandsPerBlock", "maximumExecutionLag",
            "maximumPayloadBytes", "snapshotInterval", "voteRouting", "workDifficulty",
        ]
        let members = try JSONMembers(json, file: file, path: path, known: known)
        let name = members.contains("leaderElection") ? try members.text("leaderElection") : nil
        let tenure: UInt64? = members.contains("leaderTenure") ? try members.integer("leaderTenure") : nil
        let difficulty: UInt64? = members.contains("workDifficulty") ? try members.integer("workDifficulty") : nil
        let leaderElection: LeaderElectionRule
        do {
            leaderElection = try LeaderElectionRule(name: name, tenure: tenure, difficulty: difficulty)
        } catch {
            throw ConfigurationError(.contradictory, "\(path).\(error.problem) in \(file)", advice: error.advice)
        }
        self.init(
            maximumCommandsPerBlock: try members.integer("maximumCommandsPerBlock"),
            maximumCommandBytes: try members.integer("maximumCommandBytes"),
            maximumPayloadBytes: try members.integer("maximumPayloadBytes"),
            maximumClockDriftMilliseconds: try members.integer("maximumClockDriftMilliseconds"),
            maximumExecutionLag: try members.integer("maximumExecutionLag"),
            snapshotInterval: members.contains("snapshotInterval")
                ? try members.integer("snapshotInterval") : ChainParameters.defaultSnapshotInterval,
            leaderElection: leaderElection,
            commitRule: try members.choice(
                "commitRule",
                of: CommitRule.allCases,
                named: \.name,
                standard: .threeChain
            ),
            voteRouting: try members.choice(
                "voteRouting",
                of: VoteRouting.allCases,
                named: \.name,
                standard: .everyone
            )
        )
        if let fault {
            throw ConfigurationError(
                .contradictory,
                "\(path).\(fault) in \(file)",
                advice: "choose a value in that range"
            )
        }
    }
}
