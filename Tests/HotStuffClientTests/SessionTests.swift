import HotStuff
import Testing

@testable import HotStuffClient

@Suite("Sessions of the client")
struct SessionTests {
    @Test("callers that come together share one opening command")
    func shared() throws {
        var bench = try Bench()
        _ = bench.connectAll()
        let first = bench.submit([1])
        let second = bench.submit([2])
        let opening = Command.openSession(nonce: 1)
        #expect(first.actions == [.send([opening], to: bench.replicas)])
        #expect(second.actions.isEmpty)
        #expect(bench.say(opening.result(.opened(Bench.session)), from: 1, 3).isEmpty)
        let sent = bench.pass(.milliseconds(1))
        let commands = [
            Command(key: CommandKey(session: Bench.session, sequence: 1), body: [1]),
            Command(key: CommandKey(session: Bench.session, sequence: 2), body: [2]),
        ]
        #expect(sent == [.send(commands, to: bench.replicas)])
        #expect(bench.machine.statistics.openedSessions == 1)
    }

    @Test("a session is open when more than f say so")
    func liar() throws {
        var bench = try Bench()
        _ = bench.connectAll()
        let opening = try #require(bench.submit([1]).actions.commands.first)
        let lie = SessionID(height: Height(1), position: 0)
        _ = bench.say(opening.result(.opened(lie)), from: 3)
        _ = bench.say(opening.result(.opened(Bench.session)), from: 0)
        #expect(bench.machine.numbers == nil)
        _ = bench.say(opening.result(.opened(Bench.session)), from: 2)
        #expect(bench.machine.numbers?.session == Bench.session)
    }

    @Test("the first opening command waits for a quorum, because its answer is not kept")
    func quorum() throws {
        var bench = try Bench()
        #expect(bench.submit([1]).actions.isEmpty)
        #expect(bench.machine.connected(ReplicaID(0), at: bench.now).isEmpty)
        #expect(bench.machine.connected(ReplicaID(1), at: bench.now).isEmpty)
        let actions = bench.machine.connected(ReplicaID(2), at: bench.now)
        #expect(actions == [.send([.openSession(nonce: 1)], to: Array(bench.replicas.prefix(3)))])
        let late = bench.machine.connected(ReplicaID(3), at: bench.now)
        #expect(late == [.send([.openSession(nonce: 1)], to: [ReplicaID(3)])])
    }

    @Test("it does not wait for a quorum for ever")
    func grace() throws {
        var bench = try Bench()
        _ = bench.submit([1])
        _ = bench.machine.connected(ReplicaID(0), at: bench.now)
        #expect(bench.pass(.milliseconds(499)).isEmpty)
        let actions = bench.pass(.milliseconds(1))
        #expect(actions == [.send([.openSession(nonce: 1)], to: [ReplicaID(0)])])
    }

    @Test(
        "an opening command without answer is sent once more, then another one is sent, and the results of both count"
    )
    func again() throws {
        var bench = try Bench()
        _ = bench.connectAll()
        #expect(bench.submit([1]).actions.commands == [.openSession(nonce: 1)])
        #expect(bench.pass(.milliseconds(500)).commands == [.openSession(nonce: 1)])
        #expect(bench.pass(.milliseconds(999)).commands.isEmpty)
        #expect(bench.pass(.milliseconds(1)).commands == [.openSession(nonce: 2)])
        #expect(bench.pass(.seconds(2)).commands == [.openSession(nonce: 2)])
        #expect(bench.pass(.seconds(4)).commands == [.openSession(nonce: 3)])
        let first = Command.openSession(nonce: 1).result(.opened(Bench.session))
        _ = bench.say(first, from: 0)
        _ = bench.say(Command.openSession(nonce: 2).result(.opened(SessionID.none)), from: 1)
        #expect(bench.machine.numbers == nil)
        _ = bench.say(first, from: 1)
        #expect(bench.machine.numbers?.session == Bench.session)
    }

    @Test("the results of the last few opening commands count, and no more are kept")
    func bounded() throws {
        var bench = try Bench { $0.requestTimeout = .seconds(3_600) }
        _ = bench.connectAll()
        let nonces = Set((bench.submit([1]).actions + bench.pass(.seconds(60))).commands.map(\.key.sequence))
        let newest = try #require(nonces.max())
        #expect(newest > 5)
        for nonce in nonces {
            let isKept = bench.machine.opening?.contains(Command.openSession(nonce: nonce).key)
            #expect(isKept == (nonce + UInt64(SessionOpening.maximumAttemptCount) > newest))
        }
    }

    @Test("an opening command whose number somebody else used is replaced without delay")
    func spoiled() throws {
        var bench = try Bench()
        _ = bench.connectAll()
        let opening = try #require(bench.submit([1]).actions.commands.first)
        let thief = Command(key: opening.key, body: [1]).result(.opened(Bench.session))
        #expect(bench.say(thief, from: 0).isEmpty)
        #expect(bench.say(thief, from: 1).commands == [.openSession(nonce: 2)])
        #expect(bench.machine.numbers == nil)
    }

    @Test("without callers no session is asked for")
    func unwanted() throws {
        var bench = try Bench()
        #expect(bench.connectAll().isEmpty)
        #expect(bench.pass(.seconds(60)).isEmpty)
        let (id, _) = bench.submit([1])
        _ = bench.machine.cancel(id, at: bench.now)
        #expect(bench.pass(.seconds(60)).isEmpty)
        #expect(bench.submit([2]).actions.commands == [.openSession(nonce: 1)])
    }

    @Test(
        "a command of a lost session is reported and not sent again, and the next goes into a new session",
        arguments: [CommandOutcome.unknownSession, .sequenceOutOfRange, .opened(.none)]
    )
    func lost(outcome: CommandOutcome) throws {
        var bench = try Bench()
        try bench.open()
        let (id, command) = try bench.send([1])
        #expect(bench.say(command.result(outcome), from: 2, 3).failure(of: id) == .sessionLost(outcome))
        let (_, actions) = bench.submit([2])
        #expect(actions.commands == [.openSession(nonce: 2)])
        let next = SessionID(height: Height(20), position: 0)
        let sent = bench.say(Command.openSession(nonce: 2).result(.opened(next)), from: 0, 1).commands
        #expect(sent == [Command(key: CommandKey(session: next, sequence: 1), body: [2])])
    }

    @Test("a forgotten reply is reported, and the session stays")
    func forgotten() throws {
        var bench = try Bench()
        try bench.open()
        let (id, command) = try bench.send([1])
        let result = CommandResult(key: command.key, command: .zero, height: .genesis, outcome: .replyForgotten)
        #expect(bench.say(result, from: 0, 1).failure(of: id) == .sessionLost(.replyForgotten))
        #expect(try bench.send([2]).command.key == CommandKey(session: Bench.session, sequence: 2))
    }

    @Test("commands of a lost session that are still on their way are settled one by one")
    func others() throws {
        var bench = try Bench()
        try bench.open()
        let (_, first) = try bench.send([1])
        let (id, second) = try bench.send([2])
        _ = bench.say(first.result(.unknownSession), from: 2, 3)
        #expect(bench.say(second.result(.executed([5])), from: 0, 1).receipt(of: id)?.reply == [5])
    }

    @Test(
        "numbers never leave the replicas' window, whatever comes to nothing",
        arguments: 1...20 as ClosedRange<UInt64>
    )
    func window(seed: UInt64) throws {
        var generator = SplitMix(state: seed)
        var numbers = SessionNumbers(session: Bench.session)
        var window = SequenceWindow(width: SessionLimits().windowWidth)
        var pending: [UInt64] = []
        for _ in 0..<20_000 {
            guard !numbers.isWornOut else { break }
            if pending.count < 1_024, numbers.reaches(from: pending.first), generator.next() % 3 > 0 {
                pending.append(numbers.take().sequence)
            } else if !pending.isEmpty {
                let sequence = pending.remove(at: Int(generator.next() % UInt64(pending.count)))
                // Some are cancelled, and some of these are executed nevertheless.
                let fate = generator.next() % 8
                guard fate > 0 else { continue }
                try #require(window.judge(sequence) == .fresh, "seed \(seed), number \(sequence)")
                window.use(sequence)
                if fate > 1 { numbers.used(sequence) }
            }
        }
        #expect(numbers.next > 1_000)
    }

    @Test("after too many commands that came to nothing, a new session is opened")
    func wornOut() throws {
        var bench = try Bench { $0.requestTimeout = .seconds(1) }
        try bench.open()
        var count: UInt64 = 0
        while bench.machine.numbers != nil, count < 10_000 {
            count += 1
            _ = bench.submit([1])
            if count.isMultiple(of: 500) { _ = bench.pass(.seconds(2)) }
        }
        #expect(count == SessionNumbers.span + 1)
        #expect(bench.machine.opening?.command == .openSession(nonce: 2))
    }
}

/// A small generator for tests that must be repeatable (Steele, Lea, Flood: Fast splittable pseudorandom number
/// generators).
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
