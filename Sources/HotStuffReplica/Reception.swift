internal import HotStuff
internal import HotStuffStorage
internal import HotStuffTransport
internal import Logging
internal import Synchronization

/// Receives what comes over the connections, decodes it on their event loops, and puts it where it belongs.
final class Reception: TransportDelegate {
    private struct Office: Sendable {
        let desk: ClientDesk
        let rules: ChainParameters
        /// Has a client told the status; nothing while the replica starts again.
        var status: (@Sendable (ClientConnectionID) -> Void)?
    }

    private let inbox: Inbox
    private let logger: Logger
    /// One complaint about a peer in a second is enough, whatever it sends.
    private let complaints = Mutex(ComplaintLimiter())
    /// What clients need; closed until the replica has recovered.
    private let office = Mutex<Office?>(nil)

    init(inbox: Inbox, logger: Logger) {
        self.inbox = inbox
        self.logger = logger
    }

    /// Begins to serve clients.
    func open(
        desk: ClientDesk,
        parameters: ChainParameters,
        status: @escaping @Sendable (ClientConnectionID) -> Void
    ) {
        office.withLock { $0 = Office(desk: desk, rules: parameters, status: status) }
    }

    /// Lets go of the execution, which has ended; commands wait for the next.
    func close() { office.withLock { $0?.status = nil } }

    func peerConnected(_ peer: ReplicaID) {
        logger.info("connected", metadata: ["replica": "\(peer)"])
        inbox.connection(of: peer, isConnected: true)
    }

    func peerDisconnected(_ peer: ReplicaID, reason: ConnectionFailure) {
        logger.info("disconnected", metadata: ["replica": "\(peer)", "reason": "\(reason)"])
        inbox.connection(of: peer, isConnected: false)
    }

    func received(_ messages: [InboundMessage], from sender: Sender) {
        switch sender {
        case .replica(let replica):
            var decoded: [Message] = []
            decoded.reserveCapacity(messages.count)
            for message in messages {
                do {
                    decoded.append(try Frame.decode(Message.self, from: message.bytes))
                } catch {
                    let now = Instant(SteadyClock.nanoseconds / 1_000)
                    guard complaints.withLock({ $0.admits(replica, at: now) }) else { continue }
                    logger.warning(
                        "cannot read a message",
                        metadata: ["replica": "\(replica)", "reason": "\(error)"]
                    )
                }
            }
            inbox.deliver(decoded, from: replica)
        case .client(let client):
            for message in messages { serve(message, to: client) }
        }
    }

    func clientDisconnected(_ client: ClientConnectionID, reason: ConnectionFailure) {
        office.withLock { $0 }?.desk.forget(client)
    }

    private func serve(_ message: InboundMessage, to client: ClientConnectionID) {
        guard let office = office.withLock({ $0 }) else { return }
        let request: ClientRequest
        do {
            request = try Frame.decode(ClientRequest.self, from: message.bytes)
        } catch {
            logger.debug("cannot read a request", metadata: ["client": "\(client)", "reason": "\(error)"])
            return
        }
        switch request {
        case .status: office.status?(client)
        case .submit(let commands): submit(commands, for: client, at: office)
        }
    }

    /// Queues commands of a client; says at once which can never be taken, and which not now.
    private func submit(_ commands: [Command], for client: ClientConnectionID, at office: Office) {
        let limit = office.rules.maximumCommandBytes
        var admitted = commands
        if commands.contains(where: { $0.bodyByteCount > limit }) {
            office.desk.answer(.refused(commands.filter { $0.bodyByteCount > limit }.map(\.key)), to: client)
            admitted.removeAll { $0.bodyByteCount > limit }
        }
        office.desk.await(admitted, client: client)
        let rejected = inbox.submit(admitted)
        if !rejected.isEmpty { office.desk.refuse(rejected.map(\.key)) }
    }
}
