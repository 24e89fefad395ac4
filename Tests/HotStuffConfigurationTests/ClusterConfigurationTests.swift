import ConfigurationKit
import HotStuff
import HotStuffTransport
import PostQuantum
import Testing

@testable import HotStuffConfiguration

@Suite("Configuration of a cluster")
struct ClusterConfigurationTests {
    private let sample: ClusterConfiguration
    private let json: JSONValue

    init() throws {
        sample = try SampleCluster.cluster.configuration
        json = sample.json
    }

    @Test("what is written is read again, from pretty and from compact text")
    func roundTrip() throws {
        for text in [json.prettyText, json.compactText] {
            let value = try JSONFile.parse(Array(text.utf8), file: "config.json")
            #expect(try ClusterConfiguration(json: value, file: "config.json") == sample)
        }
    }

    @Test("every setting is written out with its default")
    func defaults() {
        #expect(json["chain.maximumCommandsPerBlock"] == .integer(400))
        #expect(json["chain.maximumExecutionLag"] == .integer(64))
        #expect(json["chain.snapshotInterval"] == .integer(10_000))
        #expect(json["chain.leaderElection"] == .string("roundRobin"))
        #expect(json["chain.leaderTenure"] == .integer(1))
        #expect(json["chain.commitRule"] == .string("threeChain"))
        #expect(json["replica.viewTimeoutMilliseconds"] == .integer(1_000))
        #expect(json["replica.timeoutGrowthPercent"] == .integer(150))
        #expect(json["replica.keep"] == .string("all"))
        #expect(json["replicas.3.port"] == .integer(7_003))
        #expect(json["replicas.3.votingPower"] == .integer(1))
        #expect(json["signatureScheme"] == .string("ml-dsa-44"))
        #expect(json["chainID"] == .string(sample.genesis.chain.description))
    }

    @Test("a replica's own settings and addresses may change without changing the chain, and may be left out")
    func ownSettings() throws {
        let changed = json.changing("replica.viewTimeoutMilliseconds", to: .integer(250))
            .changing("replica.rememberedCommands", to: nil)
            .changing("replicas.1.host", to: .string("replica-1.example"))
        let configuration = try ClusterConfiguration(json: changed, file: "config.json")
        #expect(configuration.genesis.chain == sample.genesis.chain)
        #expect(configuration.settings.pacemaker.viewTimeoutMilliseconds == 250)
        #expect(configuration.settings.rememberedCommands == ConsensusSettings().rememberedCommands)
        #expect(configuration.peers[1].host == "replica-1.example")
        let without = try ClusterConfiguration(json: json.changing("replica", to: nil), file: "config.json")
        #expect(without.settings == ConsensusSettings())
    }

    @Test("what a replica keeps is all, the last blocks, or those since the snapshot; the chain does not depend on it")
    func keep() throws {
        for (text, policy) in [
            ("all", KeepPolicy.all), ("last-100000", .last(100_000)), ("since-snapshot", .sinceSnapshot),
        ] {
            let changed = json.changing("replica.keep", to: .string(text))
            let configuration = try ClusterConfiguration(json: changed, file: "config.json")
            #expect(configuration.keep == policy)
            #expect(configuration.genesis.chain == sample.genesis.chain)
            #expect(configuration.json["replica.keep"] == .string(text))
        }
        let without = try ClusterConfiguration(json: json.changing("replica.keep", to: nil), file: "config.json")
        #expect(without.keep == .all)
        for text in [
            "", "ALL", "last", "last-", "last-0", "last-01", "last--1", "last-1.5", "last-18446744073709551616",
            "since",
        ] {
            #expect(KeepPolicy(text) == nil, "\(text)")
        }
    }

    @Test("the interval of snapshots may be left out where it is the default")
    func snapshotInterval() throws {
        let without = json.changing("chain.snapshotInterval", to: nil)
        #expect(try ClusterConfiguration(json: without, file: "config.json") == sample)
    }

    @Test(
        "the election of leaders is one of four, is part of the chain, and may be left out where it is the standard one"
    )
    func leaderElection() throws {
        let without = json.changing("chain.leaderElection", to: nil).changing("chain.leaderTenure", to: nil)
        #expect(try ClusterConfiguration(json: without, file: "config.json") == sample)
        for rule in [LeaderElectionRule.roundRobin(tenure: 5), .weighted, .reputation, .proofOfWork(difficulty: 7)] {
            let cluster = try NewCluster(
                name: "leaders",
                parameters: ChainParameters(leaderElection: rule),
                host: "127.0.0.1",
                ports: [1, 2, 3, 4]
            )
            let written = cluster.configuration.json
            #expect(written["chain.leaderElection"] == .string(rule.name))
            #expect(written["chain.leaderTenure"] == (rule == .roundRobin(tenure: 5) ? .integer(5) : nil))
            #expect(
                written["chain.workDifficulty"] == (rule == .proofOfWork(difficulty: 7) ? .integer(7) : nil)
            )
            let read = try ClusterConfiguration(json: written, file: "config.json")
            #expect(read.parameters.leaderElection == rule && read == cluster.configuration)
        }
    }

    @Test("another election makes another chain, and the same one the same")
    func otherElection() throws {
        let worked = try sample.with(election: .proofOfWork(difficulty: 16), file: "config.json")
        #expect(worked.genesis.chain != sample.genesis.chain && worked.replicas == sample.replicas)
        #expect(worked.settings == sample.settings && worked.listeners == sample.listeners)
        #expect(try worked.with(election: .standard, file: "config.json") == sample)
        let founded = try worked.with(election: .proofOfWork(difficulty: 16), file: "config.json")
        #expect(founded == worked)
    }

    @Test("the commit rule is part of the chain, and may be left out where it is three-chain")
    func commitRule() throws {
        let without = json.changing("chain.commitRule", to: nil)
        #expect(try ClusterConfiguration(json: without, file: "config.json") == sample)
        let cluster = try NewCluster(
            name: "two",
            parameters: ChainParameters(commitRule: .twoChain),
            host: "127.0.0.1",
            ports: [7_000]
        )
        let written = cluster.configuration.json
        #expect(written["chain.commitRule"] == .string("twoChain"))
        let read = try ClusterConfiguration(json: written, file: "config.json")
        #expect(read == cluster.configuration && read.parameters.commitRule == .twoChain)
        #expect(try read.goingOn(from: origin, with: nil, file: "config.json").parameters.commitRule == .twoChain)
    }

    @Test("the routing of votes is part of the chain, and may be left out where it is to everyone")
    func voteRouting() throws {
        #expect(json["chain.voteRouting"] == .string("everyone"))
        let without = json.changing("chain.voteRouting", to: nil)
        #expect(try ClusterConfiguration(json: without, file: "config.json") == sample)
        let cluster = try NewCluster(
            name: "routed",
            parameters: ChainParameters(commitRule: .twoChain, voteRouting: .nextLeader),
            host: "127.0.0.1",
            ports: [7_000, 7_001, 7_002, 7_003]
        )
        let written = cluster.configuration.json
        #expect(written["chain.voteRouting"] == .string("nextLeader"))
        let read = try ClusterConfiguration(json: written, file: "config.json")
        #expect(read == cluster.configuration && read.parameters.voteRouting == .nextLeader)
    }

    /// Where a chain begins that goes on from the sample.
    private var origin: Origin {
        Origin(
            predecessors: [sample.genesis.chain],
            epoch: Epoch(1),
            view: View(9),
            height: Height(7),
            block: .zero,
            state: sample.genesis.chain,
            time: Timestamp(5)
        )
    }

    @Test("a chain that goes on from another one has its name, numbers and replicas, or those of another configuration")
    func goingOn() throws {
        let next = try sample.goingOn(from: origin, with: nil, file: "config.json")
        #expect(next.genesis.origin == origin && next.genesis.chain != sample.genesis.chain)
        #expect(next.replicas == sample.replicas && next.settings == sample.settings && next.name == sample.name)
        let text = next.json.prettyText
        let value = try JSONFile.parse(Array(text.utf8), file: "config.json")
        #expect(try ClusterConfiguration(json: value, file: "config.json") == next)
        #expect(next.json["origin.height"] == .integer(7) && sample.json["origin"] == nil)
        expectError(.contradictory, "chainID is") {
            _ = try ClusterConfiguration(json: value.changing("origin", to: nil), file: "config.json")
        }
        let others = try NewCluster(name: "other", host: "127.0.0.1", ports: [1, 2, 3, 4, 5], listenerPorts: [6])
        let moved = try sample.goingOn(from: origin, with: others.configuration, file: "config.json")
        #expect(moved.replicas == others.configuration.replicas && moved.listeners == others.configuration.listeners)
        #expect(moved.name == sample.name && moved.genesis.validators.count == 5)
        // The keys of both were made for other chains.
        let keys = try SampleCluster.cluster.keys
        try keys[2].check(file: "k.json", belongsTo: ReplicaID(2), of: next, in: "config.json")
        try others.keys[2].check(file: "k.json", belongsTo: ReplicaID(2), of: moved, in: "config.json")
        expectError(.contradictory, "another key") {
            try keys[2].check(file: "k.json", belongsTo: ReplicaID(2), of: moved, in: "config.json")
        }
    }

    private static let zeros = String(repeating: "0", count: 64)

    @Test(
        "an origin that cannot be is refused, with the place in the file",
        arguments: [
            (
                "height", JSONValue.integer(0), ConfigurationError.Kind.contradictory,
                "origin.height is 0, allowed are 1 to"
            ),
            ("height", .integer(8), .contradictory, "chainID is"),
            ("height", nil, .malformed, "origin.height is missing"),
            ("view", .integer(.max), .contradictory, "origin.view is 18446744073709551615"),
            ("epoch", .integer(0), .contradictory, "origin.epoch is 0"),
            ("block", .string("12"), .malformed, "origin.block is \"12\" in config.json; 64 hexadecimal digits"),
            ("state", .integer(1), .malformed, "origin.state is a number"),
            ("predecessors", .list([]), .contradictory, "origin.predecessors are 0"),
            ("predecessors", .list([.integer(1)]), .malformed, "origin.predecessors[0] is a number"),
            ("predecessors", .list([.string("x")]), .malformed, "origin.predecessors[0] is \"x\""),
            (
                "predecessors", .list([.string(zeros), .string(zeros)]), .contradictory,
                "origin.predecessors name one chain twice"
            ),
            ("hight", .integer(1), .malformed, "unknown setting \"origin.hight\""),
        ] as [(String, JSONValue?, ConfigurationError.Kind, String)]
    )
    func badOrigins(name: String, value: JSONValue?, kind: ConfigurationError.Kind, text: String) throws {
        let json = try sample.goingOn(from: origin, with: nil, file: "config.json").json
        expectError(kind, text) {
            _ = try ClusterConfiguration(json: json.changing("origin.\(name)", to: value), file: "config.json")
        }
    }

    @Test("replicas may stand in any order")
    func order() throws {
        guard case .list(let replicas) = json["replicas"] else {
            throw ConfigurationError(.malformed, "no list", advice: "none")
        }
        let reversed = json.changing("replicas", to: .list(replicas.reversed()))
        #expect(try ClusterConfiguration(json: reversed, file: "config.json") == sample)
    }

    private struct Rejection: Sendable, CustomTestStringConvertible {
        let path: String
        let value: JSONValue?
        let kind: ConfigurationError.Kind
        let text: String
        var testDescription: String { "\(path) = \(value?.compactText.prefix(40) ?? "nothing")" }

        init(_ path: String, _ value: JSONValue?, _ kind: ConfigurationError.Kind, _ text: String) {
            self.path = path
            self.value = value
            self.kind = kind
            self.text = text
        }
    }

    private static let rejections: [Rejection] = [
        Rejection("", .list([]), .malformed, "the whole file is a list"),
        Rejection("version", nil, .malformed, "version is missing"),
        Rejection("version", .integer(2), .malformed, "version is 2 in config.json, and this program knows version 1"),
        Rejection("version", .string("1"), .malformed, "version is a string"),
        Rejection(
            "naem",
            .string("x"),
            .malformed,
            "unknown setting \"naem\" in config.json; known there are chain, chainID"
        ),
        Rejection("chain.maximumBytes", .integer(1), .malformed, "unknown setting \"chain.maximumBytes\""),
        Rejection("replica.timeout", .integer(1), .malformed, "unknown setting \"replica.timeout\""),
        Rejection("replicas.2.weight", .integer(1), .malformed, "unknown setting \"replicas[2].weight\""),
        Rejection("name", nil, .malformed, "name is missing"),
        Rejection("name", .string(""), .malformed, "name is \"\""),
        Rejection("name", .string("a\nb"), .malformed, "printable text"),
        Rejection("name", .string("another"), .contradictory, "chainID is"),
        Rejection("name", .null, .malformed, "name is null"),
        Rejection("chainID", .string("12"), .malformed, "64 hexadecimal digits"),
        Rejection("chainID", .string(String(repeating: "0", count: 64)), .contradictory, "chainID is 00000000…"),
        Rejection("signatureScheme", .string("rsa"), .malformed, "known is ml-dsa-44, ml-dsa-65"),
        Rejection("chain", nil, .malformed, "chain is missing"),
        Rejection("chain.maximumExecutionLag", nil, .malformed, "chain.maximumExecutionLag is missing"),
        Rejection("chain.maximumExecutionLag", .integer(0), .contradictory, "maximumExecutionLag is 0, allowed are"),
        Rejection("chain.maximumExecutionLag", .integer(65), .contradictory, "chainID is"),
        Rejection(
            "chain.snapshotInterval",
            .integer(0),
            .contradictory,
            "snapshotInterval is 0, allowed are 1 to 1000000000"
        ),
        Rejection("chain.leaderElection", .string("lottery"), .contradictory, "chain.leaderElection is \"lottery\""),
        Rejection("chain.leaderElection", .integer(1), .malformed, "chain.leaderElection is"),
        Rejection("chain.leaderElection", .string("weighted"), .contradictory, "leaderTenure does not go with"),
        Rejection(
            "chain.leaderTenure",
            .integer(0),
            .contradictory,
            "chain.leaderTenure is 0, allowed are 1 to 1000000"
        ),
        Rejection("chain.leaderTenure", .integer(2), .contradictory, "chainID is"),
        Rejection("chain.workDifficulty", .integer(16), .contradictory, "workDifficulty does not go with"),
        Rejection("chain.leaderElection", .string("proofOfWork"), .contradictory, "leaderTenure does not go with"),
        Rejection("chain.commitRule", .string("twoChain"), .contradictory, "chainID is"),
        Rejection(
            "chain.commitRule",
            .string("two-chain"),
            .malformed,
            "chain.commitRule is \"two-chain\" in config.json; known is threeChain, twoChain"
        ),
        Rejection("chain.commitRule", .integer(2), .malformed, "chain.commitRule is a number"),
        Rejection(
            "chain.voteRouting",
            .string("nextLeader"),
            .contradictory,
            "needs 4 live leaders in a row, at most 3 are sure"
        ),
        Rejection(
            "chain.voteRouting",
            .string("next-leader"),
            .malformed,
            "chain.voteRouting is \"next-leader\" in config.json; known is everyone, nextLeader"
        ),
        Rejection("chain.snapshotInterval", .integer(9_999), .contradictory, "chainID is"),
        Rejection("chain.maximumCommandBytes", .number(-1), .malformed, "chain.maximumCommandBytes is -1.0"),
        Rejection("chain.maximumCommandBytes", .number(1.5), .malformed, "chain.maximumCommandBytes is 1.5"),
        Rejection("chain.maximumCommandBytes", .integer(1 << 40), .malformed, "a whole number from 0 to 4294967295"),
        Rejection("replica.timeoutGrowthPercent", .integer(5), .contradictory, "timeoutGrowthPercent is 5, allowed"),
        Rejection(
            "replica.maximumPendingBytes",
            .integer(UInt64.max),
            .malformed,
            "replica.maximumPendingBytes is 18446744"
        ),
        Rejection("replica.viewTimeoutMilliseconds", .integer(20_000), .contradictory, "maximumTimeoutMilliseconds is"),
        Rejection("replica.keep", .string("some"), .malformed, "replica.keep is \"some\""),
        Rejection("replica.keep", .integer(7), .malformed, "replica.keep is a number"),
        Rejection("replicas", .list([]), .contradictory, "replicas is empty"),
        Rejection("replicas", .object([:]), .malformed, "replicas is an object"),
        Rejection("replicas.1", .integer(7), .malformed, "replicas[1] is a number"),
        Rejection("replicas.0", nil, .contradictory, "no replica has the id 0"),
        Rejection("replicas.3", nil, .contradictory, "chainID is"),
        Rejection("replicas.1.id", .integer(0), .contradictory, "two replicas have the id 0"),
        Rejection("replicas.1.id", .integer(9), .contradictory, "no replica has the id 1"),
        Rejection("replicas.1.id", .integer(70_000), .malformed, "replicas[1].id is 70000"),
        Rejection("replicas.1.port", .integer(0), .malformed, "replicas[1].port is 0"),
        Rejection("replicas.1.port", .integer(65_536), .malformed, "replicas[1].port is 65536"),
        Rejection("replicas.1.port", .integer(7_000), .contradictory, "replica 0 and replica 1 have the same address"),
        Rejection("replicas.1.host", .string(""), .malformed, "replicas[1].host is \"\""),
        Rejection("replicas.1.host", .string("a b"), .malformed, "replicas[1].host is \"a b\""),
        Rejection("replicas.1.votingPower", .integer(0), .malformed, "replicas[1].votingPower is 0"),
        Rejection("replicas.1.votingPower", .integer(2), .contradictory, "chainID is"),
        Rejection(
            "replicas.1.votingPower",
            .integer(UInt64.max / 2),
            .contradictory,
            "votingPowers add up to too much"
        ),
        Rejection("replicas.1.publicKey", .string("!"), .malformed, "replicas[1].publicKey is not base64"),
        Rejection("replicas.1.publicKey", .string("AAAA"), .malformed, "the key has 3 bytes where 1312 are expected"),
    ]

    @Test("a mistake is refused and named", arguments: rejections)
    private func rejection(_ rejection: Rejection) {
        let changed = rejection.path.isEmpty ? .list([]) : json.changing(rejection.path, to: rejection.value)
        expectError(rejection.kind, rejection.text) {
            _ = try ClusterConfiguration(json: changed, file: "config.json")
        }
    }

    @Test("two replicas with one key are refused")
    func sameKey() {
        let changed = json.changing("replicas.1.publicKey", to: json["replicas.0.publicKey"])
        expectError(.contradictory, "replicas 0 and 1 have the same publicKey") {
            _ = try ClusterConfiguration(json: changed, file: "config.json")
        }
    }

    @Test("a text that is no JSON is refused with line and column")
    func syntax() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("config.json", "{\n  \"version\": 1,\n  \"version\": 1\n}")
        expectError(.malformed, "line 3, column 3: \"version\" is given twice") {
            _ = try ClusterConfiguration.read(file)
        }
    }

    @Test("a file that is missing, or is a folder, is refused")
    func missing() throws {
        let folder = try TemporaryFolder()
        expectError(.missing, "there is no") { _ = try ClusterConfiguration.read(folder.file("config.json")) }
        expectError(.missing, "is a directory") { _ = try ClusterConfiguration.read(folder.path) }
    }
}
