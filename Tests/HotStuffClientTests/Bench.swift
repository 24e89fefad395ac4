import HotStuff
import HotStuffTransport
import PostQuantum
import Synchronization
import Testing

@testable import HotStuffClient

/// A client's state machine between scripted replicas, with time in the test's hand.
struct Bench {
    static let session = SessionID(height: Height(7), position: 3)

    var machine: ClientStateMachine
    var now = Moment.now
    private var submissions: UInt64 = 0

    init(powers: [UInt64] = [1, 1, 1, 1], change: (inout ClientConfiguration) -> Void = { _ in }) throws {
        var configuration = try Bench.configuration(powers: powers)
        // Most tests want to see several commands in one message.
        configuration.maximumUnbatchedCount = 1
        change(&configuration)
        let nonces = Counter()
        machine = ClientStateMachine(configuration: configuration) { nonces.next() }
    }

    static func configuration(powers: [UInt64]) throws -> ClientConfiguration {
        let validators = powers.enumerated().map { index, power in
            Validator(verificationKey: [UInt8(index)], power: VotingPower(power))
        }
        let peers = powers.indices.map { index in
            Peer(id: ReplicaID(UInt16(index)), host: "127.0.0.1", port: 1, verificationKey: [UInt8(index)])
        }
        return ClientConfiguration(
            validators: try ValidatorSet(validators),
            transport: TransportConfiguration(chain: .zero, scheme: .mlDSA65, peers: peers)
        )
    }

    var replicas: [ReplicaID] { machine.configuration.validators.replicas }

    mutating func connectAll() -> [ClientAction] {
        replicas.flatMap { machine.connected($0, at: now) }
    }

    /// Lets time pass up to each moment that the machine asks for.
    mutating func pass(_ duration: Duration) -> [ClientAction] {
        let end = now.advanced(by: duration)
        var actions: [ClientAction] = []
        while let deadline = machine.nextDeadline, deadline <= end {
            now = max(now, deadline)
            actions += machine.timePassed(at: now)
        }
        now = end
        return actions
    }

    mutating func submit(_ body: [UInt8]) -> (id: SubmissionID, actions: [ClientAction]) {
        submissions += 1
        let id = SubmissionID(rawValue: submissions)
        return (id, machine.submit(body, as: id, at: now))
    }

    mutating func say(_ result: CommandResult, from replicas: UInt16...) -> [ClientAction] {
        replicas.flatMap { machine.received(.results([result]), from: ReplicaID($0), at: now) }
    }

    /// All replicas are connected and the session is open; no command is on its way.
    mutating func open(_ session: SessionID = Bench.session) throws {
        _ = connectAll()
        let (id, actions) = submit([0])
        let opening = try #require(actions.commands.first)
        _ = machine.cancel(id, at: now)
        let opened = ClientResponse.results([opening.result(.opened(session))])
        for replica in replicas { _ = machine.received(opened, from: replica, at: now) }
        #expect(machine.numbers?.session == session)
        _ = pass(.milliseconds(1))
    }

    /// Submits a command and has it sent.
    mutating func send(_ body: [UInt8]) throws -> (id: SubmissionID, command: Command) {
        let (id, actions) = submit(body)
        let sent = actions + pass(.milliseconds(1))
        return (id, try #require(sent.commands.first { $0.body == body }))
    }
}

/// Counts upwards, from any thread.
final class Counter: Sendable {
    private let value = Mutex<UInt64>(0)

    func next() -> UInt64 {
        value.withLock { value in
            value += 1
            return value
        }
    }
}

extension Command {
    func result(_ outcome: CommandOutcome, height: UInt64 = 9) -> CommandResult {
        CommandResult(key: key, command: digest, height: Height(height), outcome: outcome)
    }
}

extension [ClientAction] {
    /// All commands that are sent, in order.
    var commands: [Command] { messages.flatMap { $0 } }

    /// The commands of each message.
    var messages: [[Command]] {
        compactMap { action in
            guard case .send(let commands, _) = action else { return nil }
            return commands
        }
    }

    /// To whom messages go.
    var recipients: [[ReplicaID]] {
        compactMap { action in
            guard case .send(_, let replicas) = action else { return nil }
            return replicas
        }
    }

    /// How calls end.
    var ends: [SubmissionID: Result<Receipt, ClientError>] {
        reduce(into: [:]) { ends, action in
            guard case .finish(let id, let result) = action else { return }
            ends[id] = result
        }
    }

    func failure(of id: SubmissionID) -> ClientError? {
        guard case .failure(let error) = ends[id] else { return nil }
        return error
    }

    func receipt(of id: SubmissionID) -> Receipt? {
        try? ends[id]?.get()
    }
}
