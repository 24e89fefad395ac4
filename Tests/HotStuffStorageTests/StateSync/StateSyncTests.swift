import HotStuff
import HotStuffSimulator
import Testing

@testable import HotStuffStorage

@Suite("A newcomer takes the state of others")
struct StateSyncTests {
    private let fixture: StateSyncFixture

    init() throws { fixture = try StateSyncFixture() }

    private typealias Server = StateSyncFixture.Server

    /// Three replicas that have the snapshot of height 30 and the blocks from there on.
    private func servers() throws -> [Int: Server] {
        var servers: [Int: Server] = [:]
        for index in [0, 2, 3] { servers[index] = try fixture.server(snapshots: [20, 30], blocksFrom: 30) }
        return servers
    }

    private func run(
        _ taker: Taker,
        _ servers: [Int: Server],
        seconds: UInt64 = 120,
        until isDone: () -> Bool = { false },
        bending bend: (SnapshotRequest, Int, SnapshotAnswer) throws -> SnapshotAnswer? = { $2 }
    ) throws {
        try taker.run(
            seconds: seconds,
            until: isDone,
            snapshots: { request, peer in
                guard let server = servers[peer.index] else { return nil }
                return try bend(request, peer.index, try server.answer(request))
            },
            ranges: { request, peer in try servers[peer.index]?.answer(request) }
        )
    }

    /// Whether a start from the disk goes on from the state behind height 30, and then gets the blocks above.
    private func expectTakenOver(_ disk: SimulatedDisk, _ servers: [Int: Server]) throws {
        for round in 0..<2 {
            let next = try Taker(fixture, on: disk)
            let state = try #require(next.recovered, "round \(round)")
            #expect(state.committed.id == fixture.chain.blocks[29].id)
            #expect(next.executed == fixture.execution(through: 30).executed)
            #expect(state.executed.first == next.executed)
            #expect(next.notices.count == (round == 0 ? 1 : 0), "\(next.notices)")
            #expect(next.core.committed.height == Height(30))
            disk.losePower(seed: UInt64(round))
        }
        let report = try fixture.chain.audit(disk)
        #expect(report.fault == nil)
        #expect(report.heights?.lowerBound == Height(30))
        let last = try Taker(fixture, on: disk)
        try run(last, servers, until: { last.core.committed.height >= Height(38) })
        #expect(last.core.committed.id == fixture.chain.blocks[37].id)
        #expect(last.begun.isEmpty)
    }

    @Test("a newcomer whose peers have pruned their blocks gets the state, goes on from it, and gets the blocks above")
    func newcomer() throws {
        let servers = try servers()
        let disk = SimulatedDisk()
        let taker = try Taker(fixture, on: disk)
        try run(taker, servers)
        #expect(taker.adopted?.height == Height(30))
        #expect(taker.refusals.isEmpty && taker.excess.isEmpty)
        #expect(taker.keptChunks == taker.askedChunks && taker.keptChunks > 1, "\(taker.keptChunks)")
        let shares = [0, 2, 3].map { taker.asked($0) }
        #expect(shares.allSatisfy { $0 > 0 })
        disk.killProcess()
        try expectTakenOver(disk, servers)
    }

    @Test("where blocks are to be had, nobody asks for a snapshot")
    func blocksFirst() throws {
        var servers: [Int: Server] = [:]
        for index in [0, 2, 3] { servers[index] = try fixture.server(snapshots: [20, 30], blocksFrom: 1) }
        // One says that it has no block, again and again: the others have.
        let taker = try Taker(fixture, on: SimulatedDisk())
        try taker.run(
            seconds: 20,
            until: { taker.core.committed.height >= Height(38) },
            snapshots: { request, peer in try servers[peer.index]?.answer(request) },
            ranges: { request, peer in
                peer.index == 2 ? BlockRange(nothingAbove: request.above) : try servers[peer.index]?.answer(request)
            }
        )
        #expect(taker.core.committed.height == Height(38))
        #expect(taker.asked.isEmpty)
    }

    @Test("a download that was interrupted goes on after a restart with what was there", arguments: [1, 2])
    func interrupted(after count: Int) throws {
        let servers = try servers()
        let disk = SimulatedDisk()
        let first = try Taker(fixture, on: disk)
        let isEnough = { first.keptChunks >= count }
        try run(
            first,
            servers,
            until: isEnough,
            bending: { request, _, answer in
                // The rest never comes, so that it stops in the middle.
                if case .chunk(_, let index) = request, Int(index) >= count { return nil }
                return answer
            }
        )
        #expect(first.keptChunks == count && first.adopted == nil)
        disk.killProcess()
        let second = try Taker(fixture, on: disk)
        #expect(second.core.committed.height == .genesis)
        try run(second, servers)
        #expect(second.adopted?.height == Height(30))
        let total = Int(SnapshotChunks.count(of: try servers[0]?.store.open(Height(30)).manifest.byteCount ?? 0))
        #expect(second.keptChunks == total - count)
        disk.killProcess()
        try expectTakenOver(disk, servers)
    }

    /// What a liar does.
    enum Lie: CaseIterable, Sendable {
        case wrongChunk, shortChunk, otherChunk, silence, nothing, emptyPromise, falseBlock, falseHeight,
            forgedFinality,
            otherProof, wrongDigests, wrongFoundation
    }

    @Test(
        "one of three lies in every way: the others are enough, and who lied is asked no more",
        arguments: Lie.allCases
    )
    func liar(lie: Lie) throws {
        let servers = try servers()
        let disk = SimulatedDisk()
        let taker = try Taker(fixture, on: disk)
        let lies = { (request: SnapshotRequest, peer: Int, answer: SnapshotAnswer) throws -> SnapshotAnswer? in
            peer == 0 ? try bend(lie, request, answer) : answer
        }
        try run(taker, servers, bending: lies)
        #expect(taker.adopted?.height == Height(30), "\(lie)")
        #expect(taker.adopted?.root == fixture.execution(through: 30).snapshotRoot())
        #expect(taker.excess.isEmpty)
        switch lie {
        case .falseHeight, .forgedFinality, .otherProof, .wrongFoundation:
            #expect(taker.refusals.count <= 1, "\(taker.refusals)")
        case .wrongChunk, .shortChunk, .otherChunk, .silence, .nothing, .emptyPromise, .falseBlock, .wrongDigests:
            #expect(taker.refusals.isEmpty)
        }
        disk.killProcess()
        try expectTakenOver(disk, servers)
    }

    private func bend(_ lie: Lie, _ request: SnapshotRequest, _ answer: SnapshotAnswer) throws -> SnapshotAnswer? {
        switch (lie, answer) {
        case (.silence, _): return nil
        case (.nothing, _): return .nothing(request)
        case (.emptyPromise, .offer): return answer
        case (.emptyPromise, _): return .nothing(request)
        case (.wrongChunk, .chunk(let chunk)):
            var bytes = chunk.bytes
            bytes[bytes.count / 2] ^= 1
            return .chunk(SnapshotChunk(name: chunk.name, index: chunk.index, bytes: bytes))
        case (.shortChunk, .chunk(let chunk)):
            return .chunk(SnapshotChunk(name: chunk.name, index: chunk.index, bytes: Array(chunk.bytes.dropLast())))
        case (.otherChunk, .chunk(let chunk)):
            return .chunk(SnapshotChunk(name: chunk.name, index: chunk.index, bytes: [1, 2, 3]))
        case (.falseBlock, .offer(let offer)):
            // Height and root are certified; the block is not.
            let other = fixture.chain.blocks[29].header
            let manifest = SnapshotManifest(
                of: other.changed(view: View(1_000)),
                point: offer.manifest.point,
                byteCount: offer.manifest.byteCount
            )
            return .offer(SnapshotOffer(manifest: manifest, certificate: offer.certificate))
        case (.falseHeight, .offer(let offer)):
            let point = SnapshotPoint(
                height: Height(40),
                before: offer.manifest.point.before,
                root: offer.manifest.point.root
            )
            let manifest = SnapshotManifest(
                of: fixture.chain.blocks[39].header,
                point: point,
                byteCount: offer.manifest.byteCount
            )
            let proof = StateProof(point: point, steps: offer.certificate.proof.steps)
            let certificate = SnapshotCertificate(
                proof: proof,
                header: offer.certificate.header,
                finality: offer.certificate.finality
            )
            return .offer(SnapshotOffer(manifest: manifest, certificate: certificate))
        case (.forgedFinality, .offer(let offer)):
            let forged = QuorumCertificate(
                statement: offer.certificate.finality.statement,
                signatures: fixture.chain.certificates[5].signatures
            )
            let certificate = SnapshotCertificate(
                proof: offer.certificate.proof,
                header: offer.certificate.header,
                finality: forged
            )
            return .offer(SnapshotOffer(manifest: offer.manifest, certificate: certificate))
        case (.otherProof, .offer(let offer)):
            let proof = StateProof(
                point: offer.certificate.point,
                steps: Array(offer.certificate.proof.steps.dropLast())
            )
            let certificate = SnapshotCertificate(
                proof: proof,
                header: offer.certificate.header,
                finality: offer.certificate.finality
            )
            return .offer(SnapshotOffer(manifest: offer.manifest, certificate: certificate))
        case (.wrongDigests, .outline(let outline)):
            return .outline(
                SnapshotOutline(
                    name: outline.name,
                    digests: outline.digests.reversed(),
                    foundation: outline.foundation
                )
            )
        case (.wrongFoundation, .outline(let outline)):
            let blocks = Array(fixture.chain.blocks[28..<30])
            let range = BlockRange(above: Height(28), blocks: blocks, certificate: fixture.chain.certificates[31])
            return .outline(SnapshotOutline(name: outline.name, digests: outline.digests, foundation: range))
        default: return answer
        }
    }

    @Test("peers that remove the snapshot meanwhile, and have a newer one, give that")
    func removedMeanwhile() throws {
        var servers: [Int: Server] = [:]
        for index in [0, 2, 3] { servers[index] = try fixture.server(snapshots: [10, 20], blocksFrom: 20) }
        let newer = try [0, 2, 3].map { (index: $0, server: try fixture.server(snapshots: [20, 30], blocksFrom: 30)) }
        let disk = SimulatedDisk()
        let taker = try Taker(fixture, on: disk)
        var isGone = false
        try run(
            taker,
            servers,
            until: { isGone },
            bending: { request, _, answer in
                guard case .chunk(_, let index) = request, index > 0 else { return answer }
                isGone = true
                return nil
            }
        )
        #expect(taker.begun.map(\.height) == [Height(20)])
        for (index, server) in newer {
            try server.remove(20)
            servers[index] = server
        }
        try run(taker, servers, seconds: 600)
        #expect(taker.begun.map(\.height) == [Height(20), Height(30)])
        #expect(taker.adopted?.height == Height(30))
        // What was begun of the other is gone.
        #expect(!disk.snapshotNames.contains { $0.hasSuffix(".assembling") })
        disk.killProcess()
        try expectTakenOver(disk, servers)
    }

    @Test("a liar that alone has a newer snapshot, and never gives it, does not keep a newcomer from the older one")
    func carrot() throws {
        var servers = try servers()
        for index in [2, 3] { servers[index] = try fixture.server(snapshots: [10, 20], blocksFrom: 20) }
        let disk = SimulatedDisk()
        let taker = try Taker(fixture, on: disk)
        let onlyOffers = { (request: SnapshotRequest, peer: Int, answer: SnapshotAnswer) -> SnapshotAnswer? in
            guard peer == 0, case .offer = request else { return peer == 0 ? nil : answer }
            return answer
        }
        try run(taker, servers, seconds: 600, bending: onlyOffers)
        #expect(taker.adopted?.height == Height(20))
    }

    @Test(
        "who alone offers a snapshot and then is gone keeps nobody from those that others have later",
        arguments: [0, 1, 2]
    )
    func gone(after count: Int) throws {
        // They have neither the snapshot nor the blocks below it.
        var servers: [Int: Server] = [0: try fixture.server(snapshots: [20, 30], blocksFrom: 30)]
        for index in [2, 3] { servers[index] = try fixture.server(snapshots: [], blocksFrom: 30) }
        let disk = SimulatedDisk()
        let taker = try Taker(fixture, on: disk)
        var asked = 0
        try run(
            taker,
            servers,
            until: { asked > count },
            bending: { request, peer, answer in
                if case .offer = request { return answer }
                guard peer == 0 else { return answer }
                asked += 1
                return asked > count ? nil : answer
            }
        )
        #expect(asked > count && taker.adopted == nil)
        servers[0] = nil
        taker.lose(ReplicaID(0))
        try run(taker, servers, seconds: 20)
        #expect(taker.adopted == nil)
        for index in [2, 3] { servers[index] = try fixture.server(snapshots: [20, 30], blocksFrom: 30) }
        try run(taker, servers, seconds: 600)
        #expect(taker.adopted?.height == Height(30))
        disk.killProcess()
        try expectTakenOver(disk, servers)
    }

    @Test("a silent peer does not hold up the choice of a snapshot that enough others offer")
    func silentPeer() throws {
        var servers = try servers()
        servers[3] = nil
        let taker = try Taker(fixture, on: SimulatedDisk())
        try run(taker, servers, until: { !taker.asked.isEmpty })
        let begin = taker.time
        try run(taker, servers, until: { !taker.begun.isEmpty })
        #expect(taker.begun.map(\.height) == [Height(30)])
        #expect(taker.time - begin <= 150_000, "\(taker.time - begin) us from the first question to the choice")
    }

    @Test("a replica that nobody is connected to asks at once when somebody is")
    func alone() throws {
        let servers = try servers()
        let taker = try Taker(fixture, on: SimulatedDisk())
        try run(taker, [:], seconds: 20)
        for peer in [0, 2, 3] { taker.lose(ReplicaID(UInt16(peer))) }
        try run(taker, servers, seconds: 3_600)
        let before = taker.asked.count
        taker.meet(ReplicaID(2))
        try run(taker, servers, seconds: 60)
        #expect(taker.adopted?.height == Height(30), "\(taker.asked.count - before) questions")
    }

    @Test("what was signed before is known afterwards, the lock too, and what is forgotten stays forgotten")
    func safetyIsCarriedOver() throws {
        let servers = try servers()
        let disk = SimulatedDisk()
        var record = SafetyRecord(epoch: fixture.chain.committee.epoch, genesis: .genesis)
        record.lastVotedView = View(5)
        record.lastVote = fixture.chain.certificates[4].statement
        record.lockedView = View(4)
        record.forget(.through(View(2_000)))
        var journal = try Journal.open(
            on: disk,
            identity: fixture.chain.identity,
            configuration: JournalConfiguration(durability: .powerLoss, preallocates: false)
        ) { _, _ in }
        var records = fixture.chain.blocks[..<5].map { JournalRecord.block($0) }
        records += fixture.chain.blocks[..<2].map { .commit(height: $0.height, block: $0.id) }
        _ = try journal.append((records + [.safety(record)]).map { JournalEntry($0) })
        disk.killProcess()
        let taker = try Taker(fixture, on: disk)
        #expect(taker.recovered?.record == record)
        #expect(taker.core.committed.height == Height(2))
        try run(taker, servers)
        #expect(taker.adopted?.height == Height(30))
        disk.losePower(seed: 1)
        let next = try Taker(fixture, on: disk)
        #expect(next.recovered?.record == record)
        #expect(next.recovered?.committed.height == Height(30))
        #expect(next.core.safetyRecord.forgottenThrough == record.forgottenThrough)
        #expect(next.core.certificates.quorum.view >= View(32))
        let report = try fixture.chain.audit(disk)
        #expect(report.fault == nil, "\(String(describing: report.fault))")
    }

    @Test(
        "a start that loses its power anywhere while it takes over finds the same again",
        arguments: Array(stride(from: 0, to: 40, by: 3))
    )
    func interruptedTakeover(step: Int) throws {
        let servers = try servers()
        let disk = SimulatedDisk()
        // An archive from before, in several files.
        var archive = try BlockArchive.open(
            on: disk,
            chain: fixture.chain.committee.chain,
            configuration: ArchiveConfiguration(fileByteCount: 100_000),
            salt: JournalSalt(Digest.hash(of: [7]))
        )
        var journal = try Journal.open(
            on: disk,
            identity: fixture.chain.identity,
            configuration: JournalConfiguration(durability: .powerLoss, preallocates: false)
        ) { _, _ in }
        for block in fixture.chain.blocks[..<6] {
            try archive.append([block], finality: fixture.chain.certificates[Int(block.height.rawValue) + 1])
            let records: [JournalRecord] = [.block(block), .commit(height: block.height, block: block.id)]
            _ = try journal.append(records.map { JournalEntry($0) })
        }
        try archive.sync()
        disk.killProcess()
        let taker = try Taker(fixture, on: disk)
        #expect(taker.core.committed.height == Height(6))
        try run(taker, servers)
        #expect(taker.adopted?.height == Height(30))
        disk.losePower(seed: UInt64(step))
        // The start fails at some write, sync, rename or removal, and the power fails with it.
        let operations: [DiskError.Operation] = [.write, .sync, .rename, .remove, .syncDirectory]
        disk.inject(.init(operation: operations[step % operations.count], code: 5, after: step / operations.count))
        _ = try? Taker(fixture, on: disk)
        disk.clearFaults()
        disk.losePower(seed: UInt64(step))
        let next = try Taker(fixture, on: disk)
        #expect(next.recovered?.committed.height == Height(30), "step \(step)")
        #expect(next.executed == fixture.execution(through: 30).executed, "step \(step)")
        let report = try fixture.chain.audit(disk)
        #expect(report.fault == nil, "step \(step): \(String(describing: report.fault))")
    }
}

extension BlockHeader {
    /// The same but for its view.
    fileprivate func changed(view: View) -> BlockHeader {
        BlockHeader(
            chain: chain,
            epoch: epoch,
            view: view,
            height: height,
            parent: parent,
            justifyView: justifyView,
            proposer: proposer,
            payloadDigest: payloadDigest,
            executed: executed,
            time: time
        )
    }
}
