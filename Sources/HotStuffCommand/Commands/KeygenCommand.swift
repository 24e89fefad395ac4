import ArgumentParser
import HotStuff
import HotStuffConfiguration

/// `hotstuff keygen`: draws the keys of a new cluster and writes its configuration.
struct KeygenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keygen",
        abstract: "Draw the keys of a new cluster and write its configuration.",
        discussion: """
            Writes config.json, which all replicas and clients share, and key_0.json, key_1.json and so on, each for one \
            replica alone. With listeners, which follow the chain without a vote, also key_1024.json and so on. Nothing is \
            overwritten. To add a listener later, see hotstuff add-listener.
            """
    )

    @Option(help: "How many replicas take part; 3f + 1 of them tolerate f that lie or fail.")
    var replicas = 4

    @Option(help: "How many listeners follow the chain: replicas that keep it and serve it, and have no vote.")
    var listeners = 0

    @Option(help: "The directory for the files; created if it is missing.")
    var output: String

    @Option(help: "The name or address of the machine of all replicas.")
    var host = "127.0.0.1"

    @Option(help: "The port of replica 0; each other replica has the next one, and then each listener.")
    var basePort = 7_000

    @Option(help: "How all replicas of the chain sign; ml-dsa-65 is stronger and its signatures longer.")
    var signature = SignatureOption.mlDSA44

    @OptionGroup var leaders: ElectionOptions
    @Option(help: "When blocks are final: two-chain one view earlier, three-chain whatever the views' timeouts say.")
    var rule = CommitRuleOption.threeChain

    @Option(help: "Who collects the votes: everyone, or the leader of the next view, with whom they are lost.")
    var votes = VoteRoutingOption.everyone

    @Option(help: "A name for the chain.")
    var name = "testnet"

    func run() throws {
        guard (1...ValidatorSet.maximumCount).contains(replicas) else {
            throw Failure(
                .usage,
                "--replicas is \(replicas)",
                advice: "choose 1 to \(ValidatorSet.maximumCount), best 4, 7 or 10"
            )
        }
        guard (0...ReplicaID.maximumListenerCount).contains(listeners) else {
            throw Failure(
                .usage,
                "--listeners is \(listeners)",
                advice: "choose 0 to \(ReplicaID.maximumListenerCount)"
            )
        }
        guard (1...65_535).contains(basePort), basePort + replicas + listeners - 1 <= 65_535 else {
            throw Failure(
                .usage,
                "--base-port is \(basePort) for \(replicas + listeners) replicas",
                advice: "each has a port of its own, and ports go from 1 to 65535"
            )
        }
        guard NetworkAddress.isHost(host) else {
            throw Failure(.usage, "--host is \(Failure.quoted(host))", advice: "give the name or address of a machine")
        }
        guard ClusterConfiguration.isName(name) else {
            throw Failure(
                .usage,
                "--name is \(Failure.quoted(name))",
                advice: "give 1 to \(ClusterConfiguration.maximumNameByteCount) bytes of printable text"
            )
        }
        let cluster = try NewCluster(
            name: name,
            scheme: signature.scheme,
            parameters: try ChainParameters(leaders: leaders, rule: rule, votes: votes, replicas: replicas),
            host: host,
            ports: (0..<replicas).map { basePort + $0 },
            listenerPorts: (0..<listeners).map { basePort + replicas + $0 }
        )
        let files = OutputFiles(directory: output, files: cluster.files)
        try files.create()
        StandardStream.output.line(
            """
            chain "\(name)" \(cluster.configuration.genesis.chain), signed with \(signature.scheme), \(rule.rawValue)
            \(files.path(NewCluster.configurationName)) is for all replicas and clients
            \(files.path("key_ID.json")) is for replica ID alone; keep it secret
            """
        )
    }
}
