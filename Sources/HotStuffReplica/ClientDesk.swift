internal import HotStuff
internal import HotStuffTransport
internal import Synchronization

/// Which clients wait for the results of which commands.
///
/// Bounded: a client that asks for more than its share is told to come back, and what a client waits for goes with it.
final class ClientDesk: Sendable {
    /// The most commands that one connection may wait for.
    static let maximumWaitingPerClient = 8_192
    /// The most clients that may wait for one command.
    static let maximumClientsPerCommand = 16

    /// The bytes after which a response takes no more results; one alone may be longer.
    private static let envelopeByteCount = 512 << 10

    private struct State: Sendable {
        var waiting: [CommandKey: [ClientConnectionID]] = [:]
        var keys: [ClientConnectionID: Set<CommandKey>] = [:]
    }

    private let state = Mutex(State())
    private let transport: ReplicaTransport

    init(transport: ReplicaTransport) {
        self.transport = transport
    }

    /// Notes that a client waits for commands; answers those for which it may not.
    func await(_ keys: [CommandKey], client: ClientConnectionID) -> Set<CommandKey> {
        state.withLock { state in
            var refused: Set<CommandKey> = []
            for key in keys {
                if state.waiting[key]?.contains(client) == true { continue }
                guard state.keys[client, default: []].count < ClientDesk.maximumWaitingPerClient,
                    state.waiting[key, default: []].count < ClientDesk.maximumClientsPerCommand
                else {
                    refused.insert(key)
                    continue
                }
                state.waiting[key, default: []].append(client)
                state.keys[client, default: []].insert(key)
            }
            return refused
        }
    }

    /// Forgets a client that is gone.
    func forget(_ client: ClientConnectionID) {
        state.withLock { state in
            guard let keys = state.keys.removeValue(forKey: client) else { return }
            for key in keys {
                state.waiting[key]?.removeAll { $0 == client }
                if state.waiting[key]?.isEmpty == true { state.waiting[key] = nil }
            }
        }
    }

    /// Tells results to those who wait for them.
    func deliver(_ results: [CommandResult]) {
        send(results, key: \.key, size: \.encodedSize) { .results($0) }
    }

    /// Tells those who wait for commands that there is no room for them.
    func refuse(_ keys: [CommandKey]) {
        send(keys, key: \.self, size: { _ in CommandKey.minimumEncodedSize }, as: { .busy($0) })
    }

    /// Answers a client at once.
    func answer(_ response: ClientResponse, to client: ClientConnectionID) {
        transport.send(Frame.encode(response), lane: .commands, toClient: client)
    }

    private func send<Item>(
        _ items: [Item],
        key: (Item) -> CommandKey,
        size: (Item) -> Int,
        as response: ([Item]) -> ClientResponse
    ) {
        let waiting = take(items.map(key))
        var order: [ClientConnectionID] = []
        var mail: [ClientConnectionID: [Item]] = [:]
        for (item, clients) in zip(items, waiting) {
            for client in clients {
                if mail[client] == nil { order.append(client) }
                mail[client, default: []].append(item)
            }
        }
        for client in order {
            var envelope: [Item] = []
            var byteCount = 0
            for item in mail[client] ?? [] {
                if byteCount + size(item) > ClientDesk.envelopeByteCount, !envelope.isEmpty {
                    answer(response(envelope), to: client)
                    envelope = []
                    byteCount = 0
                }
                envelope.append(item)
                byteCount += size(item)
            }
            answer(response(envelope), to: client)
        }
    }

    /// Who waits for each of some commands, and from now on does no more.
    private func take(_ keys: [CommandKey]) -> [[ClientConnectionID]] {
        state.withLock { state in
            keys.map { key in
                let clients = state.waiting.removeValue(forKey: key) ?? []
                for client in clients { state.keys[client]?.remove(key) }
                return clients
            }
        }
    }
}
