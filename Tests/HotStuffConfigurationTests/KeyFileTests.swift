import ConfigurationKit
import HotStuff
import PostQuantum
import Testing

@testable import HotStuffConfiguration

@Suite("Key files")
struct KeyFileTests {
    private let sample: NewCluster
    private let key: KeyFile

    init() throws {
        sample = try SampleCluster.cluster
        key = sample.keys[2]
    }

    @Test("what is written is read again, and signs for the replica of the configuration")
    func roundTrip() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("key_2.json", key.json.prettyText, mode: 0o600)
        let read = try KeyFile.read(file)
        #expect(read.id == ReplicaID(2))
        #expect(read.seed == key.seed)
        #expect(read.publicKey == sample.configuration.replicas[2].publicKey)
        try read.check(file: file, belongsTo: ReplicaID(2), of: sample.configuration, in: "config.json")
    }

    @Test("a key that others may read or write is refused", arguments: [0o644, 0o640, 0o604, 0o620, 0o601])
    func openPermissions(mode: Int) throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("key_2.json", key.json.prettyText, mode: mode)
        expectError(.notPermitted, "run chmod 600 \(file)") { _ = try KeyFile.read(file) }
    }

    @Test("a key that only its owner may read is taken", arguments: [0o600, 0o400])
    func closedPermissions(mode: Int) throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("key_2.json", key.json.prettyText, mode: mode)
        #expect(try KeyFile.read(file).id == ReplicaID(2))
    }

    @Test(
        "a mistake is refused and named",
        arguments: [
            ("seed", JSONValue.string("AAAA"), "seed is no key"),
            ("seed", .string("?"), "seed is not base64"),
            ("seed", .string(Base64.encode([UInt8](repeating: 7, count: 32))), "publicKey does not belong to the seed"),
            ("publicKey", .string("AAAA"), "publicKey does not belong to the seed"),
            ("seed", nil, "seed is missing"),
            ("sede", .string(""), "unknown setting \"sede\""),
            ("id", .integer(5_000), "id is 5000"),
            ("version", .integer(3), "version is 3"),
            ("chainID", .string("xyz"), "chainID is \"xyz\""),
            ("signatureScheme", .string("ed25519"), "known is ml-dsa-44, ml-dsa-65"),
        ]
    )
    func rejection(path: String, value: JSONValue?, text: String) {
        expectError(.malformed, text) {
            _ = try KeyFile(json: key.json.changing(path, to: value), file: "key_2.json")
        }
    }

    @Test("a key of another replica, chain or founding is refused")
    func foreign() throws {
        let configuration = sample.configuration
        func check(_ key: KeyFile, replica: UInt16) throws {
            try key.check(file: "k.json", belongsTo: ReplicaID(replica), of: configuration, in: "config.json")
        }
        expectError(.contradictory, "there is no replica 4 in config.json") { try check(key, replica: 4) }
        expectError(.contradictory, "k.json is the key of replica 2, not of replica 1") { try check(key, replica: 1) }
        let otherChain = try KeyFile(id: key.id, chain: .zero, scheme: key.scheme, seed: key.seed)
        expectError(.contradictory, "k.json is a key for chain 00000000…") { try check(otherChain, replica: 2) }
        let seed = key.scheme.generateSeed()
        let otherKey = try KeyFile(id: key.id, chain: key.chain, scheme: key.scheme, seed: seed)
        expectError(.contradictory, "k.json holds another key") { try check(otherKey, replica: 2) }
    }

    @Test("printing a key shows no secret")
    func secrecy() {
        #expect(!"\(key)".contains(Base64.encode(key.seed.reveal())))
        var dumped = ""
        dump(key, to: &dumped)
        #expect(!dumped.contains("\(key.seed.reveal()[0]), \(key.seed.reveal()[1])"))
    }
}
