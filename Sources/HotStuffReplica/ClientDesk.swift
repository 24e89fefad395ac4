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

    /// For what one client waits.
    private struct Wishes: Sendable {
        /// For what it began to wait, in order; some of it may have been told meanwhile.
        var keys: [CommandKey] = []
        /// How many of them have not.
        var open = 0
    }

    private struct State: Sendable {
        var waiting = KeyTable<CommandKey, Waiting>()
        var wishes: [ClientConnectionID: Wishes] = [:]

        /// Whether a client waits for a command.
        func awaits(_ key: CommandKey, _ client: ClientConnectionID) -> Bool {
            waiting[key]?.contains(client) ?? false
        }

        /// Takes note that so many wishes of a client were fulfilled; forgets those, when they are more than the others.
        mutating func fulfilled(_ count: Int, of client: ClientConnectionID) {
            guard var own = wishes.removeValue(forKey: client) else { return }
            own.open -= count
            guard own.open > 0 else { return }
            if own.keys.count > 2 * own.open + ClientDesk.fewWishes {
                // A command may be wished again that was told before.
                var seen = KeyTable<CommandKey, Void>()
                own.keys = own.keys.filter { awaits($0, client) && seen.insert((), for: $0) }
            }
            wishes[client] = own
        }
    }

    /// Below this number of wishes nobody looks for those that were fulfilled.
    private static let fewWishes = 256

    private let state = Mutex(State())
    private let send: @Sendable ([UInt8], ClientConnectionID) -> Void

    /// Creates a desk whose letters go over a transport.
    convenience init(transport: ReplicaTransport) {
        self.init { transport.send($0, lane: .commands, toClient: $1) }
    }

    /// Creates a desk that hands its letters to a closure.
    init(send: @escaping @Sendable ([UInt8], ClientConnectionID) -> Void) { self.send = send }

    /// Notes that a client waits for commands; answers those for which it may not.
    func await(_ keys: [CommandKey], client: ClientConnectionID) -> Set<CommandKey> {
        state.withLock { state in
            var refused: Set<CommandKey> = []
            var own = state.wishes.removeValue(forKey: client) ?? Wishes()
            for key in keys {
                guard own.open < ClientDesk.maximumWaitingPerClient else {
                    if !state.awaits(key, client) { refused.insert(key) }
                    continue
                }
                if !state.waiting.insert(Waiting(first: client), for: key) {
                    // Somebody waits for it already.
                    let isAdded = state.waiting.update(key) { waiting -> Bool? in
                        if waiting.contains(client) { return nil }
                        guard waiting.count < ClientDesk.maximumClientsPerCommand else { return false }
                        waiting.others.append(client)
                        return true
                    }
                    guard let isAdded = isAdded ?? nil else { continue }
                    guard isAdded else {
                        refused.insert(key)
                        continue
                    }
                }
                own.keys.append(key)
                own.open += 1
            }
            if own.open > 0 { state.wishes[client] = own }
            return refused
        }
    }

    /// How many wishes are kept, fulfilled ones that were not forgotten yet among them.
    var wishCount: Int { state.withLock { $0.wishes.values.reduce(0) { $0 + $1.keys.count } } }

    /// Forgets a client that is gone.
    func forget(_ client: ClientConnectionID) {
        state.withLock { state in
            guard let own = state.wishes.removeValue(forKey: client) else { return }
            for key in own.keys where state.awaits(key, client) {
                guard let rest = state.waiting.remove(key)?.without(client) else { continue }
                state.waiting.insert(rest, for: key)
            }
        }
    }

    /// Tells results to those who wait for them.
    func deliver(_ results: [CommandResult]) {
        tell(results, key: \.key, size: \.encodedSize) { .results($0) }
    }

    /// Tells those who wait for commands that there is no room for them.
    func refuse(_ keys: [CommandKey]) {
        tell(keys, key: \.self, size: { _ in CommandKey.minimumEncodedSize }, as: { .busy($0) })
    }

    /// Answers a client at once.
    func answer(_ response: ClientResponse, to client: ClientConnectionID) {
        send(Frame.encode(response), client)
    }

    private func tell<Item>(
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
            for (client, places) in mail { state.fulfilled(places.count, of: client) }
            return mail
        }
    }
}
