import HotStuff
import PostQuantum

/// The chain and the keys that a handshake is checked against.
struct Roster: Sendable {
    let chain: Digest
    /// What the chain is made of, as far as it is known here.
    let profile: ChainProfile
    let scheme: SignatureScheme
    private let verifiers: [ReplicaID: any Verifier]

    init(
        chain: Digest,
        profile: ChainProfile = ChainProfile(),
        scheme: SignatureScheme,
        peers: [Peer]
    ) throws(TransportError) {
        var verifiers: [ReplicaID: any Verifier] = [:]
        for peer in peers {
            let verifier: any Verifier
            do {
                verifier = try scheme.makeVerifier(key: peer.verificationKey)
            } catch {
                throw .invalidKey(peer.id, error)
            }
            guard verifiers.updateValue(verifier, forKey: peer.id) == nil else { throw .duplicatePeer(peer.id) }
        }
        self.chain = chain
        self.profile = profile
        self.scheme = scheme
        self.verifiers = verifiers
    }

    /// The key of a replica, or nothing if there is no such replica.
    func verifier(of replica: ReplicaID) -> (any Verifier)? {
        verifiers[replica]
    }
}

/// Who this side is.
enum LocalIdentity: Sendable {
    /// A replica with its private key.
    case replica(ReplicaID, any Signer)
    /// A client that does not say who it is.
    case anonymous
}

/// Who the other side has proved to be.
enum RemoteIdentity: Hashable, Sendable {
    /// A replica that has shown its key.
    case replica(ReplicaID)
    /// Somebody who did not say.
    case anonymous
}
