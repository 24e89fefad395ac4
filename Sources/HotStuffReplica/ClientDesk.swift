internal import HotStuff
internal import HotStuffTransport
internal import Synchronization

/// Which clients are told of which results.
///
/// Who submits a command of a session is told all results of that session from then on, and who submits an opening command its result: so
/// nothing is noted and forgotten for each command. Bounded: what a client, or who for a session, asked for first falls out, and a
/// client that hears nothing asks again.
final class ClientDesk: Sendable {
    /// The most sessions and openings of which one connection is told.
    static let maximumTopicsPerClient = 8_192
    /// The most clients that are told of one session or opening.
    static let maximumClientsPerTopic = 4

    /// The bytes after which a response takes no more results; one alone may be longer.
    private static let envelopeByteCount = 512 << 10

    /// Who is told of one topic, the one that asked first in front; hardly ever more than one.
    private struct Audience: Sendable {
        let first: ClientConnectionID
        var others: [ClientConnectionID] = []

        func contains(_ client: ClientConnectionID) -> Bool { first == client || others.contains(client) }

        /// The same with one more, who takes the place of the first if there are too many.
        func with(_ client: ClientConnectionID) -> Audience {
            guard 1 + others.count >= ClientDesk.maximumClientsPerTopic else {
                return Audience(first: first, others: others + [client])
            }
            return Audience(first: others.first ?? client, others: others.dropFirst() + [client])
        }

        /// The same without one of them; nothing if nobody is left.
        func without(_ client: ClientConnectionID) -> Audience? {
            guard first == client else { return Audience(first: first, others: others.filter { $0 != client }) }
            return others.first.map { Audience(first: $0, others: Array(others.dropFirst())) }
        }
    }

    /// What one client asked for, in order, the oldest in a ring's place that is overwritten next.
    private struct Topics: Sendable {
        var keys: [CommandKey] = []
        var oldest = 0

        /// Adds a topic; where there are too many, in the place of the oldest.
        ///
        /// - Returns: the one that fell out.
        mutating func add(_ topic: CommandKey) -> CommandKey? {
            guard keys.count >= ClientDesk.maximumTopicsPerClient else {
                keys.append(topic)
                return nil
            }
            defer {
                keys[oldest] = topic
                oldest = (oldest + 1) % keys.count
            }
            return keys[oldest]
        }
    }

    private struct State: Sendable {
        /// By topic: the key of an opening command, or the number 0, which is nobody's, of a session.
        var audiences = KeyTable<CommandKey, Audience>()
        var topics: [ClientConnectionID: Topics] = [:]

        /// Has a client told of a topic.
        mutating func add(_ client: ClientConnectionID, to topic: CommandKey) {
            if !audiences.insert(Audience(first: client), for: topic) {
                let isAdded = audiences.update(topic) { audience in
                    guard !audience.contains(client) else { return false }
                    audience = audience.with(client)
                    return true
                }
                guard isAdded == true else { return }
            }
            if let oldest = topics[client, default: Topics()].add(topic) { remove(client, from: oldest) }
        }

        /// Has a client told of a topic no more.
        mutating func remove(_ client: ClientConnectionID, from topic: CommandKey) {
            guard let rest = audiences.remove(topic)?.without(client) else { return }
            audiences.insert(rest, for: topic)
        }

        /// Who is told of a command; an opening has one result, so nobody is told a second time.
        mutating func audience(of key: CommandKey) -> Audience? {
            key.session == .none ? audiences.remove(key) : audiences[key.topic]
        }
    }

    private let state = Mutex(State())
    private let send: @Sendable ([UInt8], ClientConnectionID) -> Void

    /// Creates a desk whose letters go over a transport.
    convenience init(transport: ReplicaTransport) {
        self.init { transport.send($0, lane: .commands, toClient: $1) }
    }

    /// Creates a desk that hands its letters to a closure.
    init(send: @escaping @Sendable ([UInt8], ClientConnectionID) -> Void) { self.send = send }

    /// Notes that a client is to be told what becomes of commands.
    func await(_ commands: [Command], client: ClientConnectionID) {
        state.withLock { state in
            // Commands of one session come together.
            var last: SessionID?
            for command in commands where command.key.session == .none || command.key.session != last {
                state.add(client, to: command.key.topic)
                last = command.key.session
            }
        }
    }

    /// How many topics are kept, openings that were told and not overwritten yet among them.
    var topicCount: Int { state.withLock { $0.topics.values.reduce(0) { $0 + $1.keys.count } } }

    /// Forgets a client that is gone.
    func forget(_ client: ClientConnectionID) {
        state.withLock { state in
            for topic in state.topics.removeValue(forKey: client)?.keys ?? [] { state.remove(client, from: topic) }
        }
    }

    /// Tells results to those who asked for them.
    func deliver(_ results: [CommandResult]) {
        tell(results, key: \.key, size: \.encodedSize) { .results($0) }
    }

    /// Tells those who submitted commands that there is no room for them.
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
        for (client, places) in recipients(of: items.map(key)) {
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

    /// Who is told of some commands: each with the places of its commands among them.
    private func recipients(of keys: [CommandKey]) -> [(client: ClientConnectionID, places: [Int])] {
        state.withLock { state in
            var mail: [(client: ClientConnectionID, places: [Int])] = []
            // Commands of one session come together, and so do those of one client.
            var last: (session: SessionID, audience: Audience?)?
            var lastClient = 0
            func deliver(_ place: Int, to client: ClientConnectionID) {
                if !mail.indices.contains(lastClient) || mail[lastClient].client != client {
                    lastClient = mail.firstIndex { $0.client == client } ?? mail.count
                    if lastClient == mail.count { mail.append((client, [])) }
                }
                mail[lastClient].places.append(place)
            }
            for (place, key) in keys.enumerated() {
                if key.session == .none || last?.session != key.session {
                    last = (key.session, state.audience(of: key))
                }
                guard let audience = last?.audience else { continue }
                deliver(place, to: audience.first)
                for client in audience.others { deliver(place, to: client) }
            }
            return mail
        }
    }
}

extension CommandKey {
    /// Under what name a desk keeps who is told of this command.
    fileprivate var topic: CommandKey { session == .none ? self : CommandKey(session: session, sequence: 0) }
}
