public import HotStuff
public import PostQuantum

/// What a transport must know before it opens a connection.
public struct TransportConfiguration: Sendable {
    /// The digest of the genesis document: who serves another chain is refused.
    public var chain: Digest
    /// What the chain is made of: who is refused is told in what it differs.
    public var profile: ChainProfile
    /// The scheme of every replica's key.
    public var scheme: SignatureScheme
    /// All replicas, the own one among them.
    public var peers: [Peer]
    /// The address to listen on, where it is not the own peer's.
    public var listenAddress: ListenAddress?
    /// What bounds memory and connections.
    public var limits: TransportLimits
    /// How long a handshake may take.
    public var handshakeTimeout: Duration
    /// How long a connection attempt may take.
    public var connectTimeout: Duration
    /// How long this side keeps silent at most before it shows that it lives.
    public var keepaliveInterval: Duration
    /// How many intervals in a row the other side may keep silent before the connection is given up.
    public var toleratedSilentIntervals: Int
    /// When to dial again.
    public var backoff: Backoff

    /// Creates a configuration with the defaults for a cluster in one or several regions.
    public init(genesis: Genesis, scheme: SignatureScheme, peers: [Peer]) {
        self.init(chain: genesis.chain, scheme: scheme, peers: peers)
        profile = ChainProfile(genesis)
    }

    /// Creates the same for a chain of which nothing but its identity is known.
    public init(chain: Digest, scheme: SignatureScheme, peers: [Peer]) {
        self.chain = chain
        profile = ChainProfile()
        self.scheme = scheme
        self.peers = peers
        listenAddress = nil
        limits = TransportLimits()
        handshakeTimeout = .seconds(5)
        connectTimeout = .seconds(3)
        keepaliveInterval = .seconds(2)
        toleratedSilentIntervals = 4
        backoff = Backoff()
    }
}

/// A host and a TCP port to listen on; port 0 takes any that is free.
public struct ListenAddress: Hashable, Sendable {
    /// The name or address of an interface of this machine.
    public var host: String
    /// The port.
    public var port: Int

    /// Creates an address.
    public init(host: String, port: Int) {
        self.host = host
        self.port = port
    }
}

/// What one lane of one connection may hold.
public struct LaneLimits: Hashable, Sendable {
    /// The longest message, in bytes.
    public var maximumMessageByteCount: Int
    /// The bytes that may wait to be sent; each message counts for 64 more than it has.
    public var queueByteCount: Int

    /// Creates limits.
    public init(maximumMessageByteCount: Int, queueByteCount: Int) {
        self.maximumMessageByteCount = maximumMessageByteCount
        self.queueByteCount = queueByteCount
    }
}

/// What bounds the memory and the connections of a transport.
public struct TransportLimits: Hashable, Sendable {
    /// The lane of proposals and votes.
    public var consensus = LaneLimits(maximumMessageByteCount: 16 << 20, queueByteCount: 32 << 20)
    /// The lane of blocks and snapshots.
    public var sync = LaneLimits(maximumMessageByteCount: 16 << 20, queueByteCount: 32 << 20)
    /// The lane of commands.
    public var commands = LaneLimits(maximumMessageByteCount: 16 << 20, queueByteCount: 32 << 20)
    /// The longest message that a listener may send in the lane of consensus, in which it has nothing to say but where it stands.
    public var maximumListenerStatementByteCount = 1 << 10
    /// The longest message that an anonymous client may send, in bytes.
    public var maximumClientMessageByteCount = 1 << 20
    /// The bytes that may wait, in each lane, for one anonymous client.
    public var clientQueueByteCount = 4 << 20
    /// The most connections of anonymous clients.
    public var maximumClientCount = 256
    /// The most accepted connections whose handshake is not done.
    public var maximumHandshakeCount = 64

    /// Creates the default limits.
    public init() {}

    /// The longest message of a lane that a replica may send, in bytes.
    func maximumMessageByteCount(_ lane: Lane, from replica: ReplicaID) -> Int {
        let most = self[lane].maximumMessageByteCount
        return replica.isListener && lane == .consensus ? min(most, maximumListenerStatementByteCount) : most
    }

    /// The limits of a lane between replicas.
    public subscript(lane: Lane) -> LaneLimits {
        switch lane {
        case .consensus: consensus
        case .sync: sync
        case .commands: commands
        }
    }
}
