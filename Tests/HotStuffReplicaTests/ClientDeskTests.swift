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

    private func key(_ number: Int) -> CommandKey {
        CommandKey(session: SessionID(height: Height(1), position: 2), sequence: UInt64(number))
    }

    private func result(_ number: Int) -> CommandResult {
        CommandResult(key: key(number), command: .zero, height: Height(3), outcome: .executed([7]))
    }

    private func client(_ number: Int) -> ClientConnectionID { ClientConnectionID(UInt64(number)) }

    @Test("a result goes to all who wait for it, in one letter for each, and once")
    func deliver() {
        let desk = desk()
        #expect(desk.await([key(1), key(2), key(2)], client: client(1)).isEmpty)
        #expect(desk.await([key(2)], client: client(2)).isEmpty)
        desk.deliver([result(1), result(2), result(3)])
        let letters = mail.take()
        #expect(letters.count == 2)
        #expect(letters.first { $0.client == client(1) }?.response == .results([result(1), result(2)]))
        #expect(letters.first { $0.client == client(2) }?.response == .results([result(2)]))
        desk.deliver([result(1), result(2)])
        #expect(mail.take().isEmpty && desk.wishCount == 0)
    }

    @Test("who is gone gets nothing, and the others what they waited for")
    func forget() {
        let desk = desk()
        for number in 1...3 { _ = desk.await([key(5), key(number)], client: client(number)) }
        desk.forget(client(1))
        desk.forget(client(9))
        desk.deliver([result(5), result(1), result(3)])
        let letters = mail.take()
        #expect(letters.map(\.client) == [client(2), client(3)])
        #expect(letters.last?.response == .results([result(5), result(3)]))
        desk.refuse([key(2), key(1)])
        #expect(mail.take().map(\.response) == [.busy([key(2)])])
    }

    @Test("a client that waits for too much, and one too many for a command, are told to come back")
    func bounds() {
        let desk = desk()
        let many = (0..<ClientDesk.maximumWaitingPerClient).map { key($0) }
        #expect(desk.await(many, client: client(1)).isEmpty)
        // What it waits for already is nothing more.
        #expect(desk.await([key(0), key(-1 + many.count)], client: client(1)).isEmpty)
        #expect(desk.await([key(1_000_000)], client: client(1)) == [key(1_000_000)])
        for number in 2...ClientDesk.maximumClientsPerCommand {
            #expect(desk.await([key(0)], client: client(number)).isEmpty)
        }
        #expect(desk.await([key(0)], client: client(100)) == [key(0)])
        desk.forget(client(2))
        #expect(desk.await([key(0)], client: client(100)).isEmpty)
    }

    @Test("one command that is wished and told again and again takes no more memory each time")
    func again() {
        let desk = desk()
        _ = desk.await([key(1)], client: client(1))
        for _ in 0..<5_000 {
            #expect(desk.await([key(2)], client: client(1)).isEmpty)
            desk.deliver([result(2)])
        }
        #expect(desk.wishCount < 600)
        desk.deliver([result(1)])
        #expect(desk.wishCount == 0)
    }

    @Test("does what a plain model does, whatever comes", arguments: 0..<20)
    func model(seed: Int) {
        let desk = desk()
        var random = Numbers(state: UInt64(seed))
        var model: [Int: Set<Int>] = [:]
        for _ in 0..<2_000 {
            let who = Int.random(in: 1...6, using: &random)
            let numbers = (0..<Int.random(in: 1...5, using: &random)).map { _ in Int.random(in: 0..<12, using: &random)
            }
            switch Int.random(in: 0..<4, using: &random) {
            case 0, 1:
                #expect(desk.await(numbers.map { key($0) }, client: client(who)).isEmpty)
                for number in numbers { model[number, default: []].insert(who) }
            case 2:
                desk.deliver(numbers.map { result($0) })
                var expected: [Int: [CommandResult]] = [:]
                for number in numbers {
                    for waiting in model.removeValue(forKey: number) ?? [] {
                        expected[waiting, default: []].append(result(number))
                    }
                }
                let letters = mail.take()
                #expect(letters.count == expected.count)
                for (waiting, results) in expected {
                    #expect(letters.first { $0.client == client(waiting) }?.response == .results(results))
                }
            default:
                desk.forget(client(who))
                for number in model.keys { model[number]?.remove(who) }
            }
        }
    }
}
