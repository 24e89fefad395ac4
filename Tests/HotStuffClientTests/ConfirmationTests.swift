import HotStuff
import Testing

@testable import HotStuffClient

@Suite("Whose word is believed")
struct ConfirmationTests {
    @Test("a result is believed when more than f have told it, and not before")
    func enough() throws {
        var bench = try Bench()
        try bench.open()
        let (id, command) = try bench.send([1])
        let result = command.result(.executed([8]), height: 12)
        #expect(bench.say(result, from: 2).isEmpty)
        bench.now = bench.now.advanced(by: .milliseconds(4))
        let receipt = try #require(bench.say(result, from: 0).receipt(of: id))
        #expect(receipt == Receipt(reply: [8], height: Height(12), latency: .milliseconds(5), confirmations: 2))
        #expect(bench.machine.pending.isEmpty)
    }

    @Test(
        "more than f is counted in power",
        arguments: [
            ([1], [0]), ([1, 1], [0]), ([1, 1, 1], [0]), ([1, 1, 1, 1], [3, 0]), ([1, 1, 1, 1, 1, 1, 1], [6, 2, 4]),
            ([1, 1, 1, 1, 6], [4]), ([5, 1, 1, 1, 2], [1, 2, 3, 4]), ([5, 1, 1, 1, 2], [0]),
        ] as [([UInt64], [UInt16])]
    )
    func weights(powers: [UInt64], speakers: [UInt16]) throws {
        var bench = try Bench(powers: powers)
        _ = bench.connectAll()
        let (id, opening) = bench.submit([1])
        let opened = try #require(opening.commands.first).result(.opened(Bench.session))
        let sent = bench.replicas.flatMap { bench.machine.received(.results([opened]), from: $0, at: bench.now) }
        let command = try #require(sent.commands.first)
        let result = command.result(.executed([8]))
        let early = speakers.dropLast().flatMap { bench.say(result, from: $0) }
        #expect(early.isEmpty)
        let last = try #require(speakers.last)
        #expect(bench.say(result, from: last).receipt(of: id)?.confirmations == speakers.count)
    }

    @Test("the same replica counts once, however often it speaks")
    func once() throws {
        var bench = try Bench()
        try bench.open()
        let (id, command) = try bench.send([1])
        let result = command.result(.executed([8]))
        #expect(bench.say(result, from: 2, 2, 2, 2).isEmpty)
        let both = bench.machine.received(.results([result, result, result]), from: ReplicaID(2), at: bench.now)
        #expect(both.isEmpty)
        #expect(bench.say(result, from: 1).receipt(of: id) != nil)
    }

    @Test("results that differ in any field do not add up")
    func different() throws {
        var bench = try Bench(powers: [1, 1, 1, 1, 1, 1, 1])
        try bench.open()
        let (id, command) = try bench.send([1])
        let result = command.result(.executed([8]), height: 12)
        let lies = [
            command.result(.executed([9]), height: 12), command.result(.executed([8]), height: 13),
            CommandResult(key: command.key, command: .zero, height: Height(12), outcome: .executed([8])),
            command.result(.unknownSession, height: 12),
        ]
        #expect(bench.say(result, from: 0, 1).isEmpty)
        for (index, lie) in lies.enumerated() {
            let replica = UInt16(index + 2)
            #expect(bench.say(lie, from: replica).isEmpty, "\(lie)")
        }
        #expect(bench.say(result, from: 6).receipt(of: id)?.reply == [8])
    }

    @Test("the latest word of a replica counts")
    func latest() throws {
        var bench = try Bench()
        try bench.open()
        let (id, command) = try bench.send([1])
        let first = command.result(.executed([8]), height: 12)
        let second = command.result(.executed([8]), height: 13)
        #expect(bench.say(first, from: 0).isEmpty)
        #expect(bench.say(second, from: 0).isEmpty)
        #expect(bench.say(first, from: 1).isEmpty)
        #expect(bench.say(second, from: 1).receipt(of: id)?.height == Height(13))
    }

    @Test("results of commands that nobody waits for, and of strangers, are ignored")
    func unknown() throws {
        var bench = try Bench()
        try bench.open()
        let (id, command) = try bench.send([1])
        let key = CommandKey(session: Bench.session, sequence: 99)
        let other = CommandResult(key: key, command: .zero, height: Height(1), outcome: .executed([]))
        #expect(bench.say(other, from: 0, 1, 2, 3).isEmpty)
        let result = command.result(.executed([8]))
        #expect(bench.say(result, from: 4, 5, .max).isEmpty)
        #expect(bench.say(result, from: 0, 1).receipt(of: id) != nil)
        #expect(bench.say(result, from: 2, 3).isEmpty)
    }

    @Test("a command whose number another one took is told so, when more than f say it")
    func taken() throws {
        var bench = try Bench()
        try bench.open()
        let (id, command) = try bench.send([1])
        let thief = Command(key: command.key, body: [66])
        let result = thief.result(.executed([8]))
        #expect(bench.say(result, from: 3).isEmpty)
        #expect(bench.say(result, from: 1).failure(of: id) == .sequenceTaken(by: thief.digest, at: Height(9)))
        #expect(bench.machine.numbers == nil, "a session whose numbers somebody else uses is left")
    }

    @Test("a refusal counts when more than f refuse")
    func refused() throws {
        var bench = try Bench()
        try bench.open()
        let (id, command) = try bench.send([1])
        let refusal = ClientResponse.refused([command.key])
        #expect(bench.machine.received(refusal, from: ReplicaID(1), at: bench.now).isEmpty)
        #expect(bench.machine.received(refusal, from: ReplicaID(1), at: bench.now).isEmpty)
        let actions = bench.machine.received(refusal, from: ReplicaID(2), at: bench.now)
        #expect(actions == [.finish(id, .failure(.tooLong))])
    }

    @Test("one liar's refusal does not stop a command")
    func oneRefusal() throws {
        var bench = try Bench()
        try bench.open()
        let (id, command) = try bench.send([1])
        #expect(bench.machine.received(.refused([command.key]), from: ReplicaID(1), at: bench.now).isEmpty)
        #expect(bench.say(command.result(.executed([8])), from: 0, 2).receipt(of: id) != nil)
    }

    @Test("of long replies only one is kept: a tally holds their hashes")
    func tally() throws {
        let validators = try Bench.configuration(powers: [1, 2, 3]).validators
        var tally = AnswerTally()
        let first = AnswerTally.Answer.long(.zero)
        #expect(tally.record(first, from: ReplicaID(0), in: validators) == .init(power: VotingPower(1), count: 1))
        #expect(tally.record(first, from: ReplicaID(2), in: validators) == .init(power: VotingPower(4), count: 2))
        #expect(tally.record(.refused, from: ReplicaID(1), in: validators) == .init(power: VotingPower(2), count: 1))
        #expect(tally.strongest(in: validators) == VotingPower(4))
        #expect(tally.record(.refused, from: ReplicaID(2), in: validators) == .init(power: VotingPower(5), count: 2))
        #expect(tally.record(first, from: ReplicaID(3), in: validators) == .init(power: VotingPower(1), count: 1))
        #expect(tally.strongest(in: validators) == VotingPower(5))
        func answer(_ byteCount: Int) -> AnswerTally.Answer {
            let key = CommandKey(session: Bench.session, sequence: 1)
            let outcome = CommandOutcome.executed(Array(repeating: 1, count: byteCount))
            return AnswerTally.Answer(CommandResult(key: key, command: .zero, height: Height(2), outcome: outcome))
        }
        guard case .short = answer(1), case .long = answer(1_000) else {
            Issue.record("\(answer(1)), \(answer(1_000))")
            return
        }
    }
}
