public import HotStuff
internal import NIOCore
public import PostQuantum

/// What fuzzers, which are a package of their own, may see of the handshake and of frames; nobody else imports it.
@_spi(Fuzzing)
public struct FuzzedHandshake: Sendable {
    /// How far a handshake is.
    public enum Outcome: Equatable, Sendable {
        /// More bytes of the other side are needed.
        case waiting
        /// The other side is this replica, or somebody who did not say.
        case established(ReplicaID?)
        /// The connection is to be closed.
        case failed(ConnectionFailure)
    }

    /// The chain and the keys that handshakes are checked against.
    public struct Keys: Sendable {
        let roster: Roster

        /// Prepares the keys of the replicas of a chain.
        public init(chain: Digest, scheme: SignatureScheme, peers: [Peer]) throws(TransportError) {
            roster = try Roster(chain: chain, scheme: scheme, peers: peers)
        }
    }

    /// How far it is.
    public private(set) var outcome = Outcome.waiting
    private var machine: HandshakeStateMachine
    private var session: Session?

    /// Creates the side that dials a replica, as a replica or anonymously.
    public init(dialling peer: ReplicaID, as own: (replica: ReplicaID, signer: any Signer)?, keys: Keys) {
        let identity: LocalIdentity = own.map { .replica($0.replica, $0.signer) } ?? .anonymous
        machine = HandshakeStateMachine(initiatingTo: peer, as: identity, roster: keys.roster)
    }

    /// Creates the side that is dialled.
    public init(answeringAs replica: ReplicaID, signer: any Signer, keys: Keys) {
        machine = HandshakeStateMachine(respondingAs: replica, signer: signer, roster: keys.roster)
    }

    /// Begins; returns what to send.
    public mutating func start() -> [UInt8] { take(machine.start()) }

    /// Takes bytes of the other side until the handshake is over; returns what to send.
    public mutating func receive(_ bytes: [UInt8]) -> [UInt8] {
        outcome == .waiting ? take(machine.receive(bytes)) : []
    }

    /// The connection that a handshake leaves behind, with the most bytes that a message of each open lane has.
    public func connection(maximumMessageByteCount: (Lane) -> Int?) -> FuzzedConnection? {
        session.map { FuzzedConnection(session: $0, maximumMessageByteCount: maximumMessageByteCount) }
    }

    private mutating func take(_ step: HandshakeStep) -> [UInt8] {
        switch step.verdict {
        case .wait: break
        case .failed(let failure): outcome = .failed(failure)
        case .established(let session):
            self.session = session
            switch session.remote {
            case .replica(let replica): outcome = .established(replica)
            case .anonymous: outcome = .established(nil)
            }
        }
        return step.output
    }

    /// Reads the body of a record and writes it again, or refuses it.
    public static func rewrite(_ body: [UInt8], ofKind kind: UInt8, signatureByteCount: Int) -> [UInt8]? {
        switch HandshakeRecord.Kind(rawValue: kind) {
        case .clientHello: try? ClientHello(decoding: body, supported: [HandshakeStateMachine.version]).encoded
        case .serverHello: try? ServerHello(decoding: body).encoded
        case .responderProof, .initiatorProof:
            try? IdentityProof(decoding: body, signatureByteCount: signatureByteCount).encoded
        case .refusal, nil: nil
        }
    }
}

/// The frames of one connection, sent and received.
@_spi(Fuzzing)
public struct FuzzedConnection: Sendable {
    private var writer: FrameWriter
    private var reader: FrameReader
    private var assembler: FragmentAssembler

    init(session: Session, maximumMessageByteCount: (Lane) -> Int?) {
        writer = FrameWriter(sealer: session.sealer)
        reader = FrameReader(opener: session.opener)
        assembler = FragmentAssembler(maximumMessageByteCount: maximumMessageByteCount)
    }

    /// Creates a connection both of whose directions have the same key, which is given.
    public init(key: SecretBytes, maximumMessageByteCount: (Lane) -> Int?) throws(KeyError) {
        writer = FrameWriter(sealer: try FrameSealer(key: key))
        reader = FrameReader(opener: try FrameOpener(key: key))
        assembler = FragmentAssembler(maximumMessageByteCount: maximumMessageByteCount)
    }

    /// Seals a message in one frame.
    public mutating func frame(of message: InboundMessage) throws(ConnectionFailure) -> [UInt8] {
        var buffer = ByteBuffer()
        let fragment = Fragment(lane: message.lane, message: message.bytes, range: 0..<message.bytes.count)
        try writer.write(fragment, into: &buffer)
        return Array(buffer.readableBytesView)
    }

    /// Takes bytes as they come; returns the messages that they complete, and why the connection ends if it does.
    public mutating func receive(_ bytes: [UInt8]) -> ([InboundMessage], ConnectionFailure?) {
        var messages: [InboundMessage] = []
        reader.append(ByteBuffer(bytes: bytes))
        do throws(ConnectionFailure) {
            while let frame = try reader.next() {
                guard case .fragment(let lane, let isLast, let bytes) = frame else { continue }
                if let message = try assembler.add(bytes, isLast: isLast, lane: lane) { messages.append(message) }
            }
            return (messages, nil)
        } catch {
            return (messages, error)
        }
    }
}
