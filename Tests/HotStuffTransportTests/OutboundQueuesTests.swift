import Testing

@testable import HotStuffTransport

@Suite("Outbound queues")
struct OutboundQueuesTests {
    private static let overhead = OutboundQueues.messageOverhead

    private func makeQueues(bytes: Int = 1 << 20) -> OutboundQueues {
        OutboundQueues { _ in LaneLimits(maximumMessageByteCount: 1 << 19, queueByteCount: bytes) }
    }

    private func append(_ message: [UInt8], lane: Lane, to queues: inout OutboundQueues) -> Bool {
        queues.append(message, lane: lane)
    }

    private func next(of queues: inout OutboundQueues) -> Fragment? {
        queues.next()
    }

    private func drops(of queues: inout OutboundQueues) -> [Int] {
        queues.takeDrops()
    }

    private func drain(_ queues: inout OutboundQueues) -> [Fragment] {
        var fragments: [Fragment] = []
        while let fragment = queues.next() {
            fragments.append(fragment)
        }
        return fragments
    }

    @Test("lanes are emptied in their order, each from its oldest message")
    func priority() {
        var queues = makeQueues()
        for (byte, lane) in [(1, .commands), (2, .sync), (3, .consensus), (4, .commands), (5, .consensus)]
            as [(UInt8, Lane)]
        {
            #expect(append([byte], lane: lane, to: &queues))
        }
        #expect(drain(&queues).map(\.message) == [[3], [5], [2], [1], [4]])
        #expect(queues.isEmpty)
    }

    @Test("a vote overtakes a long message between two of its fragments")
    func overtaking() {
        var queues = makeQueues()
        let long = [UInt8](repeating: 1, count: 150_000)
        #expect(append(long, lane: .sync, to: &queues))
        #expect(next(of: &queues) == Fragment(lane: .sync, message: long, range: 0..<65_536))
        #expect(append([7], lane: .consensus, to: &queues))
        let rest = drain(&queues)
        #expect(rest.map(\.lane) == [.consensus, .sync, .sync])
        #expect(rest.map(\.range) == [0..<1, 65_536..<131_072, 131_072..<150_000])
        #expect(rest.map(\.isLast) == [true, false, true])
    }

    @Test(
        "a message of exactly one frame, of one byte more, and of none",
        arguments: [(0, 1), (65_536, 1), (65_537, 2)]
    )
    func fragmentation(count: Int, expected: Int) {
        var queues = makeQueues()
        #expect(append([UInt8](repeating: 1, count: count), lane: .commands, to: &queues))
        let fragments = drain(&queues)
        #expect(fragments.count == expected)
        #expect(fragments.last?.isLast == true)
        #expect(fragments.reduce(0) { $0 + $1.range.count } == count)
    }

    @Test("a full lane of consensus drops its oldest message")
    func newestVotesSurvive() {
        var queues = makeQueues(bytes: 3 * (1 + Self.overhead))
        for byte in UInt8(0)..<5 {
            #expect(append([byte], lane: .consensus, to: &queues))
        }
        #expect(drain(&queues).map(\.message) == [[2], [3], [4]])
        #expect(drops(of: &queues) == [2, 0, 0])
        #expect(drops(of: &queues) == [0, 0, 0])
    }

    @Test("a full lane of sync or commands drops the new message", arguments: [Lane.sync, .commands])
    func oldestCommandsSurvive(lane: Lane) {
        var queues = makeQueues(bytes: 3 * (1 + Self.overhead))
        let accepted = (UInt8(0)..<5).map { append([$0], lane: lane, to: &queues) }
        #expect(accepted == [true, true, true, false, false])
        #expect(drain(&queues).map(\.message) == [[0], [1], [2]])
        #expect(drops(of: &queues)[lane.index] == 2)
    }

    @Test("one full lane takes nothing from the others")
    func separation() {
        var queues = makeQueues(bytes: 2 * (1 + Self.overhead))
        for _ in 0..<10 { _ = append([1], lane: .commands, to: &queues) }
        #expect(append([2], lane: .sync, to: &queues))
        #expect(append([3], lane: .consensus, to: &queues))
        #expect(drain(&queues).map(\.message) == [[3], [2], [1], [1]])
    }

    @Test("empty messages fill a queue, too")
    func emptyMessages() {
        var queues = makeQueues(bytes: 10 * Self.overhead)
        let accepted = (0..<20).count { _ in append([], lane: .commands, to: &queues) }
        #expect(accepted == 10)
    }

    @Test("a message that has begun to leave is never dropped")
    func begunMessagesStay() {
        var queues = makeQueues(bytes: 200_000)
        let long = [UInt8](repeating: 1, count: 150_000)
        #expect(append(long, lane: .consensus, to: &queues))
        #expect(next(of: &queues)?.range == 0..<65_536)
        for byte in UInt8(0)..<4 {
            #expect(append([UInt8](repeating: byte, count: 90_000), lane: .consensus, to: &queues))
        }
        let rest = drain(&queues)
        #expect(rest.prefix(2).allSatisfy { $0.message == long })
        #expect(rest.filter(\.isLast).map { $0.message.first } == [1, 2, 3])
        #expect(drops(of: &queues) == [2, 0, 0])
    }

    @Test("a message above its limits is dropped and counted", arguments: Lane.allCases)
    func oversized(lane: Lane) {
        var queues = makeQueues()
        #expect(!append([UInt8](repeating: 0, count: 1 << 19 + 1), lane: lane, to: &queues))
        #expect(queues.isEmpty)
        #expect(drops(of: &queues)[lane.index] == 1)
    }

    @Test("when the connection is lost, consensus waits and begins anew, the rest is dropped")
    func lostConnection() {
        var queues = makeQueues()
        let long = [UInt8](repeating: 1, count: 100_000)
        for lane in Lane.allCases {
            #expect(append(long, lane: lane, to: &queues))
            #expect(append([2], lane: lane, to: &queues))
        }
        #expect(next(of: &queues)?.range == 0..<65_536)
        queues.connectionLost()
        let rest = drain(&queues)
        #expect(rest.map(\.lane) == [.consensus, .consensus, .consensus])
        #expect(rest.map(\.range) == [0..<65_536, 65_536..<100_000, 0..<1])
        #expect(drops(of: &queues) == [0, 2, 2])
    }
}

@Suite("Back-off")
struct BackoffTests {
    @Test("the wait doubles up to its limit, less at most half")
    func growth() {
        let backoff = Backoff(initial: .milliseconds(50), maximum: .seconds(1))
        var generator = SplitMix(state: 1)
        for (failures, full) in [
            (1, 50), (2, 100), (3, 200), (4, 400), (5, 800), (6, 1_000), (7, 1_000), (.max, 1_000),
        ] {
            for _ in 0..<20 {
                let delay = backoff.delay(afterFailures: failures, using: &generator)
                #expect(delay <= .milliseconds(full), "\(failures) failures")
                #expect(delay >= .milliseconds(full) / 2, "\(failures) failures")
            }
        }
    }

    @Test("two waits are hardly ever the same")
    func jitter() {
        var generator = SplitMix(state: 2)
        let delays = (0..<50).map { _ in Backoff().delay(afterFailures: 3, using: &generator) }
        #expect(Set(delays).count > 40)
    }

    @Test("a wait of nothing stays one", arguments: [0, 1, 1_000])
    func zero(failures: Int) {
        var generator = SplitMix(state: 3)
        let backoff = Backoff(initial: .zero, maximum: .zero)
        #expect(backoff.delay(afterFailures: failures, using: &generator) == .zero)
    }
}
