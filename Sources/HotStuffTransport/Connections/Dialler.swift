import HotStuff
import Logging
import NIOCore
import NIOPosix
import Synchronization

/// Keeps one connection to one peer, dialling again whenever it is lost.
final class Dialler: Sendable {
    private struct State {
        var host: String
        var port: Int
        var failures = 0
        /// The number of the newest attempt; only its end leads to another one.
        var attempt: UInt64 = 0
        /// How the last attempt or connection ended.
        var lastFailure: ConnectionFailure?
        var isStopped = false
        var retry: Scheduled<Void>?
    }

    private let peer: ReplicaID
    private let link: Link
    private let environment: ConnectionEnvironment
    private let eventLoop: any EventLoop
    private let state: Mutex<State>

    init(peer: Peer, link: Link, environment: ConnectionEnvironment) {
        self.peer = peer.id
        self.link = link
        self.environment = environment
        eventLoop = environment.group.next()
        state = Mutex(State(host: peer.host, port: peer.port))
    }

    func start() {
        eventLoop.execute { self.dial() }
    }

    /// Takes a new address into account from the next attempt on.
    func updateAddress(host: String, port: Int) {
        state.withLock { state in
            state.host = host
            state.port = port
            state.failures = 0
        }
    }

    /// How the last attempt or connection ended; nothing if none has yet.
    var lastFailure: ConnectionFailure? { state.withLock { $0.lastFailure } }

    func stop() {
        let retry = state.withLock { state in
            state.isStopped = true
            return state.retry
        }
        retry?.cancel()
    }

    private func dial() {
        let (host, port, attempt, isStopped) = state.withLock { state in
            state.attempt += 1
            return (state.host, state.port, state.attempt, state.isStopped)
        }
        guard !isStopped else { return }
        guard port != 0 else {
            dialAgain(after: attempt, wasConfirmed: false)
            return
        }
        let callbacks = ConnectionCallbacks(
            admit: { _, _ throws(ConnectionFailure) in self.link },
            ended: { _, failure, wasConfirmed in
                self.log(failure, wasConfirmed: wasConfirmed)
                self.state.withLock { $0.lastFailure = failure }
                self.dialAgain(after: attempt, wasConfirmed: wasConfirmed)
            }
        )
        let connected = ClientBootstrap(group: eventLoop)
            .connectTimeout(TimeAmount(environment.configuration.connectTimeout))
            .withTransportOptions()
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try self.environment.addHandshake(
                        to: channel,
                        side: .initiator,
                        callbacks: callbacks,
                        machine: HandshakeStateMachine(
                            initiatingTo: self.peer,
                            as: self.environment.identity,
                            roster: self.environment.roster
                        )
                    )
                }
            }
            .connect(host: host, port: port)
        connected.whenFailure { error in
            self.environment.logger.debug(
                "cannot connect",
                metadata: ["replica": "\(self.peer)", "address": "\(host):\(port)", "error": "\(error)"]
            )
            self.state.withLock { $0.lastFailure = .network("\(error)") }
            self.dialAgain(after: attempt, wasConfirmed: false)
        }
    }

    private func log(_ failure: ConnectionFailure, wasConfirmed: Bool) {
        guard !wasConfirmed else { return }
        // Nothing but a change of configuration helps, which is worth a warning, but not one each second.
        let isNews = state.withLock { $0.lastFailure } != failure
        environment.logger.log(
            level: failure.isOfAnotherChain && isNews ? .warning : .info,
            "no connection",
            metadata: ["replica": "\(peer)", "reason": "\(failure)"]
        )
    }

    private func dialAgain(after attempt: UInt64, wasConfirmed: Bool) {
        state.withLock { state in
            guard !state.isStopped, attempt == state.attempt else { return }
            state.attempt += 1
            state.failures = wasConfirmed ? 1 : state.failures + 1
            var generator = SystemRandomNumberGenerator()
            let delay = environment.configuration.backoff.delay(afterFailures: state.failures, using: &generator)
            state.retry = eventLoop.scheduleTask(in: TimeAmount(delay)) { self.dial() }
        }
    }
}
