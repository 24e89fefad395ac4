import HotStuff
import HotStuffTransport
import NIOCore
import NIOPosix
import PostQuantum
import Testing

@Suite("Clients and strangers over TCP", .serialized)
struct ClientLoopbackTests {
    @Test("an anonymous client asks every replica and is answered")
    func requests() async throws {
        try await withCluster(2) { cluster in
            for index in 0..<2 {
                let transport = cluster[index]
                cluster.recorders[index].echo { client, message in
                    transport.send(message.bytes + [UInt8(index)], lane: message.lane, toClient: client)
                }
            }
            let recorder = Recorder()
            let client = try cluster.makeClient(recorder: recorder)
            #expect(!client.send([1], to: ReplicaID(0)))
            client.start()
            try await eventually("the client is connected") { client.connectedReplicas.count == 2 }
            for number in UInt8(0)..<100 {
                #expect(client.send([number], to: ReplicaID(0)))
                #expect(client.send([number], lane: .sync, to: ReplicaID(1)))
            }
            try await eventually("all answers are there") {
                let state = recorder.snapshot
                return state.messages(from: .replica(ReplicaID(0)), lane: .commands).count == 100
                    && state.messages(from: .replica(ReplicaID(1)), lane: .sync).count == 100
            }
            let state = recorder.snapshot
            #expect(state.messages(from: .replica(ReplicaID(0)), lane: .commands) == (0..<100).map { [$0, 0] })
            #expect(state.messages(from: .replica(ReplicaID(1)), lane: .sync) == (0..<100).map { [$0, 1] })
            let identity = try #require(cluster.recorders[0].snapshot.clients.first)
            await client.stop()
            try await eventually("the replica has noticed") {
                cluster.recorders[0].snapshot.events.contains(.clientDisconnected(identity, .closedByPeer))
            }
            #expect(!cluster[0].send([1], toClient: identity))
        }
    }

    @Test("what is sent in one turn leaves in the order of its lanes")
    func priority() async throws {
        try await withCluster(1) { cluster in
            let transport = cluster[0]
            cluster.recorders[0].echo { client, _ in
                transport.send([1], lane: .commands, toClient: client)
                transport.send([UInt8](repeating: 2, count: 1_000_000), lane: .sync, toClient: client)
                transport.send([3], lane: .consensus, toClient: client)
                transport.send([4], lane: .consensus, toClient: client)
            }
            let recorder = Recorder()
            let client = try cluster.makeClient(recorder: recorder)
            client.start()
            try await eventually("the client is connected") { client.connectedReplicas.count == 1 }
            #expect(client.send([0], to: ReplicaID(0)))
            try await eventually("all answers are there") { recorder.snapshot.order.count == 4 }
            #expect(recorder.snapshot.order == [.consensus, .consensus, .sync, .commands])
            await client.stop()
        }
    }

    @Test("who falls silent after the handshake is given up")
    func silence() async throws {
        let change: @Sendable (inout TransportConfiguration) -> Void = { configuration in
            configuration.keepaliveInterval = .milliseconds(20)
            configuration.toleratedSilentIntervals = 5
        }
        try await withCluster(1, change: change) { cluster in
            let recorder = Recorder()
            let client = try cluster.makeClient(recorder: recorder) { configuration in
                configuration.keepaliveInterval = .seconds(1_000)
            }
            client.start()
            try await eventually("the replica has given up twice") {
                let silent = cluster.recorders[0].snapshot.events.filter { event in
                    guard case .clientDisconnected(_, let reason) = event else { return false }
                    return reason == .silence
                }
                return silent.count >= 2
            }
            await client.stop()
        }
    }

    @Test("the lane of consensus is closed to clients")
    func consensusLane() async throws {
        try await withCluster(1) { cluster in
            let recorder = Recorder()
            let client = try cluster.makeClient(recorder: recorder)
            client.start()
            try await eventually("the client is connected") { client.connectedReplicas.count == 1 }
            #expect(!client.send([1], lane: .consensus, to: ReplicaID(0)))
            #expect(client.send([2], lane: .commands, to: ReplicaID(0)))
            try await eventually("the other message arrives") { !cluster.recorders[0].snapshot.clients.isEmpty }
            #expect(client.statistics.consensusDrops == 1)
            await client.stop()
        }
    }

    @Test("a client whose message exceeds the replica's limit is cut off")
    func oversizedMessage() async throws {
        let change: @Sendable (inout TransportConfiguration) -> Void = {
            $0.limits.maximumClientMessageByteCount = 100_000
        }
        try await withCluster(1, change: change) { cluster in
            let recorder = Recorder()
            let client = try cluster.makeClient(recorder: recorder) {
                $0.limits.maximumClientMessageByteCount = 1 << 20
            }
            client.start()
            try await eventually("the client is connected") { client.connectedReplicas.count == 1 }
            #expect(client.send([UInt8](repeating: 1, count: 100_000), to: ReplicaID(0)))
            #expect(client.send([UInt8](repeating: 2, count: 100_001), to: ReplicaID(0)))
            try await eventually("the replica has hung up") {
                cluster.recorders[0].snapshot.events.contains { event in
                    guard case .clientDisconnected(_, let reason) = event else { return false }
                    return reason == .messageTooLarge(.commands, maximum: 100_000)
                }
            }
            let state = cluster.recorders[0].snapshot
            let client0 = try #require(state.clients.first)
            #expect(state.messages(from: .client(client0), lane: .commands).map(\.count) == [100_000])
            await client.stop()
        }
    }

    @Test("no more clients are served than are allowed")
    func tooManyClients() async throws {
        let change: @Sendable (inout TransportConfiguration) -> Void = { $0.limits.maximumClientCount = 2 }
        try await withCluster(1, change: change) { cluster in
            var clients: [ClientTransport] = []
            let recorders = (0..<3).map { _ in Recorder() }
            for recorder in recorders.prefix(2) {
                let client = try cluster.makeClient(recorder: recorder)
                client.start()
                clients.append(client)
                try await eventually("a client is connected") { client.connectedReplicas.count == 1 }
            }
            let third = try cluster.makeClient(recorder: recorders[2])
            third.start()
            try await eventually("the third has been refused") { cluster[0].statistics.handshakesFailed >= 1 }
            #expect(third.connectedReplicas.isEmpty)
            await clients[0].stop()
            try await eventually("the third takes the free place") { third.connectedReplicas.count == 1 }
            await clients[1].stop()
            await third.stop()
        }
    }

    @Test("a client of another chain gets no connection")
    func otherChain() async throws {
        try await withCluster(1) { cluster in
            let recorder = Recorder()
            let client = try cluster.makeClient(recorder: recorder) { $0.chain = HandshakeFixture.otherChain }
            client.start()
            try await eventually("it has tried") { cluster[0].statistics.handshakesFailed >= 2 }
            #expect(recorder.snapshot.events.isEmpty)
            await client.stop()
        }
    }

    @Test("a peer of another chain, and one with a stolen identity, get no connection")
    func impostors() async throws {
        try await withCluster(2) { cluster in
            try await cluster.waitUntilConnected()
            let recorder = Recorder()
            let stranger = try HandshakeFixture.stranger()
            for usesOtherChain in [true, false] {
                var configuration = cluster.configuration
                configuration.listenAddress = ListenAddress(host: "127.0.0.1", port: 0)
                var signer = cluster.fixture.signers[0]
                if usesOtherChain {
                    configuration.chain = HandshakeFixture.otherChain
                } else {
                    signer = stranger
                    configuration.peers[0] = Peer(
                        id: ReplicaID(0),
                        host: "127.0.0.1",
                        port: 0,
                        verificationKey: stranger.verificationKey.bytes
                    )
                }
                let impostor = try ReplicaTransport(
                    configuration: configuration,
                    id: ReplicaID(0),
                    signer: signer,
                    group: LoopbackCluster.group,
                    logger: LoopbackCluster.quiet,
                    delegate: recorder
                )
                let before = cluster[1].statistics.handshakesFailed
                try await impostor.start()
                impostor.updateAddress(of: ReplicaID(1), host: "127.0.0.1", port: cluster[1].port ?? 0)
                try await eventually("it has tried") { cluster[1].statistics.handshakesFailed >= before + 2 }
                await impostor.stop()
            }
            #expect(recorder.snapshot.events.isEmpty)
            #expect(cluster.recorders[1].snapshot.events == [.connected(ReplicaID(0))])
        }
    }

    @Test("garbage on the port is refused and harms nobody")
    func garbage() async throws {
        try await withCluster(2) { cluster in
            try await cluster.waitUntilConnected()
            var generator = SplitMix(state: 11)
            for length in [1, 3, 100, 10_000, 100_000] {
                let channel = try await ClientBootstrap(group: LoopbackCluster.group)
                    .connect(host: "127.0.0.1", port: cluster[1].port ?? 0).get()
                let bytes = (0..<length).map { _ in UInt8.random(in: 5...200, using: &generator) }
                try? await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()
                try await channel.closeFuture.get()
            }
            #expect(cluster[1].statistics.handshakesFailed == 5)
            #expect(cluster[0].send([1], lane: .sync, to: ReplicaID(1)))
            try await eventually("the others go on") {
                cluster.recorders[1].snapshot.messages(from: .replica(ReplicaID(0)), lane: .sync) == [[1]]
            }
        }
    }

    @Test("who says nothing is hung up on, and gives its place back")
    func silentStranger() async throws {
        let change: @Sendable (inout TransportConfiguration) -> Void = { configuration in
            configuration.handshakeTimeout = .milliseconds(300)
            configuration.limits.maximumHandshakeCount = 2
        }
        try await withCluster(1, change: change) { cluster in
            for _ in 0..<6 {
                let channel = try await ClientBootstrap(group: LoopbackCluster.group)
                    .connect(host: "127.0.0.1", port: cluster[0].port ?? 0).get()
                try await channel.closeFuture.get()
            }
            #expect(cluster[0].statistics.handshakesFailed == 6)
        }
    }

    @Test("only so many handshakes go on at a time")
    func handshakeLimit() async throws {
        let change: @Sendable (inout TransportConfiguration) -> Void = { $0.limits.maximumHandshakeCount = 2 }
        try await withCluster(1, change: change) { cluster in
            // They are accepted on several threads, so any of the three may be the one that finds no place.
            var silent: [any Channel] = []
            for _ in 0..<3 {
                silent.append(
                    try await ClientBootstrap(group: LoopbackCluster.group)
                        .connect(host: "127.0.0.1", port: cluster[0].port ?? 0).get()
                )
            }
            try await eventually("one of three is hung up on") { silent.contains { !$0.isActive } }
            #expect(silent.count { $0.isActive } == 2)
            for channel in silent where channel.isActive {
                try await channel.close()
            }
            let recorder = Recorder()
            let client = try cluster.makeClient(recorder: recorder)
            client.start()
            try await eventually("a client takes a free place") { client.connectedReplicas.count == 1 }
            await client.stop()
        }
    }
}
