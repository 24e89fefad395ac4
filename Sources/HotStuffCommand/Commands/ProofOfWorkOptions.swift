import ArgumentParser
import HotStuff
import HotStuffConfiguration

/// That leaders are elected by proof of work, whatever the configuration says.
///
/// The election is part of the chain's identity, so this names another chain than the configuration alone.
struct ProofOfWorkOptions: ParsableArguments {
    @Flag(
        help: ArgumentHelp(
            "Whoever solves a puzzle first leads a view, whatever the configuration says of leaders.",
            discussion: """
                It makes another chain than the configuration alone: all replicas and clients must say the same. A configuration that was \
                made with --election proof-of-work needs no flags.
                """
        )
    )
    var pow = false

    @Option(
        help: ArgumentHelp(
            "How difficult the puzzles are at the beginning, in bits; only with --pow. (default: 16)",
            discussion:
                "Each bit doubles the time that a solution takes. The chain finds out by itself what it can bear.",
            valueName: "bits"
        )
    )
    var powDifficulty: UInt64?

    /// The configuration with the election of these options, if they name one.
    func applied(to cluster: ClusterConfiguration, file: String) throws -> ClusterConfiguration {
        guard pow else {
            if powDifficulty != nil {
                throw Failure(
                    .usage,
                    "--pow-difficulty does not go without --pow",
                    advice: "add --pow, or leave it out"
                )
            }
            return cluster
        }
        let wanted = powDifficulty ?? UInt64(LeaderElectionRule.usualDifficulty)
        let allowed = ProofOfWork.difficulties
        guard let difficulty = UInt8(exactly: wanted), allowed.contains(difficulty) else {
            throw Failure(
                .usage,
                "--pow-difficulty is \(wanted)",
                advice: "choose \(allowed.lowerBound) to \(allowed.upperBound)"
            )
        }
        return try cluster.with(election: .proofOfWork(difficulty: difficulty), file: file)
    }
}
