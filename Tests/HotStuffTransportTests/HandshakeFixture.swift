import HotStuff
import PostQuantum

@testable import HotStuffTransport

/// A few replicas with keys, and strangers without a place.
struct HandshakeFixture {
    static let chain = Digest.hash(of: [1])
    static let otherChain = Digest.hash(of: [2])

    let chain: Digest
    let signers: [any Signer]
    let peers: [Peer]
    let roster: Roster

    init(count: Int = 4, chain: Digest = HandshakeFixture.chain) throws {
        let scheme = SignatureScheme.mlDSA65
        self.chain = chain
        signers = try (0..<count).map { _ in try scheme.makeSigner(seed: scheme.generateSeed()) }
        peers = signers.enumerated().map { index, signer in
            Peer(
                id: ReplicaID(UInt16(index)),
                host: "127.0.0.1",
                port: 0,
                verificationKey: signer.verificationKey.bytes
            )
        }
        roster = try Roster(chain: chain, scheme: scheme, peers: peers)
    }

    func roster(chain: Digest) throws -> Roster {
        try Roster(chain: chain, scheme: .mlDSA65, peers: peers)
    }

    func initiator(_ own: UInt16, to peer: UInt16) -> HandshakeStateMachine {
        HandshakeStateMachine(
            initiatingTo: ReplicaID(peer),
            as: .replica(ReplicaID(own), signers[Int(own)]),
            roster: roster
        )
    }

    func client(to peer: UInt16) -> HandshakeStateMachine {
        HandshakeStateMachine(initiatingTo: ReplicaID(peer), as: .anonymous, roster: roster)
    }

    func responder(_ own: UInt16) -> HandshakeStateMachine {
        HandshakeStateMachine(respondingAs: ReplicaID(own), signer: signers[Int(own)], roster: roster)
    }

    static func stranger() throws -> any Signer {
        try SignatureScheme.mlDSA65.makeSigner(seed: SignatureScheme.mlDSA65.generateSeed())
    }
}

/// The three flights of a handshake.
enum Flight: Int, CaseIterable {
    case clientHello
    case serverHelloAndProof
    case initiatorProof
}

/// Carries a handshake between two machines, past somebody who may change every flight.
struct HandshakeRun {
    var initiator: HandshakeStep.Verdict
    var responder: HandshakeStep.Verdict
    var flights: [[UInt8]]

    init(
        _ initiator: HandshakeStateMachine,
        _ responder: HandshakeStateMachine,
        tamper: (Flight, inout [UInt8]) -> Void = { _, _ in }
    ) {
        var initiator = initiator
        var responder = responder
        flights = []
        self.responder = .wait
        let hello = initiator.start()
        self.initiator = hello.verdict
        var bytes = hello.output
        flights.append(bytes)
        tamper(.clientHello, &bytes)
        let answer = responder.receive(bytes)
        self.responder = answer.verdict
        bytes = answer.output
        flights.append(bytes)
        tamper(.serverHelloAndProof, &bytes)
        let proof = initiator.receive(bytes)
        self.initiator = proof.verdict
        bytes = proof.output
        flights.append(bytes)
        tamper(.initiatorProof, &bytes)
        guard !bytes.isEmpty else { return }
        self.responder = responder.receive(bytes).verdict
    }
}

extension HandshakeStep.Verdict {
    var session: Session? {
        guard case .established(let session) = self else { return nil }
        return session
    }

    var failure: ConnectionFailure? {
        guard case .failed(let failure) = self else { return nil }
        return failure
    }
}
