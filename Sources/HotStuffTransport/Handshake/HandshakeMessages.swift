import HotStuff
import PostQuantum

/// What an initiator asks to be let in as.
enum InitiatorRole: UInt8, Sendable {
    case replica = 0
    case client = 1
}

/// The first message: what the initiator speaks, whom it means, and its half of the key agreement.
struct ClientHello: Equatable, Sendable {
    static let magic: [UInt8] = Array("hotstuff".utf8)
    static let nonceByteCount = 32
    static let maximumVersionCount = 16
    static let maximumByteCount =
        magic.count + 1 + 2 * maximumVersionCount + Digest.byteCount + 1 + 8 * ChainProfile.maximumCount + 1 + 2
        + nonceByteCount + XWing.publicKeyByteCount

    var versions: [UInt16]
    var chain: Digest
    /// The numbers of the chain's profile, by which the responder may say why the chain is another one.
    var profile: [UInt64]
    var role: InitiatorRole
    var peer: ReplicaID
    var nonce: [UInt8]
    var publicKey: [UInt8]

    var encoded: [UInt8] {
        var encoder = BorshEncoder(capacity: ClientHello.maximumByteCount)
        encoder.appendRaw(ClientHello.magic)
        encoder.append(UInt8(truncatingIfNeeded: versions.count))
        for version in versions {
            encoder.append(version)
        }
        encoder.append(chain)
        encoder.append(UInt8(truncatingIfNeeded: profile.count))
        for value in profile { encoder.append(value) }
        encoder.append(role.rawValue)
        encoder.append(peer)
        encoder.appendRaw(nonce)
        encoder.appendRaw(publicKey)
        return encoder.bytes
    }

    /// Reads a hello; what follows the versions is only understood if one of them is ours.
    init(decoding bytes: [UInt8], supported: [UInt16]) throws(ConnectionFailure) {
        var decoder = BorshDecoder(bytes)
        do {
            guard try decoder.readRaw(count: ClientHello.magic.count) == ClientHello.magic else {
                throw ConnectionFailure.malformed(.magic)
            }
            let versionCount = Int(try decoder.readUInt8())
            guard versionCount <= ClientHello.maximumVersionCount else {
                throw ConnectionFailure.malformed(.oversizedRecord)
            }
            versions = []
            for _ in 0..<versionCount { versions.append(try decoder.readUInt16()) }
            guard versions.contains(where: supported.contains) else { throw ConnectionFailure.unsupportedVersion }
            chain = try decoder.read()
            let profileCount = Int(try decoder.readUInt8())
            guard profileCount <= ChainProfile.maximumCount else {
                throw ConnectionFailure.malformed(.oversizedRecord)
            }
            profile = []
            for _ in 0..<profileCount { profile.append(try decoder.readUInt64()) }
            guard let role = InitiatorRole(rawValue: try decoder.readUInt8()) else {
                throw ConnectionFailure.malformed(.role)
            }
            self.role = role
            peer = try decoder.read()
            nonce = try decoder.readRaw(count: ClientHello.nonceByteCount)
            publicKey = try decoder.readRaw(count: XWing.publicKeyByteCount)
            try decoder.finish()
        } catch {
            throw ConnectionFailure(decoding: error)
        }
    }

    init(
        versions: [UInt16],
        chain: Digest,
        profile: [UInt64] = [],
        role: InitiatorRole,
        peer: ReplicaID,
        nonce: [UInt8],
        publicKey: [UInt8]
    ) {
        self.versions = versions
        self.chain = chain
        self.profile = profile
        self.role = role
        self.peer = peer
        self.nonce = nonce
        self.publicKey = publicKey
    }
}

/// The answer: the version chosen and the responder's half of the key agreement.
struct ServerHello: Equatable, Sendable {
    static let byteCount = 2 + Digest.byteCount + ClientHello.nonceByteCount + XWing.ciphertextByteCount

    var version: UInt16
    var chain: Digest
    var nonce: [UInt8]
    var ciphertext: [UInt8]

    var encoded: [UInt8] {
        var encoder = BorshEncoder(capacity: ServerHello.byteCount)
        encoder.append(version)
        encoder.append(chain)
        encoder.appendRaw(nonce)
        encoder.appendRaw(ciphertext)
        return encoder.bytes
    }

    init(decoding bytes: [UInt8]) throws(ConnectionFailure) {
        var decoder = BorshDecoder(bytes)
        do {
            version = try decoder.readUInt16()
            chain = try decoder.read()
            nonce = try decoder.readRaw(count: ClientHello.nonceByteCount)
            ciphertext = try decoder.readRaw(count: XWing.ciphertextByteCount)
            try decoder.finish()
        } catch {
            throw ConnectionFailure(decoding: error)
        }
    }

    init(version: UInt16, chain: Digest, nonce: [UInt8], ciphertext: [UInt8]) {
        self.version = version
        self.chain = chain
        self.nonce = nonce
        self.ciphertext = ciphertext
    }
}

/// A replica's claim to be who it is, and the signature that proves it.
struct IdentityProof: Equatable, Sendable {
    var replica: ReplicaID
    var signature: [UInt8]

    /// The bytes of a proof on the wire, where it is sealed.
    static func byteCount(signature: Int) -> Int { 2 + signature + FrameCipher.overhead }

    var encoded: [UInt8] {
        var encoder = BorshEncoder(capacity: 2 + signature.count)
        encoder.append(replica)
        encoder.appendRaw(signature)
        return encoder.bytes
    }

    init(decoding bytes: [UInt8], signatureByteCount: Int) throws(ConnectionFailure) {
        var decoder = BorshDecoder(bytes)
        do {
            replica = try decoder.read()
            signature = try decoder.readRaw(count: signatureByteCount)
            try decoder.finish()
        } catch {
            throw ConnectionFailure(decoding: error)
        }
    }

    init(replica: ReplicaID, signature: [UInt8]) {
        self.replica = replica
        self.signature = signature
    }
}

extension ConnectionFailure {
    /// The failure that an error on the way through a handshake message stands for.
    init(decoding error: any Error) {
        switch error {
        case let failure as ConnectionFailure: self = failure
        case DecodingError.trailingBytes: self = .malformed(.trailingBytes)
        default: self = .malformed(.truncatedRecord)
        }
    }
}
