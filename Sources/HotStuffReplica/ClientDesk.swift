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

    /// Who waits for one command: hardly ever more than one.
    private struct Waiting: Sendable {
        let first: ClientConnectionID
        var others: [ClientConnectionID] = []

        var count: Int { 1 + others.count }
        func contains(_ client: ClientConnectionID) -> Bool { first == client || others.contains(client) }

        /// The same without one of them; nothing if nobody is left.
        func without(_ client: ClientConnectionID) -> Waiting? {
            guard first == client else { return Waiting(first: first, others: others.filter { $0 != client }) }
            return others.first.map { Waiting(first: $0, others: Array(others.dropFirst())) }
        }
    }

    private struct State: Sendable {
        var waiting = KeyTable<CommandKey, Waiting>()
        var keys: [ClientConnectionID: KeyTable<CommandKey, Void>] = [:]
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
            var own = state.keys.removeValue(forKey: client) ?? KeyTable()
            for key in keys {
                if own.contains(key) { continue }
                guard own.count < ClientDesk.maximumWaitingPerClient else {
                    refused.insert(key)
                    continue
                }
                let isFull = state.waiting.update(key) { waiting in
                    guard waiting.count < ClientDesk.maximumClientsPerCommand else { return true }
                    waiting.others.append(client)
                    return false
                }
                switch isFull {
                case .some(true):
                    refused.insert(key)
                    continue
                case .some(false): break
                case .none: state.waiting.insert(Waiting(first: client), for: key)
                }
                own.insert((), for: key)
            }
            if !own.isEmpty { state.keys[client] = own }
            return refused
        }
    }

    /// Forgets a client that is gone.
    func forget(_ client: ClientConnectionID) {
        state.withLock { state in
            guard let own = state.keys.removeValue(forKey: client) else { return }
            for key in own.keys {
                guard let rest = state.waiting.remove(key)?.without(client) else { continue }
                state.waiting.insert(rest, for: key)
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
        for (client, places) in take(items.map(key)) {
            var envelope: [Item] = []
            envelope.reserveCapacity(places.count)
            var byteCount = 0
            for item in places.lazy.map({ items[$0] }) {
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

    /// Who waits for some commands, and from now on does no more: each with the places of its commands among them.
    private func take(_ keys: [CommandKey]) -> [(client: ClientConnectionID, places: [Int])] {
        state.withLock { state in
            var mail: [(client: ClientConnectionID, places: [Int])] = []
            // Commands of one client come together, so that the last one found is almost always the next one sought.
            var last = 0
            func deliver(_ place: Int, to client: ClientConnectionID) {
                if !mail.indices.contains(last) || mail[last].client != client {
                    last = mail.firstIndex { $0.client == client } ?? mail.count
                    if last == mail.count { mail.append((client, [])) }
                }
                mail[last].places.append(place)
            }
            for (place, key) in keys.enumerated() {
                guard let waiting = state.waiting.remove(key) else { continue }
                deliver(place, to: waiting.first)
                for client in waiting.others { deliver(place, to: client) }
            }
            for (client, places) in mail {
                guard var own = state.keys.removeValue(forKey: client) else { continue }
                for place in places { own.remove(keys[place]) }
                if !own.isEmpty { state.keys[client] = own }
            }
            return mail
        }
    }
}
