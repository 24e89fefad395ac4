import HotStuff
import HotStuffTransport
import Testing

@testable import HotStuffClient

@Suite("What the client sends, and when")
struct SendingTests {
    @Test(
        "a command that is alone leaves at once; those that come while it is on its way leave in one message to all replicas"
    )
    func batch() throws {
        var bench = try Bench()
        try bench.open()
        let alone = bench.submit([0]).actions
        #expect(alone.messages.map { $0.map(\.body) } == [[[0]]] && alone.recipients == [bench.replicas])
        for body in 1...3 as ClosedRange<UInt8> { #expect(bench.submit([body]).actions.isEmpty) }
        let actions = bench.pass(.milliseconds(1))
        #expect(actions.messages.map { $0.map(\.body) } == [[[1], [2], [3]]])
        #expect(actions.recipients == [bench.replicas])
        #expect(actions.commands.map(\.key.sequence) == [2, 3, 4])
    }

    @Test("few commands do not wait for each other, and those that waited before they were few leave with them")
    func few() throws {
        var bench = try Bench { $0.maximumUnbatchedCount = 2 }
        try bench.open()
        var sent = bench.submit([0]).actions
        sent += bench.submit([1]).actions
        #expect(sent.messages.map { $0.map(\.body) } == [[[0]], [[1]]])
        #expect(bench.submit([2]).actions.isEmpty)
        for command in sent.commands { _ = bench.say(command.result(.executed([])), from: 0, 1) }
        #expect(bench.submit([3]).actions.messages.map { $0.map(\.body) } == [[[2], [3]]])
    }

    @Test("a message that is full leaves at once")
    func full() throws {
        var bench = try Bench { $0.maximumBatchCount = 2 }
        try bench.open()
        #expect(bench.submit([0]).actions.messages.map(\.count) == [1])
        #expect(bench.submit([1]).actions.isEmpty)
        #expect(bench.submit([2]).actions.messages.map(\.count) == [2])
        #expect(bench.submit([3]).actions.isEmpty)
        #expect(bench.pass(.milliseconds(1)).commands.map(\.body) == [[3]])
    }

    @Test("no message is longer than its limit, but for one long command")
    func bytes() throws {
        var bench = try Bench { $0.maximumBatchByteCount = 300 }
        try bench.open()
        let bodies = [1, 100, 100, 100, 1_000, 10, 235, 236, 10].map { [UInt8](repeating: 1, count: $0) }
        var actions = bodies.flatMap { bench.submit($0).actions }
        actions += bench.pass(.milliseconds(1))
        #expect(
            actions.messages.map { $0.map(\.body.count) } == [
                [1], [100, 100], [100], [1_000], [10, 235], [236], [10],
            ]
        )
        let again = bench.pass(.milliseconds(510))
        #expect(again.commands.count == bodies.count)
        for message in actions.messages + again.messages where message.count > 1 {
            #expect(Frame.encode(ClientRequest.submit(message)).count <= 300)
        }
    }

    @Test("a command that no replica would read is refused at once, and the longest that one reads is sent")
    func tooLong() throws {
        var bench = try Bench { $0.maximumOutstandingByteCount = 10 }
        try bench.open()
        let limit = bench.machine.configuration.transport.limits.maximumClientMessageByteCount
        let envelope = Frame.encode(ClientRequest.submit([])).count + Command.minimumEncodedSize
        let longest = [UInt8](repeating: 0, count: limit - envelope)
        let (id, actions) = bench.submit(longest + [0])
        #expect(actions == [.finish(id, .failure(.tooLong))])
        let message = try #require(bench.submit(longest).actions.messages.first)
        #expect(Frame.encode(ClientRequest.submit(message)).count == limit)
    }

    @Test("what is not answered is sent again to all who are connected, after waits that double up to a limit")
    func again() throws {
        var bench = try Bench()
        try bench.open()
        let (_, command) = try bench.send([1])
        bench.machine.disconnected(ReplicaID(2))
        var waits: [Duration] = []
        var last = bench.now
        let start = bench.now
        while bench.now < start.advanced(by: .seconds(20)), waits.count < 20 {
            let actions = bench.pass(.milliseconds(1))
            guard !actions.isEmpty else { continue }
            #expect(actions == [.send([command], to: [ReplicaID(0), ReplicaID(1), ReplicaID(3)])])
            waits.append(last.duration(to: bench.now))
            last = bench.now
        }
        let expected = [500, 1_000, 2_000, 4_000, 4_000, 4_000, 4_000].map { Duration.milliseconds($0) }
        #expect(waits.count == expected.count)
        for (wait, expected) in zip(waits, expected) {
            #expect((expected...(expected + ClientStateMachine.granularity)).contains(wait))
        }
        #expect(bench.machine.statistics.resentCommands == 7)
    }

    @Test("an answered command is not sent again")
    func answered() throws {
        var bench = try Bench()
        try bench.open()
        let (_, command) = try bench.send([1])
        _ = bench.say(command.result(.executed([])), from: 0, 1)
        #expect(bench.pass(.seconds(60)).isEmpty)
    }

    @Test("a busy replica's command stays on its way and is sent again")
    func busy() throws {
        var bench = try Bench()
        try bench.open()
        let (id, command) = try bench.send([1])
        for replica in bench.replicas {
            #expect(bench.machine.received(.busy([command.key]), from: replica, at: bench.now).isEmpty)
        }
        #expect(bench.machine.statistics.busyAnswers == 4)
        #expect(bench.pass(.milliseconds(499)).isEmpty)
        #expect(bench.pass(ClientStateMachine.granularity).commands == [command])
        #expect(bench.say(command.result(.executed([])), from: 0, 1).receipt(of: id) != nil)
    }

    @Test("a replica that connects gets what is on its way, and what is queued only once")
    func reconnect() throws {
        var bench = try Bench()
        try bench.open()
        let (_, command) = try bench.send([1])
        let (_, queued) = bench.submit([2])
        #expect(queued.isEmpty)
        bench.machine.disconnected(ReplicaID(3))
        let actions = bench.machine.connected(ReplicaID(3), at: bench.now)
        #expect(actions == [.send([command], to: [ReplicaID(3)])])
        let flushed = bench.pass(.milliseconds(1))
        #expect(flushed.commands.map(\.body) == [[2]])
        #expect(flushed.recipients == [bench.replicas])
    }

    @Test("a command fails when its time is over, and says how many agreed")
    func timeout() throws {
        var bench = try Bench()
        try bench.open()
        let (id, command) = try bench.send([1])
        _ = bench.say(command.result(.executed([1])), from: 0)
        _ = bench.say(command.result(.executed([2])), from: 1)
        #expect(bench.pass(.milliseconds(29_998)).ends.isEmpty)
        let error = bench.pass(.milliseconds(1)).failure(of: id)
        #expect(error == .timedOut(confirmed: VotingPower(1), needed: VotingPower(2)))
        #expect(bench.machine.pending.isEmpty)
        #expect(bench.say(command.result(.executed([1])), from: 0, 1).isEmpty)
    }

    @Test("time runs while a command waits for a session")
    func sessionTimeout() throws {
        var bench = try Bench { $0.requestTimeout = .seconds(6) }
        _ = bench.connectAll()
        let (id, actions) = bench.submit([1])
        _ = bench.say(try #require(actions.commands.first).result(.opened(Bench.session)), from: 0)
        let error = bench.pass(.seconds(6)).failure(of: id)
        #expect(error == .timedOut(confirmed: VotingPower(1), needed: VotingPower(2)))
        #expect(bench.machine.waiting.isEmpty)
    }

    @Test("a command that never left is told apart from one that did")
    func unreached() throws {
        var bench = try Bench()
        let (id, _) = bench.submit([1])
        #expect(bench.pass(.seconds(30)) == [.giveUpUnreached(id)])
        try bench.open()
        let (sent, _) = try bench.send([1])
        for replica in bench.replicas { bench.machine.disconnected(replica) }
        let (unsent, _) = bench.submit([2])
        let actions = bench.pass(.seconds(31))
        #expect(actions.failure(of: sent) == .timedOut(confirmed: .zero, needed: VotingPower(2)))
        #expect(actions.contains(.giveUpUnreached(unsent)))
        #expect(bench.machine.pending.isEmpty)
    }

    @Test("no more commands than allowed are on their way, and the others follow in order")
    func outstanding() throws {
        var bench = try Bench { $0.maximumOutstanding = 2 }
        try bench.open()
        let bodies = (1...5).map { [UInt8($0)] }
        let submissions = bodies.map { bench.submit($0) }
        let ids = submissions.map(\.id)
        let first = (submissions.flatMap(\.actions) + bench.pass(.milliseconds(1))).commands
        #expect(first.map(\.body) == [[1], [2]])
        let actions = bench.say(first[1].result(.executed([])), from: 0, 1)
        #expect(actions.receipt(of: ids[1]) != nil)
        #expect(bench.pass(.milliseconds(1)).commands.map(\.body) == [[3]])
        #expect(bench.machine.cancel(ids[0], at: bench.now) == [.finish(ids[0], .failure(.cancelled))])
        #expect(bench.pass(.milliseconds(1)).commands.map(\.body) == [[4]])
    }

    @Test("no more bytes than allowed are on their way")
    func outstandingBytes() throws {
        var bench = try Bench { $0.maximumOutstandingByteCount = 100 }
        try bench.open()
        let sent = [200, 20, 20, 20].flatMap { bench.submit([UInt8](repeating: 7, count: $0)).actions }
        let long = try #require(sent.commands.first)
        #expect(bench.machine.pending.count == 1)
        _ = bench.say(long.result(.executed([])), from: 0, 1)
        #expect(bench.pass(.milliseconds(1)).commands.map(\.body.count) == [20, 20])
        #expect(bench.machine.pending.byteCount == 88)
    }

    @Test("a command that is stuck does not let the others run out of the window")
    func straggler() throws {
        var bench = try Bench { $0.requestTimeout = .seconds(3_600) }
        try bench.open()
        let (stuck, command) = try bench.send([1])
        for _ in 1..<SessionNumbers.span {
            let (_, next) = try bench.send([2])
            _ = bench.say(next.result(.executed([])), from: 0, 1)
        }
        let (_, actions) = bench.submit([3])
        #expect((actions + bench.pass(.milliseconds(1))).commands.allSatisfy { $0 == command })
        let followed = bench.say(command.result(.executed([])), from: 0, 1)
        #expect(followed.receipt(of: stuck) != nil)
        #expect((followed + bench.pass(.milliseconds(1))).commands.map(\.body) == [[3]])
    }

    @Test("a cancelled command is forgotten, queued or sent")
    func cancelled() throws {
        var bench = try Bench()
        try bench.open()
        let (queued, _) = bench.submit([1])
        #expect(bench.machine.cancel(queued, at: bench.now) == [.finish(queued, .failure(.cancelled))])
        #expect(bench.machine.cancel(queued, at: bench.now).isEmpty)
        #expect(bench.pass(.milliseconds(1)).isEmpty)
        let (sent, command) = try bench.send([2])
        #expect(bench.machine.cancel(sent, at: bench.now) == [.finish(sent, .failure(.cancelled))])
        #expect(bench.say(command.result(.executed([])), from: 0, 1).isEmpty)
        #expect(bench.pass(.seconds(60)).isEmpty)
    }

    @Test("a stopped client ends every call and takes no more")
    func stop() throws {
        var bench = try Bench { $0.maximumOutstanding = 1 }
        try bench.open()
        let (sent, _) = try bench.send([1])
        let (waiting, _) = bench.submit([2])
        let inquiry = InquiryID(rawValue: 9)
        _ = bench.machine.ask(ReplicaID(0), as: inquiry, until: bench.now.advanced(by: .seconds(9)), at: bench.now)
        let actions = bench.machine.stop()
        #expect(actions.failure(of: sent) == .stopped)
        #expect(actions.failure(of: waiting) == .stopped)
        #expect(actions.contains(.tell(inquiry, nil)))
        #expect(bench.machine.nextDeadline == nil)
        let (late, refused) = bench.submit([3])
        #expect(refused == [.finish(late, .failure(.stopped))])
        #expect(bench.machine.connected(ReplicaID(0), at: bench.now).isEmpty)
    }
}
