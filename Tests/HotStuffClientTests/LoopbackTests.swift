import HotStuff
import HotStuffTransport
import Testing

@testable import HotStuffClient

@Suite("The client over real sockets")
struct LoopbackTests {
    @Test("with a liar and a silent replica among four, every command has its true reply and runs once")
    func liarAndSilent() async throws {
        try await withFakes([.lying, .honest, .silent, .honest]) { cluster, client in
            let bodies = (0..<500).map { number in [UInt8(number % 256), UInt8(number / 256), 1] }
            let receipts = try await withThrowingTaskGroup(of: ([UInt8], Receipt).self) { group in
                for body in bodies { group.addTask { (body, try await client.submit(body)) } }
                return try await group.reduce(into: [[UInt8]: Receipt]()) { $0[$1.0] = $1.1 }
            }
            for body in bodies {
                #expect(receipts[body]?.reply == body.reversed())
                #expect(receipts[body]?.confirmations == 2)
            }
            #expect(cluster.chain.executedBodies.count == bodies.count)
            #expect(Set(cluster.chain.executedBodies) == Set(bodies))
            #expect(client.statistics.openedSessions == 1)
        }
    }

    @Test("closures hear of their own replies, may submit more, and hear of the end when the client stops")
    func closures() async throws {
        try await withFakes([.lying, .honest, .silent, .honest]) { _, client in
            // Each of ten chains submits the next command when it hears of the one before.
            let replies = await withTaskGroup(of: [Result<Receipt, ClientError>].self) { group in
                for chain in UInt8(0)..<10 {
                    group.addTask {
                        await withCheckedContinuation { continuation in
                            follow(chain, client, [], continuation)
                        }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(replies.count == 10)
            for chain in replies {
                let bodies = try chain.map { try $0.get().reply }
                #expect(bodies.map(\.first) == (0..<20).map { UInt8($0) })
                #expect(Set(bodies.map(\.last)).count == 1)
            }
            await client.stop()
            let late = await withCheckedContinuation { continuation in
                client.submit([1]) { continuation.resume(returning: $0) }
            }
            #expect(throws: ClientError.stopped) { try late.get() }
        }
    }

    private func follow(
        _ chain: UInt8,
        _ client: HotStuffClient,
        _ results: [Result<Receipt, ClientError>],
        _ continuation: CheckedContinuation<[Result<Receipt, ClientError>], Never>
    ) {
        guard results.count < 20 else { return continuation.resume(returning: results) }
        client.submit([chain, UInt8(results.count)]) { result in
            follow(chain, client, results + [result], continuation)
        }
    }

    @Test("a busy replica is asked again, and a babbling one is believed no less for what it says clearly")
    func busyAndBabbling() async throws {
        let scripts: [FakeReplica.Script] = [.busyOnce, .silent, .babbling, .silent]
        try await withFakes(scripts, resendInterval: .milliseconds(20)) { _, client in
            let receipts = [try await client.submit([1, 2]), try await client.submit([3, 4])]
            #expect(receipts.map(\.reply) == [[2, 1], [4, 3]])
            let statistics = client.statistics
            #expect(statistics.busyAnswers >= 2)
            #expect(statistics.resentCommands >= 1)
            #expect(statistics.undecodableMessages >= 4)
        }
    }

    @Test("a command that most replicas refuse fails")
    func refused() async throws {
        try await withFakes([.refusing, .refusing, .refusing, .silent]) { _, client in
            await #expect(throws: ClientError.tooLong) { try await client.submit([1]) }
        }
    }

    @Test("a replica that comes back gets the commands that are on their way")
    func reconnect() async throws {
        let scripts: [FakeReplica.Script] = [.honest, .honest, .silent, .silent]
        try await withFakes(scripts, resendInterval: .seconds(1_000)) { cluster, client in
            #expect(try await client.submit([1, 2]).reply == [2, 1])
            await cluster.close(1)
            try await eventually("the client notices") { !client.connectedReplicas.contains(ReplicaID(1)) }
            let count = cluster.replicas[0].commandCount
            async let receipt = client.submit([3, 4])
            try await eventually("the command has arrived") { cluster.replicas[0].commandCount > count }
            try await cluster.reopen(1)
            #expect(try await receipt.reply == [4, 3])
        }
    }

    @Test("replicas say how they are, and a silent one does not")
    func status() async throws {
        try await withFakes([.honest, .silent]) { _, client in
            let status = await client.status(of: ReplicaID(0), timeout: .seconds(60))
            #expect(status?.replica == ReplicaID(0))
            #expect(await client.status(of: ReplicaID(1), timeout: .milliseconds(20)) == nil)
            #expect(await client.status(of: ReplicaID(7), timeout: .zero) == nil)
        }
    }

    @Test("when nobody can be reached, the error says why for each replica")
    func unreachable() async throws {
        let cluster = try FakeCluster([.honest, .honest])
        try await cluster.start()
        let client = try cluster.makeClient { $0.requestTimeout = .milliseconds(300) }
        await cluster.stop()
        client.start()
        var reasons: [String?] = [nil]
        // Before the first attempt has failed there is no reason yet.
        for _ in 0..<100 where reasons.contains(nil) {
            do {
                _ = try await client.submit([1])
                Issue.record("nobody is there")
            } catch {
                guard case .noReplicaReachable(let replicas) = error else {
                    Issue.record(error)
                    return
                }
                #expect(replicas.map(\.replica) == [ReplicaID(0), ReplicaID(1)])
                reasons = replicas.map(\.reason)
            }
        }
        #expect(reasons.count == 2 && reasons.allSatisfy { $0?.isEmpty == false })
        await client.stop()
    }

    @Test("a cancelled caller waits no longer, before and after its command has left")
    func cancelled() async throws {
        try await withFakes([.silent]) { cluster, client in
            let unsent = Task { try await client.submit([1]) }
            unsent.cancel()
            await #expect(throws: ClientError.cancelled) { try await unsent.value }
            let sent = Task { try await client.submit([2]) }
            try await eventually("the command has left") { cluster.replicas[0].commandCount > 0 }
            sent.cancel()
            await #expect(throws: ClientError.cancelled) { try await sent.value }
            let inquiry = Task { await client.status(of: ReplicaID(0), timeout: .seconds(3_600)) }
            inquiry.cancel()
            #expect(await inquiry.value == nil)
        }
    }

    @Test("a stopped client ends the calls that wait and takes no more")
    func stopped() async throws {
        try await withFakes([.silent]) { cluster, client in
            let waiting = Task { try await client.submit([1]) }
            try await eventually("the command has left") { cluster.replicas[0].commandCount > 0 }
            await client.stop()
            await #expect(throws: ClientError.stopped) { try await waiting.value }
            await #expect(throws: ClientError.stopped) { try await client.submit([2]) }
            #expect(await client.status(of: ReplicaID(0), timeout: .seconds(60)) == nil)
        }
    }

    @Test("a client whose configuration has a fault is not made")
    func faults() throws {
        let cluster = try FakeCluster([.honest, .honest])
        #expect(throws: ClientConfigurationError.transport(.duplicatePeer(ReplicaID(0)))) {
            try cluster.makeClient { $0.transport.peers.append($0.transport.peers[0]) }
        }
        #expect(throws: ClientConfigurationError.self) { try cluster.makeClient { $0.maximumOutstanding = 0 } }
    }
}
