import HotStuff
import HotStuffClient
import HotStuffConfiguration
import HotStuffTransport
import Logging
import NIOCore
import NIOPosix
import Synchronization

/// A client under whose load replicas are killed, and its list of what it was told.
final class Workload: Sendable {
    private struct State {
        var issued: UInt64 = 0
        var underWay = 0
        var acknowledged: [UInt64: Height] = [:]
        var problems: [String] = []
        var isPaused = false
        var isOver = false
    }

    /// The client.
    let client: HotStuffClient
    private let group: MultiThreadedEventLoopGroup
    private let state = Mutex(State())

    /// Creates a client of a cluster, and begins to connect.
    init(_ configuration: ClusterConfiguration) throws {
        var settings = ClientConfiguration(
            validators: configuration.genesis.validators,
            transport: TransportConfiguration(
                chain: configuration.genesis.chain,
                scheme: configuration.scheme,
                peers: configuration.peers
            )
        )
        // Replicas are killed over and over: an answer may take long, but it comes.
        settings.requestTimeout = .seconds(120)
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        client = try HotStuffClient(
            configuration: settings,
            group: group,
            logger: Logger(label: "kills") { _ in SwiftLogNoOpLogHandler() }
        )
        client.start()
    }

    /// The command of a number; no two are alike.
    static func body(_ number: UInt64) -> [UInt8] {
        let value = Array("\(number)".utf8) + Array(repeating: UInt8(ascii: "."), count: 100)
        return KeyValueCommand.put(key: Array("key\(number % 500)".utf8), value: value).encoded
    }

    /// The number of a command; nil if it is none of these.
    static func number(of body: [UInt8]) -> UInt64? {
        guard let command = try? KeyValueCommand(decoding: body), case .put(_, let value) = command else { return nil }
        return UInt64(String(decoding: value.prefix { $0 != UInt8(ascii: ".") }, as: UTF8.self))
    }

    /// How many commands were sent.
    var issued: UInt64 { state.withLock { $0.issued } }
    /// How many were confirmed.
    var acknowledgedCount: Int { state.withLock { $0.acknowledged.count } }
    /// What was confirmed, with the heights that were told.
    var acknowledged: [UInt64: Height] { state.withLock { $0.acknowledged } }
    /// What the client was told that it should not have been.
    var problems: [String] { state.withLock { $0.problems } }

    /// Submits commands until `finish()` is called, so many at a time, each followed by a short rest.
    func run(atOnce count: Int, rest: Duration) async {
        await withTaskGroup(of: Void.self) { tasks in
            for _ in 0..<count { tasks.addTask { await self.work(rest) } }
        }
    }

    /// Waits until all commands that are under way are confirmed, and sends no others; false if that takes too long.
    func pause(within time: Duration) async -> Bool {
        state.withLock { $0.isPaused = true }
        let deadline = ContinuousClock.now + time
        while state.withLock({ $0.underWay }) > 0, ContinuousClock.now < deadline {
            // A wait that is cancelled only asks more often.
            try? await Task.sleep(for: .milliseconds(5))
        }
        return state.withLock { $0.underWay } == 0
    }

    /// Goes on after a pause.
    func resume() { state.withLock { $0.isPaused = false } }

    /// Sends nothing more.
    func finish() { state.withLock { $0.isOver = true } }

    /// What all replicas tell alike, with nothing left to do; nil if they do not.
    func agreement(of replicas: Range<Int>) async -> ReplicaStatus? {
        var first: ReplicaStatus?
        for replica in replicas {
            let status = await client.status(of: ReplicaID(UInt16(replica)), timeout: .seconds(1))
            guard let status, status.pendingCommands == 0, status.executed.height == status.committedHeight else {
                return nil
            }
            let known = first ?? status
            guard known.executed == status.executed, known.committedBlock == status.committedBlock,
                known.applicationState == status.applicationState
            else { return nil }
            first = known
        }
        return first
    }

    /// Closes the connections.
    func stop() async {
        await client.stop()
        // Shutting down fails only if the group was shut down before, and nobody else has it.
        try? await group.shutdownGracefully()
    }

    private func work(_ rest: Duration) async {
        while !state.withLock({ $0.isOver }) {
            let next = state.withLock { state -> UInt64? in
                guard !state.isPaused else { return nil }
                state.issued += 1
                state.underWay += 1
                return state.issued
            }
            if let next { await submit(next) }
            // A wait that is cancelled only works faster.
            try? await Task.sleep(for: rest)
        }
    }

    private func submit(_ number: UInt64) async {
        do {
            let receipt = try await client.submit(Self.body(number))
            let reply = try KeyValueReply(decoding: receipt.reply)
            state.withLock { state in
                state.underWay -= 1
                state.acknowledged[number] = receipt.height
                if reply != .stored { state.problems.append("command \(number) was answered with \(reply)") }
            }
        } catch {
            state.withLock { state in
                state.underWay -= 1
                // It may have been executed or not, but not twice.
                state.problems.append("command \(number) has no answer: \(error)")
            }
        }
    }
}
