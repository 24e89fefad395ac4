import ConfigurationKit
import Foundation
import HotStuff
import HotStuffConfiguration
import Testing

@testable import HotStuffCommand

@Suite("The program refuses bad input on one line")
struct CommandLineTests {
    /// Expects a status, one line on standard error with some text, and nothing on standard output.
    private func expect(_ status: ProgramStatus, _ text: String, of result: Binary.Result) {
        #expect(result.status == status.rawValue, "\(result.error)")
        #expect(result.errorLines.count == 1, "\(result.error)")
        #expect(result.error.hasPrefix("hotstuff: ") && result.error.contains("; "), "\(result.error)")
        #expect(result.error.contains(text), "\(result.error)")
        #expect(result.output.isEmpty)
    }

    /// A folder with the sample cluster's files.
    private func testnet() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try OutputFiles(directory: folder.file("net"), files: SampleCluster.cluster.files).create()
        return folder
    }

    @Test(
        "a wrong command line",
        arguments: [
            (["--nonsense"], "unknown option '--nonsense'; see hotstuff --help"),
            (["nonsense"], "unexpected argument 'nonsense'"),
            (["run", "--nonsense"], "see hotstuff run --help"),
            (["run", "--id", "x", "--config", "c", "--key", "k"], "the value 'x' is invalid for '--id <id>'"),
            (["run", "--id", "0", "--config", "c", "--key", "k", "--durability", "none"], "power-loss"),
            (["run", "--id", "0", "--config", "c", "--key", "k", "--skip-command", "0.0/1"], "'0.0/1' is invalid"),
            (["run", "--id", "0", "--config", "c", "--key", "k", "--skip-command", "7"], "'7' is invalid"),
            (
                ["run", "--id", "0", "--config", "c", "--key", "k", "--segment-bytes", "65535"],
                "--segment-bytes is 65535"
            ),
            (["keygen"], "missing expected argument '--output <output>'"),
            (["keygen", "--output", "net", "--replicas", "0"], "--replicas is 0"),
            (["keygen", "--output", "net", "--replicas", "1025"], "--replicas is 1025"),
            (["keygen", "--output", "net", "--base-port", "65534"], "--base-port is 65534 for 4 replicas"),
            (["keygen", "--output", "net", "--base-port", "9223372036854775807"], "--base-port"),
            (["keygen", "--output", "net", "--election", "lottery"], "leaderElection is \"lottery\""),
            (
                ["keygen", "--output", "net", "--election", "weighted", "--tenure", "2"],
                "leaderTenure does not go with"
            ),
            (["keygen", "--output", "net", "--tenure", "0"], "leaderTenure is 0, allowed are 1 to 1000000"),
            (
                ["keygen", "--output", "net", "--election", "proof-of-work", "--difficulty", "41"],
                "workDifficulty is 41, allowed are 1 to 40"
            ),
            (
                ["keygen", "--output", "net", "--election", "proof-of-work", "--difficulty", "256"],
                "workDifficulty is 256, allowed are 1 to 40"
            ),
            (["keygen", "--output", "net", "--difficulty", "9"], "workDifficulty does not go with"),
            (
                ["run", "--id", "0", "--config", "c", "--key", "k", "--mining-threads", "0"],
                "--mining-threads is 0; choose 1 to 1024"
            ),
            (["run", "--id", "0", "--config", "c", "--key", "k", "--pow-difficulty", "x"], "'x' is invalid"),
            (
                ["keygen", "--output", "net", "--votes", "next-leader"],
                "choose --votes everyone, or --tenure 2 or more, or --rule two-chain"
            ),
            (["keygen", "--output", "net", "--host", "a b"], "--host is \"a b\""),
            (["keygen", "--output", "net", "--name", ""], "--name is \"\""),
            (["submit", "--config", "c", "--timeout", "0", "get", "a"], "--timeout is 0"),
            (["submit", "--config", "c", "--timeout", "nan", "get", "a"], "--timeout is nan"),
            (["submit", "--config", "c", "--outstanding", "0", "get", "a"], "--outstanding is 0"),
            (["demo", "--replicas", "0"], "--replicas is 0"),
            (["inspect"], "missing expected argument '--data-dir <data-dir>'; see hotstuff inspect --help"),
            (["inspect", "--data-dir", "d", "--height", "x"], "invalid for '--height <height>'"),
            (["verify", "--data-dir", "d"], "missing expected argument '--config <config>'"),
            (["demo", "--replicas", "9999999999999999999999"], "invalid for '--replicas <replicas>'"),
        ]
    )
    func usage(arguments: [String], text: String) async throws {
        let folder = try TemporaryFolder()
        expect(.usage, text, of: try await Binary(arguments, in: folder.path).finish())
        #expect(folder.names.isEmpty)
    }

    @Test(
        "help is printed with status 0",
        arguments: [
            ["--help"], ["run", "--help"], ["demo", "-h"], ["help", "submit"],
            ["inspect", "--help"], ["verify", "--help"],
        ]
    )
    func help(arguments: [String]) async throws {
        let result = try await Binary(arguments).finish()
        #expect(result.status == 0)
        #expect(result.output.contains("USAGE: hotstuff"))
        #expect(result.error.isEmpty)
    }

    @Test("keygen writes a cluster once")
    func keygen() async throws {
        let folder = try TemporaryFolder()
        let first = try await Binary.run("keygen", "--replicas", "2", "--output", "./net", in: folder.path)
        #expect(first.status == 0, "\(first.error)")
        let configuration = try ClusterConfiguration.read(folder.file("net/config.json"))
        #expect(configuration.replicas.map(\.address) == ["127.0.0.1:7000", "127.0.0.1:7001"])
        #expect(first.output.contains(configuration.genesis.chain.description))
        #expect(try KeyFile.read(folder.file("net/key_1.json")).publicKey == configuration.replicas[1].publicKey)
        let before = try String(contentsOfFile: folder.file("net/key_1.json"), encoding: .utf8)
        let second = try await Binary.run("keygen", "--replicas", "2", "--output", "./net", in: folder.path)
        expect(.cannotCreate, "net/key_0.json exists already", of: second)
        #expect(try String(contentsOfFile: folder.file("net/key_1.json"), encoding: .utf8) == before)
    }

    @Test("a file that is missing, malformed, open to others, or of another replica; and nothing is written")
    func files() async throws {
        let folder = try testnet()
        func run(_ id: String, _ config: String, _ key: String) async throws -> Binary.Result {
            try await Binary.run("run", "--id", id, "--config", config, "--key", key, in: folder.path)
        }
        let config = "net/config.json"
        expect(.noInput, "there is no nowhere.json", of: try await run("0", "nowhere.json", "net/key_0.json"))
        expect(.noInput, "there is no net/key_7.json", of: try await run("0", config, "net/key_7.json"))
        expect(.configuration, "is the key of replica 1", of: try await run("0", config, "net/key_1.json"))
        expect(.configuration, "there is no replica 9", of: try await run("9", config, "net/key_0.json"))
        try folder.write("bad.json", "{\"version\": 1,,}")
        expect(.data, "bad.json, line 1, column 15", of: try await run("0", "bad.json", "net/key_0.json"))
        expect(.data, "unknown setting \"id\"", of: try await run("0", "net/key_0.json", "net/key_0.json"))
        chmod(folder.file("net/key_0.json"), 0o640)
        expect(.noPermission, "run chmod 600 net/key_0.json", of: try await run("0", config, "net/key_0.json"))
        #expect(folder.names == ["bad.json", "net"])
    }

    @Test("a command that is wrong, and a file of commands with a mistake, before anything is sent")
    func commands() async throws {
        let folder = try testnet()
        func submit(_ words: String..., input: String = "") async throws -> Binary.Result {
            let arguments = ["submit", "--config", "net/config.json"] + words
            return try await Binary(arguments, in: folder.path, input: input).finish()
        }
        expect(.usage, "a command is missing", of: try await submit())
        expect(.usage, "unknown command \"push\"", of: try await submit("push", "a"))
        expect(.usage, "usage: put KEY VALUE", of: try await submit("put", "a"))
        expect(.usage, "beside --file", of: try await submit("--file", "-", "get", "a"))
        expect(.noInput, "there is no none.txt", of: try await submit("--file", "none.txt"))
        expect(.data, "standard input, line 2", of: try await submit("--file", "-", input: "get a\nget\n"))
        expect(.data, "no command in standard input", of: try await submit("--file", "-"))
    }

    @Test("no replica that answers")
    func unavailable() async throws {
        let folder = try TemporaryFolder()
        let cluster = try NewCluster(name: "silent", host: "127.0.0.1", ports: try FreePorts.draw(4))
        try OutputFiles(directory: folder.file("net"), files: cluster.files).create()
        let config = folder.file("net/config.json")
        let result = try await Binary.run("submit", "--config", config, "--timeout", "0.3", "get", "a")
        expect(.unavailable, "none of 4 replicas can be reached for \"get a\"", of: result)
    }
}
