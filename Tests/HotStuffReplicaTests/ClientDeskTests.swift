import HotStuff
import HotStuffTransport
import Synchronization
import Testing

@testable import HotStuffReplica

@Suite("The desk for clients")
struct ClientDeskTests {
    /// Takes the letters.
    private final class Mail: Sendable {
        let letters = Mutex<[(client: ClientConnectionID, response: ClientResponse)]>([])

        func take() -> [(client: ClientConnectionID, response: ClientResponse)] {
            letters.withLock { letters in
                defer { letters = [] }
                return letters
            }
        }
    }

    private struct Numbers: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 29)
        }
    }

    private let mail = Mail()

    private func desk() -> ClientDesk {
        ClientDesk { [mail] bytes, client in
            guard let response = try? Frame.decode(ClientResponse.self, from: bytes) else { return }
            mail.letters.withLock { $0.append((client, response)) }
        }
    }

    private func key(_ number: Int, of session: Int = 1) -> CommandKey {
        CommandKey(session: SessionID(height: Height(UInt64(session)), position: 2), sequence: UInt64(number))
    }

    private func opening(_ number: Int) -> CommandKey { CommandKey(session: .none, sequence: UInt64(number)) }

    private func command(_ key: CommandKey) -> Command { Command(key: key, body: [1]) }

    private func result(_ key: CommandKey) -> CommandResult {
        CommandResult(key: key, command: .zero, height: Height(3), outcome: .executed([7]))
    }

    private func client(_ number: Int) -> ClientConnectionID { ClientConnectionID(UInt64(number)) }

    @Test(
        "who submitted a command of a session is told all its results, in one letter for each block, and of no other session"
    )
    func deliver() {
        let desk = desk()
        desk.await([command(key(1)), command(key(2))], client: client(1))
        desk.await([command(key(2)), command(key(1, of: 7))], client: client(2))
        desk.deliver([result(key(1)), result(key(2)), result(key(9, of: 8)), result(key(4, of: 7))])
        let letters = mail.take()
        #expect(letters.count == 2)
        #expect(letters.first { $0.client == client(1) }?.response == .results([result(key(1)), result(key(2))]))
        #expect(
            letters.first { $0.client == client(2) }?.response
                == .results([result(key(1)), result(key(2)), result(key(4, of: 7))])
        )
        desk.deliver([result(key(3))])
        #expect(mail.take().map(\.client) == [client(1), client(2)])
        #expect(desk.topicCount == 3)
    }

    @Test("an opening is told once, to those who asked for it")
    func openings() {
        let desk = desk()
        desk.await([command(opening(5)), command(opening(6))], client: client(1))
        desk.await([command(opening(5))], client: client(2))
        desk.deliver([result(opening(5)), result(opening(7))])
        #expect(mail.take().map(\.response) == [.results([result(opening(5))]), .results([result(opening(5))])])
        desk.deliver([result(opening(5))])
        #expect(mail.take().isEmpty)
        desk.refuse([opening(6), key(1)])
        #expect(mail.take().map(\.response) == [.busy([opening(6)])])
    }

    @Test("who is gone gets nothing, and the others what they asked for")
    func forget() {
        let desk = desk()
        for number in 1...3 {
            desk.await([command(key(5)), command(key(1, of: 10 + number))], client: client(number))
        }
        desk.forget(client(1))
        desk.forget(client(9))
        desk.deliver([result(key(5)), result(key(1, of: 11)), result(key(1, of: 13))])
        let letters = mail.take()
        #expect(letters.map(\.client) == [client(2), client(3)])
        #expect(letters.last?.response == .results([result(key(5)), result(key(1, of: 13))]))
        desk.refuse([key(2, of: 12), key(1, of: 11)])
        #expect(mail.take().map(\.response) == [.busy([key(2, of: 12)])])
    }

    @Test("of too many topics of a client, and too many clients of a topic, the oldest falls out and may ask again")
    func bounds() {
        let desk = desk()
        let many = (0...ClientDesk.maximumTopicsPerClient).map { command(key(1, of: $0)) }
        desk.await(many, client: client(1))
        #expect(desk.topicCount == ClientDesk.maximumTopicsPerClient)
        desk.deliver([result(key(1, of: 0)), result(key(1, of: 1)), result(key(1, of: many.count - 1))])
        #expect(mail.take().map(\.response) == [.results([result(key(1, of: 1)), result(key(1, of: many.count - 1))])])
        desk.await(many, client: client(1))
        #expect(desk.topicCount == ClientDesk.maximumTopicsPerClient)

        for number in 2...2 + ClientDesk.maximumClientsPerTopic {
            desk.await([command(key(7, of: 1))], client: client(number))
        }
        desk.deliver([result(key(7, of: 1))])
        let told = (3...2 + ClientDesk.maximumClientsPerTopic).map { client($0) }
        #expect(mail.take().map(\.client) == told)
        desk.await([command(key(7, of: 1))], client: client(2))
        desk.deliver([result(key(7, of: 1))])
        #expect(mail.take().map(\.client) == told.dropFirst() + [client(2)])
    }

    @Test("does what a plain model does, whatever comes", arguments: 0..<20)
    func model(seed: Int) {
        let desk = desk()
        var random = Numbers(state: UInt64(seed))
        // Those who are told, the first in front.
        var model: [CommandKey: [Int]] = [:]
        func drawn() -> CommandKey {
            let number = Int.random(in: 1..<9, using: &random)
            return number < 6 ? key(Int.random(in: 1..<4, using: &random), of: number) : opening(number)
        }
        func topic(_ key: CommandKey) -> CommandKey {
            key.session == .none ? key : CommandKey(session: key.session, sequence: 0)
        }
        for _ in 0..<2_000 {
            let who = Int.random(in: 1...6, using: &random)
            let keys = (0..<Int.random(in: 1...5, using: &random)).map { _ in drawn() }
            switch Int.random(in: 0..<4, using: &random) {
            case 0, 1:
                desk.await(keys.map { command($0) }, client: client(who))
                for key in keys where !model[topic(key), default: []].contains(who) {
                    model[topic(key), default: []].append(who)
                    if model[topic(key), default: []].count > ClientDesk.maximumClientsPerTopic {
                        model[topic(key)]?.removeFirst()
                    }
                }
            case 2:
                desk.deliver(keys.map { result($0) })
                var expected: [Int: [CommandResult]] = [:]
                for key in keys {
                    for told in model[topic(key)] ?? [] { expected[told, default: []].append(result(key)) }
                    if key.session == .none { model[key] = nil }
                }
                let letters = mail.take()
                #expect(letters.count == expected.count)
                for (told, results) in expected {
                    #expect(letters.first { $0.client == client(told) }?.response == .results(results))
                }
            default:
                desk.forget(client(who))
                for topic in model.keys { model[topic]?.removeAll { $0 == who } }
            }
        }
    }
}
