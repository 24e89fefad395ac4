import ArgumentParser
import HotStuff
import HotStuffConfiguration

/// Who leads the chain's views, as the command line says it.
struct ElectionOptions: ParsableArguments {
    @Option(
        help: """
            Who leads which view: roundRobin (each in turn), weighted (as often as its voting power says), reputation \
            (those who failed are passed over for a while) or proof-of-work (whoever solves a puzzle first).
            """
    )
    var election = "roundRobin"

    @Option(help: "How many views in a row one replica leads; a failed view ends it. Only for roundRobin. (default: 1)")
    var tenure: UInt64?

    @Option(
        help: ArgumentHelp(
            "How difficult the puzzles of proof-of-work are at the beginning, in bits. (default: 16)",
            discussion:
                "Each bit doubles the time that a solution takes. The chain finds out by itself what it can bear.",
            valueName: "bits"
        )
    )
    var difficulty: UInt64?

    /// The same for the chain.
    func rule() throws(Failure) -> LeaderElectionRule {
        let rule: LeaderElectionRule
        do {
            rule = try LeaderElectionRule(
                name: ElectionOptions.name(election),
                tenure: tenure,
                difficulty: difficulty
            )
        } catch {
            throw Failure(.usage, error.problem, advice: error.advice)
        }
        if let fault = rule.fault { throw Failure(.usage, fault, advice: "choose a value in that range") }
        return rule
    }

    /// The name of an election in the configuration, of the one on the command line.
    static func name(_ text: String) -> String { text == "proof-of-work" ? "proofOfWork" : text }
}
