import HotStuff
import HotStuffSimulator

/// A cluster that a script drives step by step.
///
/// Messages wait on their links until a step delivers them; signatures come
/// at once, and durability and execution too unless the script holds them back.
final class ScriptCluster {
    private let world: World
    private let oracle = Oracle()
    private var replicas: [TestReplica] = []
    private var links: [[[[UInt8]]]]
    private var dropped: Set<[Int]> = []
    private var heldDisks: Set<Int> = []
    private var heldExecutors: Set<Int> = []
    private var puzzles: [Int: Puzzle] = [:]
    private var time: UInt64 = 0
    private var output: [String] = []

    init(count: Int, parameters: ChainParameters = ChainParameters(), heartbeatMilliseconds: UInt64 = 0) {
        world = World(count, parameters: parameters)
        let settings = ConsensusSettings(heartbeatMilliseconds: heartbeatMilliseconds)
        links = Array(repeating: Array(repeating: [], count: count), count: count)
        replicas = (0..<count).map {
            TestReplica(world: world, id: $0, settings: settings, oracle: oracle)
        }
        for index in replicas.indices { carryOut(replicas[index].start(now: now, wall: wall), of: index) }
    }

    /// The protocol of a replica as it is now.
    func core(of replica: Int) -> Consensus { replicas[replica].core }

    /// What a replica would have solved, if anything.
    func puzzle(of replica: Int) -> Puzzle? { puzzles[replica] }

    /// The blocks that a replica has committed.
    func chain(of replica: Int) -> [Block] { replicas[replica].archive }

    private var now: Instant { Instant(time) }
    private var wall: Timestamp { Timestamp(1_700_000_000_000 + time / 1_000) }

    /// Carries out one step and returns what it led to, one line for each effect.
    func step(_ line: String) throws -> [String] {
        output = []
        let words = line.split(separator: " ").map(String.init)
        guard let command = words.first else { throw ScriptError(line: line) }
        let numbers = words.dropFirst().compactMap { UInt64($0) }
        let first = numbers.first.map { Int($0) }
        switch command {
        case "deliver":
            if words.last == "all" { try deliverAll() } else { deliver(to: try replica(first, in: line)) }
        case "submit":
            let index = try replica(first, in: line)
            tell(index, .submitted(numbers.dropFirst().map { World.command($0) }))
        case "tick":
            guard let milliseconds = numbers.first else { throw ScriptError(line: line) }
            time += milliseconds * 1_000
            for index in replicas.indices where replicas[index].isUp { tell(index, .clock(now: now, wall: wall)) }
        case "crash":
            let index = try replica(first, in: line)
            replicas[index].crash()
            puzzles[index] = nil
            for other in replicas.indices { (links[index][other], links[other][index]) = ([], []) }
        case "restart":
            let index = try replica(first, in: line)
            carryOut(try replicas[index].restart(now: now, wall: wall), of: index)
        case "connect":
            guard numbers.count == 2 else { throw ScriptError(line: line) }
            let pair = (try replica(Int(numbers[0]), in: line), try replica(Int(numbers[1]), in: line))
            tell(pair.0, .connected(ReplicaID(UInt16(pair.1))))
            tell(pair.1, .connected(ReplicaID(UInt16(pair.0))))
        case "drop":
            guard numbers.count == 2 else { throw ScriptError(line: line) }
            dropped.insert(numbers.map { Int($0) })
        case "isolate":
            let index = try replica(first, in: line)
            for other in replicas.indices { dropped.formUnion([[index, other], [other, index]]) }
        case "heal": dropped = []
        case "hold":
            let index = try replica(first, in: line)
            if words.contains("disk") { heldDisks.insert(index) } else { heldExecutors.insert(index) }
        case "durable":
            let index = try replica(first, in: line)
            carryOut(replicas[index].sync(through: numbers.count > 1 ? Int(numbers[1]) : nil), of: index)
        case "release":
            let index = try replica(first, in: line)
            heldDisks.remove(index)
            heldExecutors.remove(index)
            carryOut(replicas[index].sync(), of: index)
            while replicas[index].executionBacklog > 0 { carryOut(replicas[index].executeNext(), of: index) }
        case "solve":
            let index = try replica(first, in: line)
            guard let puzzle = puzzles[index] else { break }
            tell(index, .mined(puzzle, nonce: puzzle.anySolution))
        case "equivocate": try equivocate(Array(numbers.dropFirst()), of: try replica(first, in: line))
        case "show": show()
        default: throw ScriptError(line: line)
        }
        output += oracle.violations.map { "VIOLATION \($0)" }
        return output
    }

    private func replica(_ index: Int?, in line: String) throws -> Int {
        guard let index, replicas.indices.contains(index) else { throw ScriptError(line: line) }
        return index
    }

    /// Delivers what now waits for a replica, in the order of the senders.
    private func deliver(to receiver: Int) {
        for sender in replicas.indices {
            let waiting = links[sender][receiver]
            links[sender][receiver] = []
            for bytes in waiting {
                carryOut(replicas[receiver].receive(bytes, from: ReplicaID(UInt16(sender))), of: receiver)
            }
        }
    }

    /// Delivers until nothing waits, round by round.
    private func deliverAll() throws {
        for _ in 0..<1_000 {
            guard links.joined().contains(where: { !$0.isEmpty }) else { return }
            for receiver in replicas.indices { deliver(to: receiver) }
        }
        throw ScriptError(line: "deliver all: no end")
    }

    /// Has a leader sign two blocks for the current view: one with each command, one half of the others for each.
    private func equivocate(_ commands: [UInt64], of leader: Int) throws {
        let core = replicas[leader].core
        let parent = core.committed.id == core.certificates.quorum.block ? core.committed : nil
        guard let parent, commands.count == 2 else {
            throw ScriptError(line: "equivocate: only on the last final block")
        }
        let chain = TestChain(world)
        for (half, number) in commands.enumerated() {
            let block = chain.extend(
                parent,
                view: core.view.rawValue,
                [World.command(number)],
                justify: core.certificates.quorum
            )
            let bytes = Frame.encode(Message.proposal(world.proposal(block, after: core.certificates.timeout)))
            for receiver in replicas.indices where receiver != leader && receiver % 2 == half {
                links[leader][receiver].append(bytes)
            }
            output.append("r\(leader): equivocates \(EffectNotation.text(block))")
        }
    }

    private func show() {
        for replica in replicas {
            let core = replica.core
            output.append(
                replica.isUp
                    ? "r\(replica.id): v\(core.view) committed h\(core.committed.height) executed h\(replica.execution.executed.height)"
                        + " \(EffectNotation.text(core.certificates)) locked=\(core.safetyRecord.lockedView)"
                        + " pool=\(core.pendingCommandCount)"
                    : "r\(replica.id): down"
            )
        }
    }

    private func tell(_ index: Int, _ event: Event) { carryOut(replicas[index].handle(event), of: index) }

    private func carryOut(_ effects: [Effect], of index: Int) {
        let replica = replicas[index]
        var appended = false
        for effect in effects {
            output.append("r\(index): \(EffectNotation.line(effect))")
            switch effect {
            case .append: appended = true
            case .mine(let puzzle): puzzles[index] = puzzle
            case .sign(let request): carryOut(replica.sign(request), of: index)
            case .send(let released, let recipients): post(released.message, from: index, to: recipients)
            case .say(let courtesy, let recipients): post(courtesy.message, from: index, to: recipients)
            case .serve(let request, let pending, let peer):
                post(replica.response(to: request, pending: pending), from: index, to: .replica(peer))
            case .serveRange(let request, let peer):
                // No script is so long that anybody should be far behind.
                post(.blockRange(BlockRange(nothingAbove: request.above)), from: index, to: .replica(peer))
            case .serveSnapshot(let request, let peer):
                post(.snapshotAnswer(.nothing(request)), from: index, to: .replica(peer))
            case .startSegment, .repair, .beginSnapshot, .keepChunk, .adoptSnapshot, .commit, .refuse, .answer, .wake,
                .enter,
                .gaveUp, .ignoredProof, .report, .amnesia, .halt:
                break
            }
        }
        if appended, !heldDisks.contains(index) { carryOut(replica.sync(), of: index) }
        if !heldExecutors.contains(index), replica.executionBacklog > 0 {
            carryOut(replica.executeNext(), of: index)
        }
    }

    private func post(_ message: Message, from sender: Int, to recipients: Recipients) {
        for receiver in replicas.indices where receiver != sender {
            if case .replica(let only) = recipients, only.index != receiver { continue }
            if recipients == .listeners { continue }
            guard !dropped.contains([sender, receiver]), replicas[receiver].isUp else { continue }
            links[sender][receiver].append(Frame.encode(message))
        }
    }
}

/// A line of a script that is no step.
struct ScriptError: Error {
    let line: String
}
