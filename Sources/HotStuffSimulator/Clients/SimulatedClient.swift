internal import HotStuff

/// A client: opens a session, keeps some commands under way, asks other replicas when an answer does not come, and
/// believes what replicas with more than f of the power say alike.
struct SimulatedClient {
    /// What it asks of one replica.
    struct Question {
        let replica: Int
        let request: ClientRequest
    }

    private struct Pending {
        let command: Command
        var answers: [Int: CommandResult] = [:]
        var due: UInt64
    }

    let index: Int
    private let world: SimulatedWorld
    private let options: ClientOptions
    private var random: RandomSource
    private(set) var session: SessionID?
    private var pending: [Pending] = []
    private var sequence: UInt64 = 0
    private var openings: UInt64 = 0
    private var readyAt: UInt64 = 0
    /// Whether it makes new commands.
    var isActive = true
    /// The number of questions that were asked again.
    private(set) var retries = 0

    init(index: Int, world: SimulatedWorld, options: ClientOptions, random: RandomSource) {
        self.index = index
        self.world = world
        self.options = options
        self.random = random
    }

    /// The number of commands of which nothing is known yet.
    var pendingCount: Int { pending.count }

    /// When it wants to act next.
    var nextTime: UInt64? {
        let resend = pending.map(\.due).min()
        guard isActive, pending.count < wanted else { return resend }
        return min(readyAt, resend ?? .max)
    }

    private var wanted: Int { session == nil ? 1 : options.outstanding }

    /// Makes new commands and repeats questions that were not answered.
    mutating func act(at now: UInt64, inspector: Inspector) -> [Question] {
        var questions: [Question] = []
        for index in pending.indices where pending[index].due <= now {
            retries += 1
            pending[index].due = now + options.patience + random.number(below: options.patience)
            let wide = random.chance(oneIn: 2) ? world.count : 1 + random.below(world.count)
            questions += ask(pending[index].command, fanout: wide)
        }
        while isActive, readyAt <= now, pending.count < wanted {
            let command = nextCommand()
            inspector.submitted(command)
            pending.append(Pending(command: command, due: now + options.patience))
            questions += ask(command, fanout: options.fanout)
        }
        return questions
    }

    /// Hears what a replica says; what enough of them say alike is believed.
    mutating func hear(_ response: ClientResponse, from replica: Int, at now: UInt64, inspector: Inspector) {
        guard case .results(let results) = response else { return }
        for result in results {
            guard let index = pending.firstIndex(where: { $0.command.key == result.key }) else { continue }
            pending[index].answers[replica] = result
            let alike = pending[index].answers.filter { $0.value == result }.map { ReplicaID(UInt16($0.key)) }
            guard world.power(of: alike) >= world.committee.validators.moreThanFaulty.rawValue else { continue }
            let command = pending.remove(at: index).command
            believe(result, of: command, inspector: inspector)
            readyAt = now + (options.pause > 0 ? random.number(below: options.pause) : 0)
        }
    }

    private mutating func believe(_ result: CommandResult, of command: Command, inspector: Inspector) {
        switch result.outcome {
        case .opened(let opened):
            session = opened
            sequence = 0
            inspector.opened(opened)
        case .executed:
            guard result.command == command.digest else {
                inspector.report(
                    Violation(.answer, "client \(index) was told a result of another command than its own")
                )
                return
            }
            inspector.believed(result)
        case .unknownSession: session = nil
        case .sequenceOutOfRange, .replyForgotten: break
        }
    }

    private mutating func nextCommand() -> Command {
        guard let session else {
            openings += 1
            return .openSession(nonce: UInt64(index) << 32 | openings)
        }
        sequence += 1
        let key = Array("key \(random.below(64))".utf8)
        let body: KeyValueCommand =
            switch random.below(5) {
            case 0: .get(key: key)
            case 1: .delete(key: key)
            default: .put(key: key, value: random.bytes(fewerThan: options.valueBytes))
            }
        return Command(key: CommandKey(session: session, sequence: sequence), body: body.encoded)
    }

    private mutating func ask(_ command: Command, fanout: Int) -> [Question] {
        let first = random.below(world.count)
        return (0..<min(fanout, world.count)).map {
            Question(replica: (first + $0) % world.count, request: .submit([command]))
        }
    }
}
