import ConfigurationKit
import Foundation
import HotStuff
import HotStuffTransport
import PostQuantum
import Testing

@testable import HotStuffConfiguration

@Suite("Listeners in the configuration")
struct ListenerTests {
    private static let made = Result {
        try NewCluster(name: "sample", host: "127.0.0.1", ports: [7_000, 7_001], listenerPorts: [7_002, 7_003])
    }

    private let sample: NewCluster
    private let json: JSONValue

    init() throws {
        sample = try Self.made.get()
        json = sample.configuration.json
    }

    @Test("listeners have identities that no validator set reaches, and keys of their own")
    func entries() throws {
        let configuration = sample.configuration
        #expect(configuration.listeners.map(\.id) == [ReplicaID(1_024), ReplicaID(1_025)])
        #expect(configuration.listeners.map(\.address) == ["127.0.0.1:7002", "127.0.0.1:7003"])
        #expect(sample.keys.map(\.id.rawValue) == [0, 1, 1_024, 1_025])
        #expect(sample.keys.map(\.publicKey) == configuration.neighbours.map(\.verificationKey))
        #expect(configuration.peers.map(\.id) == [ReplicaID(0), ReplicaID(1)])
        #expect(ReplicaID.listeners.lowerBound.index == ValidatorSet.maximumCount)
    }

    @Test("what is written is read again, in any order, and a file without listeners is as it always was")
    func roundTrip() throws {
        #expect(try ClusterConfiguration(json: json, file: "config.json") == sample.configuration)
        guard case .list(let listeners) = json["listeners"] else {
            Issue.record("\(json.compactText)")
            return
        }
        let reversed = json.changing("listeners", to: .list(listeners.reversed()))
        #expect(try ClusterConfiguration(json: reversed, file: "config.json") == sample.configuration)
        let without = try ClusterConfiguration(json: json.changing("listeners", to: nil), file: "config.json")
        #expect(without.listeners == [])
        #expect(!without.json.prettyText.contains("listeners"))
        #expect(try ClusterConfiguration(json: json.changing("listeners", to: .list([])), file: "c") == without)
    }

    @Test("the chain does not depend on its listeners")
    func identity() throws {
        let without = try ClusterConfiguration(json: json.changing("listeners", to: nil), file: "config.json")
        #expect(without.genesis == sample.configuration.genesis)
        let gap = try ClusterConfiguration(json: json.changing("listeners.0", to: nil), file: "config.json")
        #expect(gap.genesis == without.genesis)
        #expect(gap.listeners.map(\.id) == [ReplicaID(1_025)])
    }

    @Test(
        "a mistake is refused and named",
        arguments: [
            ("listeners", .object([:]), .malformed, "listeners is an object"),
            ("listeners.1", .integer(7), .malformed, "listeners[1] is a number"),
            (
                "listeners.1.id", .integer(1), .malformed,
                "listeners[1].id is 1 in config.json; a whole number from 1024 to 2047"
            ),
            ("listeners.1.id", .integer(2_048), .malformed, "listeners[1].id is 2048"),
            ("listeners.1.id", .integer(1_024), .contradictory, "two listeners have the id 1024"),
            ("listeners.1.id", nil, .malformed, "listeners[1].id is missing"),
            ("listeners.1.votingPower", .integer(1), .malformed, "unknown setting \"listeners[1].votingPower\""),
            ("listeners.1.host", .string("a b"), .malformed, "listeners[1].host is \"a b\""),
            ("listeners.1.port", .integer(0), .malformed, "listeners[1].port is 0"),
            (
                "listeners.1.port", .integer(7_002), .contradictory,
                "listener 1024 and listener 1025 have the same address"
            ),
            ("listeners.1.port", .integer(7_001), .contradictory, "replica 1 and listener 1025 have the same address"),
            ("listeners.1.publicKey", .string("!"), .malformed, "listeners[1].publicKey is not base64"),
            (
                "listeners.1.publicKey", .string("AAAA"), .malformed,
                "the publicKey of listener 1025 is no key of ml-dsa-44"
            ),
            ("replicas.1.id", .integer(1_024), .malformed, "replicas[1].id is 1024"),
        ] as [(String, JSONValue?, ConfigurationError.Kind, String)]
    )
    func rejection(path: String, value: JSONValue?, kind: ConfigurationError.Kind, text: String) {
        let changed = json.changing(path, to: value)
        expectError(kind, text) { _ = try ClusterConfiguration(json: changed, file: "config.json") }
    }

    @Test("nobody has another's key", arguments: ["replicas.0", "listeners.0"])
    func sameKey(other: String) {
        let changed = json.changing("listeners.1.publicKey", to: json["\(other).publicKey"])
        let name = other == "replicas.0" ? "replica 0" : "listener 1024"
        expectError(.contradictory, "\(name) and listener 1025 have the same publicKey") {
            _ = try ClusterConfiguration(json: changed, file: "config.json")
        }
    }

    @Test("there are only so many listeners")
    func count() {
        expectError(.contradictory, "there are 65 listeners") {
            _ = try NewCluster(name: "x", host: "h", ports: [1], listenerPorts: Array(2...66))
        }
    }

    @Test("a listener's key belongs to its entry and to no other")
    func key() throws {
        let configuration = sample.configuration
        try sample.keys[3].check(file: "k", belongsTo: ReplicaID(1_025), of: configuration, in: "c.json")
        expectError(.contradictory, "k is the key of replica 1025, not of replica 1024") {
            try sample.keys[3].check(file: "k", belongsTo: ReplicaID(1_024), of: configuration, in: "c.json")
        }
        expectError(
            .contradictory,
            "there is no replica 1030 in c.json; use an id from 0 to 1, or of a listener: 1024, 1025"
        ) {
            try sample.keys[3].check(file: "k", belongsTo: ReplicaID(1_030), of: configuration, in: "c.json")
        }
    }

    @Test("a listener is added under the lowest free identity; the chain stays, and the file is exchanged as a whole")
    func adding() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("config.json", json.changing("listeners.0", to: nil).prettyText, mode: 0o640)
        let before = try ClusterConfiguration.read(file)
        let address = try #require(NetworkAddress("[::1]:9000"))
        let new = try NewListener(joining: before, at: address, file: file)
        #expect(new.key.id == ReplicaID(1_024))
        #expect(try new.write(keyIn: folder.path, configuration: file) == folder.file("key_1024.json"))
        let after = try ClusterConfiguration.read(file)
        #expect(after == new.configuration)
        #expect(after.genesis == before.genesis)
        #expect(after.listeners.map(\.address) == ["[::1]:9000", "127.0.0.1:7003"])
        let key = try KeyFile.read(folder.file("key_1024.json"))
        try key.check(file: "k", belongsTo: ReplicaID(1_024), of: after, in: file)
        let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
        #expect(mode == 0o640)
        #expect(folder.names == ["config.json", "key_1024.json"])
        // The key of a listener that is no more is not overwritten.
        expectError(.notCreated, "key_1024.json exists already") {
            _ = try new.write(keyIn: folder.path, configuration: file)
        }
        let next = try NewListener(joining: before, at: address, file: file) { $0 != ReplicaID(1_024) }
        #expect(next.key.id == ReplicaID(1_026))
    }

    @Test("whoever adds a listener changes nothing else of the configuration")
    func nothingElse() throws {
        let plain = sample.configuration
        let own = try ClusterConfiguration(
            name: "another",
            scheme: .mlDSA44,
            parameters: ChainParameters(snapshotInterval: 77),
            settings: ConsensusSettings(pacemaker: PacemakerSettings(viewTimeoutMilliseconds: 250)),
            keep: .last(7),
            replicas: plain.replicas,
            file: "config.json"
        )
        let new = try NewListener(joining: own, at: try #require(NetworkAddress("a:1")), file: "config.json")
        #expect(new.configuration.listeners.count == 1)
        let (before, after) = (fields(of: own), fields(of: new.configuration))
        #expect(before.filter { $0.key != "listeners" } == after.filter { $0.key != "listeners" })
        #expect(before.keys.contains("keep") && before != after)
        #expect(try new.configuration.with(listeners: [], file: "config.json") == own)
    }

    private func fields(of configuration: ClusterConfiguration) -> [String: String] {
        var fields: [String: String] = [:]
        for child in Mirror(reflecting: configuration).children {
            fields[child.label ?? ""] = String(reflecting: child.value)
        }
        return fields
    }

    @Test("no key is left behind when the configuration cannot be written")
    func allOrNothing() throws {
        let folder = try TemporaryFolder()
        let address = try #require(NetworkAddress("a:1"))
        let new = try NewListener(joining: sample.configuration, at: address, file: "config.json")
        expectError(.inputOutput, "cannot be written: No such file") {
            _ = try new.write(keyIn: folder.path, configuration: folder.file("gone/config.json"))
        }
        #expect(folder.names == [])
    }

    @Test(
        "addresses are read as people write them",
        arguments: [
            ("10.0.0.9:7000", "10.0.0.9:7000"), ("[::1]:1", "[::1]:1"),
            ("node-1.example:65535", "node-1.example:65535"),
            ("::1:7", nil), ("a:0", nil), ("a:65536", nil), ("a", nil), (":7", nil), ("a b:7", nil), ("a:x", nil),
            ("", nil),
        ] as [(String, String?)]
    )
    func addresses(text: String, expected: String?) {
        #expect(NetworkAddress(text)?.description == expected)
    }
}
