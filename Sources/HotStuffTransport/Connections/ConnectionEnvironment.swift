import HotStuff
import Logging
import NIOCore
import NIOPosix
import Synchronization

/// What all connections of one transport share.
final class ConnectionEnvironment: Sendable {
    private struct State {
        var nextID: UInt64 = 1
        var channels: [UInt64: any Channel] = [:]
        var acceptedHandshakes = 0
        var isStopped = false
        var nextWarning = NIODeadline.uptimeNanoseconds(0)
    }

    /// The shortest time between two warnings about strangers, who could fill the log otherwise.
    private static let warningInterval = TimeAmount.seconds(10)

    let configuration: TransportConfiguration
    let roster: Roster
    let identity: LocalIdentity
    let group: any EventLoopGroup
    let logger: Logger
    let statistics = StatisticsRecorder()
    /// One thread for the signatures of handshakes, so that strangers who knock cost the event loops next to nothing.
    let handshakeThread = NIOThreadPool(numberOfThreads: 1)
    private let state = Mutex(State())

    init(
        configuration: TransportConfiguration,
        identity: LocalIdentity,
        group: any EventLoopGroup,
        logger: Logger
    ) throws(TransportError) {
        self.configuration = configuration
        self.identity = identity
        self.group = group
        self.logger = logger
        roster = try Roster(
            chain: configuration.chain,
            profile: configuration.profile,
            scheme: configuration.scheme,
            peers: configuration.peers
        )
    }

    var isStopped: Bool { state.withLock { $0.isStopped } }

    /// Whether a stranger is worth a warning now.
    func admitsWarning() -> Bool {
        state.withLock { state in
            let now = NIODeadline.now()
            guard now >= state.nextWarning else { return false }
            state.nextWarning = now + ConnectionEnvironment.warningInterval
            return true
        }
    }

    /// Names a connection and remembers it until it is closed; nothing if the transport has stopped.
    func register(_ channel: any Channel) -> UInt64? {
        let id: UInt64? = state.withLock { state in
            guard !state.isStopped else { return nil }
            defer { state.nextID += 1 }
            state.channels[state.nextID] = channel
            return state.nextID
        }
        guard let id else { return nil }
        channel.closeFuture.whenComplete { _ in
            self.state.withLock { _ = $0.channels.removeValue(forKey: id) }
        }
        return id
    }

    /// Reserves a place for an accepted connection until its handshake is done; nothing if all are taken.
    func reserveHandshake() -> HandshakePlace? {
        let isReserved = state.withLock { state in
            guard state.acceptedHandshakes < configuration.limits.maximumHandshakeCount else { return false }
            state.acceptedHandshakes += 1
            return true
        }
        return isReserved ? HandshakePlace(environment: self) : nil
    }

    fileprivate func releaseHandshake() {
        state.withLock { $0.acceptedHandshakes -= 1 }
    }

    /// Closes every connection and waits until all are closed.
    func stop() async {
        let channels = state.withLock { state in
            state.isStopped = true
            return Array(state.channels.values)
        }
        for channel in channels {
            channel.close(promise: nil)
        }
        for channel in channels {
            try? await channel.closeFuture.get()
        }
        try? await handshakeThread.shutdownGracefully()
    }
}

/// What the one who opened a connection wants to know of it; called on the connection's event loop.
struct ConnectionCallbacks: Sendable {
    /// The other side has proved who it is: the link that the connection is to carry.
    let admit: @Sendable (RemoteIdentity, UInt64) throws(ConnectionFailure) -> Link
    /// A connection is over, once; `true` if both sides had shown that they have the keys.
    let ended: @Sendable (UInt64, ConnectionFailure, Bool) -> Void
}

/// A place among the handshakes of accepted connections, given back once however often it is left.
final class HandshakePlace: Sendable {
    private let environment: ConnectionEnvironment
    private let isTaken = Mutex(true)

    fileprivate init(environment: ConnectionEnvironment) {
        self.environment = environment
    }

    deinit {
        leave()
    }

    func leave() {
        let wasTaken = isTaken.withLock { isTaken in
            defer { isTaken = false }
            return isTaken
        }
        if wasTaken { environment.releaseHandshake() }
    }
}
