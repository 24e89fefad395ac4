import Foundation
import HotStuff
import HotStuffReplica
import HotStuffStorage
import HotStuffTransport
import PostQuantum
import Testing

/// A key that makes handshakes, but fails at statements.
struct FailingSigner: Signer {
    let base: any Signer
    let takesOnlyProcessor: Bool

    var verificationKey: VerificationKey { base.verificationKey }

    func sign(_ message: [UInt8], context: [UInt8]) throws(SigningError) -> [UInt8] {
        if context == Array("swift-hotstuff statement".utf8) { throw .failed }
        return try base.sign(message, context: context)
    }
}

@Suite("a replica over sockets and a disk", .serialized)
struct ReplicaTests {
    /// A value that fills files soon.
    private static let long = [UInt8](repeating: 1, count: 3_000)

    @Test("four replicas open a session, execute commands, lose one, get it back, and hold one chain")
    func cluster() async throws {
        let cluster = try LoopbackCluster()
        for index in 0..<4 { try await cluster.start(index) }
        let customer = try Customer(in: cluster)
        let session = try await customer.open()
        for sequence in 1...40 {
            if sequence == 15 { await cluster.stop(2) }
            if sequence == 30 { try await cluster.start(2) }
            try await customer.put(sequence, in: session, count: (15...30).contains(sequence) ? 3 : 4)
        }
        await customer.stop()
        for index in 0..<4 { await cluster.stop(index) }
        let chains = try (0..<4).map { try cluster.chain(of: $0).map(\.header) }
        let longest = try #require(chains.max { $0.count < $1.count })
        for chain in chains {
            #expect(chain.count + 3 >= longest.count)
            #expect(chain == Array(longest.prefix(chain.count)))
        }
    }

    @Test("four replicas of a two-chain commit, lose one, stop and start again together, and hold one chain")
    func twoChain() async throws {
        let cluster = try LoopbackCluster(parameters: ChainParameters(commitRule: .twoChain))
        for index in 0..<4 { try await cluster.start(index) }
        let customer = try Customer(in: cluster)
        let session = try await customer.open()
        for sequence in 1...5 { try await customer.put(sequence, in: session, count: 4) }
        await cluster.stop(1)
        for sequence in 6...10 { try await customer.put(sequence, in: session, count: 3) }
        for index in [0, 2, 3] { await cluster.stop(index) }
        for index in 0..<4 { try await cluster.start(index) }
        for sequence in 11...15 { try await customer.put(sequence, in: session, count: 4) }
        await customer.stop()
        for index in 0..<4 { await cluster.stop(index) }
        let chains = try (0..<4).map { try cluster.chain(of: $0).map(\.header) }
        let longest = try #require(chains.max { $0.count < $1.count })
        for chain in chains {
            #expect(chain.count + 3 >= longest.count)
            #expect(chain == Array(longest.prefix(chain.count)))
        }
    }

    @Test(
        "a replica whose segments are full begins others, removes them, and starts again from a snapshot and what is left"
    )
    func segments() async throws {
        let cluster = try LoopbackCluster(count: 1, parameters: ChainParameters(snapshotInterval: 10))
        let customer = try Customer(in: cluster)
        for round in 0..<3 {
            try await cluster.start(0, segmentBytes: 40_000)
            // It is the session of the first round: who asks again is told the same.
            let session = try await customer.open(count: 1)
            for number in 1...12 {
                try await customer.put(round * 12 + number, Self.long, in: session, count: 1)
            }
            await cluster.stop(0)
        }
        await customer.stop()
        let names = try FileManager.default.contentsOfDirectory(atPath: cluster.dataDirectory(0))
        #expect(!names.contains("journal-0000000001"))
        #expect(names.contains { $0.hasPrefix("journal-") })
        #expect(names.filter { $0.hasPrefix("snapshot-") && !$0.contains(".") }.count == 2)
        #expect(names.filter { $0.hasPrefix("blocks-") }.count > 1)
        let chain = try cluster.chain(of: 0)
        #expect(chain.map(\.height) == chain.indices.map { Height(UInt64($0 + 1)) })
        // A command whose answer a stop cut off may stand in a second block, and is executed in the first only.
        #expect(Set(chain.flatMap(\.payload.commands)).count == 37)
    }

    @Test("a replica whose key makes no signature stops, and says so", arguments: [false, true])
    func failingSigner(onLoop: Bool) async throws {
        let cluster = try LoopbackCluster(count: 1)
        try await cluster.start(0, signer: FailingSigner(base: cluster.signer(0), takesOnlyProcessor: onLoop))
        let customer = try Customer(in: cluster)
        let asking = Task {
            while !Task.isCancelled {
                customer.transport.send(Frame.encode(ClientRequest.submit([.openSession(nonce: 7)])), to: ReplicaID(0))
                try await Task.sleep(for: .milliseconds(20))
            }
        }
        #expect(await cluster.waitUntilStopped(0) == .signerFailed("the message could not be signed"))
        asking.cancel()
        await customer.stop()
        await cluster.stop(0)
    }

    @Test("a number of threads that cannot be is refused", arguments: [-1, 1_024, .max])
    func impossibleThreads(count: Int) async throws {
        let cluster = try LoopbackCluster(count: 1)
        let error = await #expect(throws: ReplicaError.self) {
            try await cluster.start(0, verificationThreads: count)
        }
        #expect(error?.kind == .configuration)
    }

    @Test(
        "a replica that crashed twice on one command names it and does not start, until the command is skipped, for good"
    )
    func poison() async throws {
        let cluster = try LoopbackCluster(count: 1)
        let session = SessionID(height: Height(1), position: 0)
        let command = Command(
            key: CommandKey(session: session, sequence: 1),
            body: KeyValueCommand.put(key: [1], value: [2]).encoded
        )
        try await cluster.start(0)
        await cluster.stop(0)
        // A process that crashed leaves the mark; the store never crashes, so it is put there.
        let witnessed = WitnessedCommand(key: command.key, digest: command.digest, index: 0)
        let disk = try RealDisk(path: cluster.dataDirectory(0), createIfMissing: false)
        for _ in 0..<2 {
            try ExecutionRecorder(on: disk).willExecute(witnessed, at: Height(2))
        }
        let error = await #expect(throws: ReplicaError.self) { try await cluster.start(0) }
        #expect(error?.kind == .poisoned)
        let line = "\(try #require(error))"
        #expect(line.contains("command 1.0/1 ") && line.contains("height 2") && line.contains("\(command.digest)"))

        try await cluster.start(0, skipping: [command.key])
        let customer = try Customer(in: cluster)
        #expect(try await customer.open(count: 1) == session)
        let skipped = try await customer.settle(command, count: 1)
        #expect(skipped.outcome == .executed([]))

        // The next start replays the chain without being told again.
        await cluster.stop(0)
        try await cluster.start(0)
        let get = Command(
            key: CommandKey(session: session, sequence: 2),
            body: KeyValueCommand.get(key: [1]).encoded
        )
        let result = try await customer.settle(get, count: 1)
        #expect(result.outcome == .executed(KeyValueReply.absent.encoded))
        await customer.stop()
        await cluster.stop(0)
    }

    @Test(
        "a newcomer whose peers have pruned their blocks takes their state, then the blocks, and takes part; a restart keeps that"
    )
    func newcomer() async throws {
        let cluster = try LoopbackCluster(
            viewTimeoutMilliseconds: 400,
            parameters: ChainParameters(snapshotInterval: 10)
        )
        func start(_ index: Int) async throws {
            try await cluster.start(index, segmentBytes: 40_000, retention: .sinceSnapshot)
        }
        for index in 0..<4 { try await start(index) }
        let customer = try Customer(in: cluster)
        let session = try await customer.open()
        await cluster.stop(3)
        try FileManager.default.removeItem(atPath: cluster.dataDirectory(3))
        for number in 1...16 { try await customer.put(number, Self.long, in: session, count: 3) }
        let first = cluster.firstBlocks(of: 0)
        #expect(first.min().map { $0 > 1 } == true, "the others have pruned: \(first)")
        try await start(3)
        try await customer.put(17, Self.long, in: session, count: 4)
        let taken = cluster.firstBlocks(of: 3)
        #expect(taken.min().map { $0 > 1 } == true, "it has no block from before: \(taken)")
        if let files = cluster.openFiles(of: 3) {
            #expect(files.filter { $0 == "lock" }.count == 1, "nothing is left of what it was before: \(files)")
        }
        await cluster.stop(3)
        try await start(3)
        try await customer.put(18, Self.long, in: session, count: 4)
        await customer.stop()
        for index in 0..<4 { await cluster.stop(index) }
        let heads = try (0..<4).map { try #require(cluster.chain(of: $0).last) }
        #expect(heads.allSatisfy { $0.height > Height(30) })
    }
}
