internal import Foundation
public import HotStuff
public import PostQuantum

/// The private key of one replica or listener, as its file keeps it.
public struct KeyFile: Sendable {
    /// The replica that the key belongs to.
    public let id: ReplicaID
    /// The chain on which it signs.
    public let chain: Digest
    /// The scheme.
    public let scheme: SignatureScheme
    /// The seed of the private key.
    public let seed: SecretBytes
    /// The signer, made of the seed.
    public let signer: any Signer

    /// The version of the file's format.
    public static let version: UInt64 = 1

    /// The public key.
    public var publicKey: [UInt8] { signer.verificationKey.bytes }

    /// The key as its file shows it; whoever writes it keeps the file from others.
    package var json: JSONValue {
        .object([
            "chainID": .string(chain.description),
            "id": .integer(UInt64(id.rawValue)),
            "publicKey": .string(Base64.encode(publicKey)),
            "seed": .string(Base64.encode(seed.reveal())),
            "signatureScheme": .string(scheme.rawValue),
            "version": .integer(KeyFile.version),
        ])
    }

    /// Creates the key of a replica from its seed.
    public init(id: ReplicaID, chain: Digest, scheme: SignatureScheme, seed: SecretBytes) throws(KeyError) {
        self.id = id
        self.chain = chain
        self.scheme = scheme
        self.seed = seed
        signer = try scheme.makeSigner(seed: seed)
    }

    /// Reads a key file, which nobody but its owner may have access to.
    public static func read(_ file: String) throws(ConfigurationError) -> KeyFile {
        let bytes = try InputFile.read(
            file,
            what: "a replica's key",
            advice: "name the file with --key",
            isSecret: true
        )
        return try KeyFile(decoding: bytes, file: file)
    }

    /// Where the running replica notes with which data directory the key signs: beside the file itself, wherever links lead.
    public static func markPath(of file: String) -> String {
        URL(fileURLWithPath: file).resolvingSymlinksInPath().path + ".used"
    }

    /// Reads the content of a key file; complaints name the file.
    public init(decoding bytes: [UInt8], file: String) throws(ConfigurationError) {
        try self.init(json: try JSONFile.parse(bytes, file: file), file: file)
    }

    /// The content of its file, which nobody but the replica may read.
    public var fileContent: [UInt8] { Array(json.prettyText.utf8) }

    /// Reads a key.
    package init(json: JSONValue, file: String) throws(ConfigurationError) {
        let known = ["chainID", "id", "publicKey", "seed", "signatureScheme", "version"]
        let members = try JSONMembers(json, file: file, known: known)
        try JSONFile.checkVersion(members, known: KeyFile.version)
        id = ReplicaID(try members.integer("id", in: 0...ReplicaID.listeners.upperBound.rawValue))
        chain = try JSONFile.chain(members)
        scheme = try JSONFile.scheme(members)
        seed = SecretBytes(try members.bytes("seed"))
        do {
            signer = try scheme.makeSigner(seed: seed)
        } catch {
            throw ConfigurationError(
                .malformed,
                "seed is no key in \(file): \(error)",
                advice: "restore the file from a copy"
            )
        }
        guard try members.bytes("publicKey") == publicKey else {
            throw ConfigurationError(
                .malformed,
                "publicKey does not belong to the seed in \(file)",
                advice: "restore the file from a copy; it is damaged"
            )
        }
    }

    /// Checks that this is the key of a replica, or of a listener, of a configuration.
    ///
    /// A chain that goes on from another one has the keys of that one, or new ones that were drawn before its name was known: there the
    /// public key alone decides. Complaints name the files of both.
    public func check(
        file: String,
        belongsTo replica: ReplicaID,
        of configuration: ClusterConfiguration,
        in configurationFile: String
    ) throws(ConfigurationError) {
        guard let expectedKey = configuration.publicKey(of: replica) else {
            let listeners = configuration.listeners.map { "\($0.id)" }.joined(separator: ", ")
            throw ConfigurationError(
                .contradictory,
                "there is no replica \(replica) in \(configurationFile)",
                advice: "use an id from 0 to \(configuration.replicas.count - 1)"
                    + (listeners.isEmpty ? "" : ", or of a listener: \(listeners)")
            )
        }
        guard id == replica else {
            throw ConfigurationError(
                .contradictory,
                "\(file) is the key of replica \(id), not of replica \(replica)",
                advice: "run with --id \(id), or name the key of replica \(replica) with --key"
            )
        }
        guard chain == configuration.genesis.chain || configuration.genesis.origin != nil else {
            let expected = configuration.genesis.chain.short
            throw ConfigurationError(
                .contradictory,
                "\(file) is a key for chain \(chain.short)…, and \(configurationFile) describes chain \(expected)…",
                advice: "use files of the same chain"
            )
        }
        guard scheme == configuration.scheme, publicKey == expectedKey else {
            throw ConfigurationError(
                .contradictory,
                "\(file) holds another key than replica \(replica) has in \(configurationFile)",
                advice: "use the key file that was made with this configuration"
            )
        }
    }
}
