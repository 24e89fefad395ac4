import HotStuff
import HotStuffSimulator
import Testing

/// Four validators and two listeners whose messages a seed delivers, delays and loses.
private final class ListenerCluster {
    let world = World(4)
    let oracle = Oracle()
    private(set) var replicas: [TestReplica] = []
    /// What went wrong that the oracle does not see.
    private(set) var faults: [String] = []
    private(set) var lost = 0
    private var random: RandomSource
    private var links: [[[[UInt8]]]]
    /// Listeners that nothing reaches, and that know nothing of it.
    private var deaf: Set<Int> = []
    private var time: UInt64 = 0
    private var commands: UInt64 = 0

    static let listeners = [ReplicaID(1_024), ReplicaID(1_025)]

    init(seed: UInt64) {
        random = RandomSource(seed: seed)
        links = Array(repeating: Array(repeating: [], count: 6), count: 6)
        // Without ranges: nobody here keeps the certificates that they need.
        let settings = ConsensusSettings(syncDistance: 1_000_000)
        replicas = (0..<6).map { index in
            TestReplica(
                world: world,
                id: id(index).index,
                settings: settings,
                oracle: oracle,
                listeners: index < 4 ? Self.listeners : []
            )
        }
        for index in replicas.indices { carryOut(replicas[index].start(now: now, wall: wall), of: index) }
        for index in replicas.indices { connect(index) }
    }

    var validators: ArraySlice<TestReplica> { replicas[..<4] }
    var listeners: ArraySlice<TestReplica> { replicas[4...] }

    private var now: Instant { Instant(time) }
    private var wall: Timestamp { Timestamp(1_000_000 + time / 1_000) }

    private func id(_ index: Int) -> ReplicaID { ReplicaID(UInt16(index < 4 ? index : 1_020 + index)) }
    private func index(_ id: ReplicaID) -> Int { id.isListener ? id.index - 1_020 : id.index }
    private func areNeighbours(_ one: Int, _ other: Int) -> Bool { one != other && (one < 4 || other < 4) }

    /// Something happens: mostly a message arrives, now and then time passes, a client asks, or a listener dies or goes deaf.
    func step(troubled: Bool) throws {
        let dice = random.below(100)
        let listener = 4 + random.below(2)
        switch dice {
        case 0..<8: pass(milliseconds: 1 + random.below(40))
        case 8..<12 where troubled:
            commands += 1
            let command = World.command(commands)
            let receiver = random.below(6)
            if replicas[receiver].isUp { carryOut(replicas[receiver].handle(.submitted([command])), of: receiver) }
        case 12 where troubled && random.below(8) == 0: try crashOrRestart(listener)
        case 13 where troubled && random.below(4) == 0: deaf.formSymmetricDifference([listener])
        default: deliver()
        }
    }

    /// Everybody hears again, and runs.
    func heal() throws {
        deaf = []
        for index in 4..<6 where !replicas[index].isUp { try crashOrRestart(index) }
    }

    func pass(milliseconds: Int) {
        time += UInt64(milliseconds) * 1_000
        for index in replicas.indices where replicas[index].isUp {
            carryOut(replicas[index].handle(.clock(now: now, wall: wall)), of: index)
        }
    }

    private func crashOrRestart(_ index: Int) throws {
        if replicas[index].isUp {
            replicas[index].crash(luck: random.below(3))
            for other in 0..<6 {
                (links[index][other], links[other][index]) = ([], [])
                guard areNeighbours(index, other) else { continue }
                carryOut(replicas[other].handle(.disconnected(id(index))), of: other)
            }
        } else {
            carryOut(try replicas[index].restart(now: now, wall: wall), of: index)
            connect(index)
        }
    }

    private func connect(_ index: Int) {
        for other in 0..<6 where areNeighbours(index, other) && replicas[other].isUp {
            carryOut(replicas[other].handle(.connected(id(index))), of: other)
            carryOut(replicas[index].handle(.connected(id(other))), of: index)
        }
    }

    /// Delivers a message of a random link; to and from listeners one in eight is lost.
    private func deliver() {
        let waiting = (0..<36).filter { !links[$0 / 6][$0 % 6].isEmpty }
        guard !waiting.isEmpty else { return pass(milliseconds: 10) }
        let (sender, receiver) = random.pick(waiting).quotientAndRemainder(dividingBy: 6)
        let bytes = links[sender][receiver].removeFirst()
        let isLossy = !deaf.isEmpty && (sender >= 4 || receiver >= 4) && random.below(8) == 0
        guard !deaf.contains(receiver), !isLossy else {
            lost += 1
            return
        }
        guard let message = try? Frame.decode(Message.self, from: bytes),
            replicas[receiver].core.heeds(message, from: id(sender))
        else { return }
        carryOut(replicas[receiver].receive(bytes, from: id(sender)), of: receiver)
    }

    private func carryOut(_ effects: [Effect], of index: Int) {
        let replica = replicas[index]
        var hasRecords = false
        for effect in effects {
            switch effect {
            case .append(let record, _):
                hasRecords = true
                if case .safety = record, index >= 4 { faults.append("listener \(index) wrote a safety record") }
            case .sign(let request):
                if index >= 4 { faults.append("listener \(index) signs") }
                carryOut(replica.sign(request), of: index)
            case .send(let released, let recipients):
                if index >= 4 { faults.append("listener \(index) sends a statement") }
                post(released.message, from: index, to: recipients, andListeners: true)
            case .say(let courtesy, let recipients):
                post(courtesy.message, from: index, to: recipients, andListeners: false)
            case .serve(let request, let pending, let peer):
                let answer = replica.response(to: request, pending: pending)
                post(answer, from: index, to: .replica(peer), andListeners: false)
            case .serveRange(let request, let peer):
                let answer = Message.blockRange(BlockRange(nothingAbove: request.above))
                post(answer, from: index, to: .replica(peer), andListeners: false)
            case .halt(let reason): faults.append("replica \(index) halts: \(reason)")
            case .serveSnapshot(let request, let peer):
                post(.snapshotAnswer(.nothing(request)), from: index, to: .replica(peer), andListeners: false)
            case .startSegment, .beginSnapshot, .keepChunk, .adoptSnapshot, .repair, .commit, .refuse, .answer, .wake,
                .enter, .gaveUp, .mine, .ignoredProof, .report, .amnesia:
                break
            }
        }
        if hasRecords { carryOut(replica.sync(), of: index) }
        while replica.executionBacklog > 0 { carryOut(replica.executeNext(), of: index) }
    }

    private func post(_ message: Message, from sender: Int, to recipients: Recipients, andListeners: Bool) {
        let receivers: [Int] =
            switch recipients {
            case .everyone: Array(0..<(andListeners ? 6 : 4))
            case .validators: Array(0..<4)
            case .listeners: [4, 5]
            case .replica(let peer): [index(peer)]
            }
        for receiver in receivers where areNeighbours(sender, receiver) && replicas[receiver].isUp {
            links[sender][receiver].append(Frame.encode(message))
        }
    }
}

@Suite("Listeners among validators, by seeds")
struct ListenerClusterTests {
    @Test(
        "listeners that lose messages, go deaf and crash never sign, and end with the chain of the others",
        arguments: 1...12
    )
    func seeds(seed: UInt64) throws {
        let cluster = ListenerCluster(seed: seed)
        for _ in 0..<3_000 { try cluster.step(troubled: true) }
        try cluster.heal()
        // Nobody asks for anything any more: what a listener lacks it has to ask for.
        var steps = 0
        func isEven() -> Bool {
            cluster.replicas.allSatisfy { replica in
                replica.core.committed.id == cluster.replicas[0].core.committed.id
                    && replica.core.certificates.quorum.block == cluster.replicas[0].core.certificates.quorum.block
            }
        }
        while steps < 20_000, !(steps.isMultiple(of: 64) && isEven()) {
            try cluster.step(troubled: false)
            steps += 1
        }
        #expect(isEven(), "seed \(seed)")
        #expect(cluster.faults == [], "seed \(seed)")
        #expect(cluster.oracle.violations == [], "seed \(seed)")
        #expect(cluster.replicas[0].archive.count > 20, "seed \(seed)")
        for listener in cluster.listeners {
            #expect(listener.archive.map(\.id) == cluster.replicas[0].archive.map(\.id), "seed \(seed)")
            #expect(listener.execution.executed == cluster.replicas[0].execution.executed, "seed \(seed)")
            #expect(listener.core.safetyRecord.lastVote == nil, "seed \(seed)")
        }
        #expect(cluster.lost > 0, "seed \(seed) shows little")
    }
}
