import HotStuff
import HotStuffTransport
import PostQuantum
import Testing

@Suite("Replicas over TCP", .serialized)
struct LoopbackTests {
    private func number(_ value: Int) -> [UInt8] {
        withUnsafeBytes(of: UInt32(value).littleEndian) { Array($0) }
    }

    @Test("four replicas exchange thousands of messages and long ones, each lane in its order")
    func broadcast() async throws {
        try await withCluster(4) { cluster in
            try await cluster.waitUntilConnected()
            let small = (0..<10_000).map(number)
            let few = (0..<500).map(number)
            let long = (0..<5_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            await withTaskGroup { group in
                group.addTask {
                    for message in small { cluster[0].broadcast(message, lane: .consensus) }
                }
                group.addTask { cluster[0].broadcast(long, lane: .sync) }
                for index in 1..<4 {
                    group.addTask {
                        for message in few { cluster[index].broadcast(message, lane: .commands) }
                        for message in few { cluster[index].broadcast(message, lane: .consensus) }
                    }
                }
            }
            for receiver in 0..<4 {
                for sender in 0..<4 where sender != receiver {
                    let expected = sender == 0 ? small : few
                    let from = Sender.replica(ReplicaID(UInt16(sender)))
                    let other = sender == 0 ? Lane.sync : .commands
                    try await eventually("replica \(receiver) has all of replica \(sender)") {
                        let recorder = cluster.recorders[receiver]
                        return recorder.count(from: from, lane: .consensus) >= expected.count
                            && recorder.count(from: from, lane: other) >= (sender == 0 ? 1 : few.count)
                    }
                    let state = cluster.recorders[receiver].snapshot
                    #expect(state.messages(from: from, lane: .consensus) == expected)
                    #expect(state.messages(from: from, lane: other) == (sender == 0 ? [long] : few))
                }
            }
            let statistics = cluster[0].statistics
            #expect(statistics.consensusDrops + statistics.syncDrops + statistics.commandDrops == 0)
            #expect(statistics.framesSent >= 3 * (10_000 + 77))
            #expect(statistics.bytesSent > 15_000_000)
            #expect(statistics.connectionsEstablished == 3)
        }
    }

    @Test("the delegate hears of every connection once, before its messages")
    func events() async throws {
        try await withCluster(3) { cluster in
            try await cluster.waitUntilConnected()
            for index in 0..<3 {
                let events = cluster.recorders[index].snapshot.events
                let others = (0..<3).filter { $0 != index }.map { TransportEvent.connected(ReplicaID(UInt16($0))) }
                #expect(events.count == 2)
                #expect(others.allSatisfy { events.contains($0) })
            }
            await cluster[2].stop()
            try await eventually("replica 0 has noticed") {
                cluster.recorders[0].snapshot.events.contains(.disconnected(ReplicaID(2), .closedByPeer))
            }
            let own = cluster.recorders[2].snapshot.events
            #expect(own.contains(.disconnected(ReplicaID(0), .stopped)))
            #expect(cluster[2].connectedPeers.isEmpty)
        }
    }

    @Test("messages of consensus wait for a connection, others do not")
    func beforeTheConnection() async throws {
        let cluster = try LoopbackCluster(count: 2)
        #expect(cluster[0].send([1], lane: .consensus, to: ReplicaID(1)))
        #expect(cluster[1].send([2], lane: .consensus, to: ReplicaID(0)))
        #expect(!cluster[0].send([3], lane: .sync, to: ReplicaID(1)))
        #expect(!cluster[0].send([4], lane: .commands, to: ReplicaID(1)))
        #expect(!cluster[0].send([5], lane: .consensus, to: ReplicaID(0)))
        #expect(!cluster[0].send([6], lane: .consensus, to: ReplicaID(9)))
        try await cluster.start()
        for (receiver, sender, bytes) in [(1, 0, 1), (0, 1, 2)] as [(Int, UInt16, UInt8)] {
            try await eventually("replica \(receiver) has the message") {
                let state = cluster.recorders[receiver].snapshot
                return state.messages(from: .replica(ReplicaID(sender)), lane: .consensus) == [[bytes]]
            }
        }
        #expect(cluster[0].statistics.syncDrops == 1)
        #expect(cluster[0].statistics.commandDrops == 1)
        await cluster.stop()
    }

    @Test("a replica that restarts is found again, from both sides", arguments: [0, 1])
    func restart(index: Int) async throws {
        try await withCluster(2) { cluster in
            try await cluster.waitUntilConnected()
            let other = 1 - index
            let id = ReplicaID(UInt16(index))
            await cluster[index].stop()
            try await eventually("the connection is seen to end") {
                cluster[other].connectedPeers.isEmpty
            }
            #expect(cluster[other].send([8], lane: .consensus, to: id))
            let recorder = Recorder()
            let restarted = try cluster.makeTransport(index, recorder: recorder)
            cluster.replace(index, by: restarted)
            try await restarted.start()
            cluster.publishAddress(of: 0)
            cluster.publishAddress(of: 1)
            try await cluster.waitUntilConnected()
            #expect(restarted.send([9], lane: .sync, to: ReplicaID(UInt16(other))))
            try await eventually("both messages arrive") {
                recorder.snapshot.messages(from: .replica(ReplicaID(UInt16(other))), lane: .consensus) == [[8]]
                    && cluster.recorders[other].snapshot.messages(from: .replica(id), lane: .sync) == [[9]]
            }
            #expect(cluster.recorders[other].snapshot.isConnected(id))
        }
    }

    @Test("a newer connection of the same replica replaces the older one")
    func replacement() async throws {
        try await withCluster(2) { cluster in
            try await cluster.waitUntilConnected()
            let recorder = Recorder()
            let twin = try cluster.makeTransport(0, recorder: recorder)
            try await twin.start()
            twin.updateAddress(of: ReplicaID(1), host: "127.0.0.1", port: cluster[1].port ?? 0)
            try await eventually("the twin has taken over") {
                cluster.recorders[1].snapshot.events.contains(.disconnected(ReplicaID(0), .replaced))
            }
            await cluster[0].stop()
            try await eventually("the twin is connected") {
                twin.connectedPeers == [ReplicaID(1)] && cluster[1].connectedPeers == [ReplicaID(0)]
            }
            try await eventually("the twin is heard") {
                twin.send([1], lane: .sync, to: ReplicaID(1))
                return !cluster.recorders[1].snapshot.messages(from: .replica(ReplicaID(0)), lane: .sync).isEmpty
            }
            await twin.stop()
        }
    }

    @Test("connections without traffic stay, because both sides show that they live")
    func keepalive() async throws {
        let change: @Sendable (inout TransportConfiguration) -> Void = { configuration in
            configuration.keepaliveInterval = .milliseconds(20)
            configuration.toleratedSilentIntervals = 500
        }
        try await withCluster(2, change: change) { cluster in
            try await cluster.waitUntilConnected()
            let before = cluster[0].statistics
            try await eventually("signs of life have come") {
                cluster[0].statistics.framesReceived >= before.framesReceived + 5
                    && cluster[1].statistics.framesReceived >= 5
            }
            #expect(cluster.recorders[0].snapshot.events == [.connected(ReplicaID(1))])
        }
    }

    @Test("a port in use is an error that names it")
    func portInUse() async throws {
        try await withCluster(2) { cluster in
            let port = try #require(cluster[0].port)
            let recorder = Recorder()
            let second = try cluster.makeTransport(1, port: port, recorder: recorder)
            let expected = TransportError.addressInUse(ListenAddress(host: "127.0.0.1", port: port))
            await #expect(throws: expected) { try await second.start() }
            #expect("\(expected)" == "port \(port) on 127.0.0.1 is in use by another program")
            await #expect(throws: TransportError.alreadyStarted) { try await cluster[0].start() }
            await second.stop()
        }
    }

    @Test("a configuration that cannot work is refused")
    func configuration() throws {
        let cluster = try LoopbackCluster(count: 2)
        let recorder = Recorder()
        func make(
            id: UInt16 = 0,
            signer: Int = 0,
            _ change: (inout TransportConfiguration) -> Void
        ) throws -> ReplicaTransport {
            var configuration = cluster.configuration
            change(&configuration)
            return try ReplicaTransport(
                configuration: configuration,
                id: ReplicaID(id),
                signer: cluster.fixture.signers[signer],
                group: LoopbackCluster.group,
                logger: LoopbackCluster.quiet,
                delegate: recorder
            )
        }
        #expect(throws: TransportError.duplicatePeer(ReplicaID(0))) { try make { $0.peers.append($0.peers[0]) } }
        #expect(throws: TransportError.ownPeerMissing(ReplicaID(7))) { try make(id: 7) { _ in } }
        #expect(throws: TransportError.signerMismatch(ReplicaID(0))) { try make(signer: 1) { _ in } }
        #expect(throws: TransportError.invalidKey(ReplicaID(5), .wrongLength(3, expected: 1_952))) {
            try make { $0.peers.append(Peer(id: ReplicaID(5), host: "", port: 0, verificationKey: [1, 2, 3])) }
        }
    }
}
