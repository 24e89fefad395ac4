import HotStuff
import HotStuffSimulator

/// A cluster in virtual time whose messages all take the same time; disks, signatures and execution take none.
final class TimedCluster {
    private enum Occurrence {
        case arrival([UInt8], from: Int, to: Int)
        case wake(Int)
        case solution(Puzzle, of: Int)
    }

    /// A certificate or a timeout certificate ended a view at a replica.
    struct Entry: Equatable {
        let replica: Int
        let view: View
        let end: ViewEnd
        let time: UInt64
    }

    /// A block became final at a replica.
    struct Commit {
        let replica: Int
        let block: Block
        let time: UInt64
    }

    let replicas: [TestReplica]
    /// Every view that was entered.
    private(set) var entries: [Entry] = []
    /// Every block that became final somewhere.
    private(set) var commits: [Commit] = []
    /// The time, in microseconds.
    private(set) var time: UInt64 = 0
    /// How late each one's messages arrive.
    private var delays: [UInt64]
    /// How long a puzzle takes whoever has it.
    private let miningTime: (Puzzle) -> UInt64
    private var agenda: [(time: UInt64, order: Int, what: Occurrence)] = []
    private var count = 0
    private var nextWakes: [UInt64?]
    /// What each replica wants to be solved.
    private var puzzles: [Puzzle?]

    init(
        _ world: World,
        settings: ConsensusSettings,
        delayMicroseconds: UInt64,
        miningTime: @escaping (Puzzle) -> UInt64 = TimedCluster.steadyMiningTime
    ) {
        let oracle = Oracle()
        replicas = (0..<world.committee.validators.count).map {
            TestReplica(world: world, id: $0, settings: settings, oracle: oracle)
        }
        delays = Array(repeating: delayMicroseconds, count: replicas.count)
        self.miningTime = miningTime
        nextWakes = Array(repeating: nil, count: replicas.count)
        puzzles = Array(repeating: nil, count: replicas.count)
        for index in replicas.indices { carryOut(replicas[index].start(now: now, wall: wall), of: index) }
    }

    private var now: Instant { Instant(time) }
    private var wall: Timestamp { Timestamp(1_700_000_000_000 + time / 1_000) }

    /// Gives a command to every replica.
    func submit(_ number: UInt64) {
        for index in replicas.indices { tell(index, .submitted([World.command(number)])) }
    }

    /// Makes all that a replica says from now on arrive after another time.
    func delay(_ index: Int, microseconds: UInt64) { delays[index] = microseconds }

    /// Longer for harder puzzles, and seldom the same for two.
    static func steadyMiningTime(of puzzle: Puzzle) -> UInt64 {
        let luck = (puzzle.view.rawValue &* 7 &+ UInt64(puzzle.proposer.index) &* 11) % 13
        return (luck + 1) << UInt64(puzzle.difficulty)
    }

    /// Ends a replica for good; its last words still arrive.
    func crash(_ index: Int, isNoticed: Bool) {
        replicas[index].crash()
        guard isNoticed else { return }
        for other in replicas.indices where other != index { tell(other, .disconnected(ReplicaID(UInt16(index)))) }
    }

    /// Lets time pass until something has come about.
    ///
    /// - Returns: whether it has, before the time was up.
    func run(forMicroseconds most: UInt64, until isEnough: () -> Bool) -> Bool {
        let end = time + most
        while !isEnough() {
            guard
                let next = agenda.indices.min(by: {
                    (agenda[$0].time, agenda[$0].order) < (agenda[$1].time, agenda[$1].order)
                }),
                agenda[next].time <= end
            else {
                time = end
                return isEnough()
            }
            let (due, _, what) = agenda.remove(at: next)
            time = max(time, due)
            switch what {
            case .arrival(let bytes, let sender, let receiver):
                // The clock comes before other facts.
                carryOut(replicas[receiver].handle(.clock(now: now, wall: wall)), of: receiver)
                carryOut(replicas[receiver].receive(bytes, from: ReplicaID(UInt16(sender))), of: receiver)
            case .wake(let index):
                guard nextWakes[index] == due else { continue }
                nextWakes[index] = nil
                tell(index, .clock(now: now, wall: wall))
            case .solution(let puzzle, let index):
                guard puzzles[index] == puzzle, let nonce = (0...).first(where: { puzzle.isSolved(by: $0) }) else {
                    continue
                }
                tell(index, .mined(puzzle, nonce: nonce))
            }
        }
        return true
    }

    private func tell(_ index: Int, _ event: Event) { carryOut(replicas[index].handle(event), of: index) }

    private func add(_ what: Occurrence, at moment: UInt64) {
        count += 1
        agenda.append((moment, count, what))
    }

    private func carryOut(_ effects: [Effect], of index: Int) {
        let replica = replicas[index]
        var hasAppended = false
        for effect in effects {
            switch effect {
            case .append: hasAppended = true
            case .sign(let request): carryOut(replica.sign(request), of: index)
            case .send(let released, let recipients): post(released.message, from: index, to: recipients)
            case .say(let courtesy, let recipients): post(courtesy.message, from: index, to: recipients)
            case .serve(let request, let pending, let peer):
                post(replica.response(to: request, pending: pending), from: index, to: .replica(peer))
            case .wake(let moment):
                nextWakes[index] = moment.map { max($0.rawValue, time) }
                if let next = nextWakes[index] { add(.wake(index), at: next) }
            case .mine(let puzzle):
                puzzles[index] = puzzle
                guard let puzzle else { continue }
                add(.solution(puzzle, of: index), at: time + miningTime(puzzle))
            case .enter(let view, _, let end):
                entries.append(Entry(replica: index, view: view, end: end, time: time))
            case .commit(let block, _, _): commits.append(Commit(replica: index, block: block, time: time))
            case .serveRange, .serveSnapshot, .startSegment, .repair, .beginSnapshot, .keepChunk, .adoptSnapshot,
                .refuse, .answer, .gaveUp, .report, .amnesia, .halt, .ignoredProof:
                // Nobody lags so far behind, and no application fails.
                break
            }
        }
        if hasAppended { carryOut(replica.sync(), of: index) }
        if replica.executionBacklog > 0 { carryOut(replica.executeNext(), of: index) }
    }

    private func post(_ message: Message, from sender: Int, to recipients: Recipients) {
        for receiver in replicas.indices where receiver != sender {
            switch recipients {
            case .replica(let only) where only.index != receiver: continue
            case .listeners: continue
            case .everyone, .validators, .replica: break
            }
            add(.arrival(Frame.encode(message), from: sender, to: receiver), at: time + delays[sender])
        }
    }
}
