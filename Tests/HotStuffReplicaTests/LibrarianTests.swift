import Foundation
import HotStuff
import HotStuffTransport
import Logging
import NIOPosix
import PostQuantum
import Synchronization
import Testing

@testable import HotStuffReplica
@testable import HotStuffStorage

/// What the thread of the archive makes of repairs.
@Suite("the thread of the archive", .serialized)
struct LibrarianTests {
    /// What it told.
    private final class Hearing: Sendable {
        private let heard = Mutex<(damaged: [Height], failures: [ArchiveError])>(([], []))

        var damaged: [Height] { heard.withLock { $0.damaged } }
        var failures: [ArchiveError] { heard.withLock { $0.failures } }

        func damaged(_ height: Height) { heard.withLock { $0.damaged.append(height) } }
        func failed(_ error: ArchiveError) { heard.withLock { $0.failures.append(error) } }
    }

    /// A chain of one replica, as its data directory holds it.
    private static func makeChain(_ cluster: LoopbackCluster) async throws -> [Block] {
        try await cluster.start(0)
        let customer = try Customer(in: cluster)
        let session = try await customer.open(count: 1)
        for number in 1...8 { try await customer.put(number, in: session, count: 1) }
        await customer.stop()
        await cluster.stop(0)
        return try cluster.chain(of: 0)
    }

    /// An archive of the first six blocks, of which two that follow each other are lost, and their names with them.
    private static func makeDamagedArchive(of chain: [Block], on disk: RealDisk) throws {
        let last = chain[5]
        let proof = try #require(chain.map(\.justify).first { $0.statement.commits == last.id })
        var archive = try BlockArchive.open(on: disk, chain: last.header.chain)
        try archive.append(Array(chain[...5]), finality: proof)
        try archive.sync()
        let index = try disk.open(ArchiveFileName.index(Height(1)), .existing)
        for height in [Height(3), Height(4)] {
            let (name, range) = try archive.reader.bytes(of: height)
            let zeros = [UInt8](repeating: 0, count: range.count)
            try disk.open(name, .existing).write(zeros.span.bytes, at: range.lowerBound)
            let place = ArchiveIndexEntry.offset(of: height, first: Height(1))
            let hole = [UInt8](repeating: 0, count: ArchiveIndexEntry.byteCount)
            try index.write(hole.span.bytes, at: place)
        }
    }

    @Test(
        "a repair that does not fit is dropped, and the archive goes on; one that needs the block above asks for that"
    )
    func misfits() async throws {
        let cluster = try LoopbackCluster(count: 1)
        let chain = try await Self.makeChain(cluster)
        let disk = try RealDisk(path: cluster.directory.appendingPathComponent("archive").path, createIfMissing: true)
        try Self.makeDamagedArchive(of: chain, on: disk)
        let archive = try BlockArchive.open(on: disk, chain: cluster.genesis.chain)
        let reader = archive.reader
        #expect(try reader.damagedHeights(in: Height(1)...Height(6)) == [Height(3), Height(4)])
        let logger = Logger(label: "archive") { _ in SwiftLogNoOpLogHandler() }
        let inbox = Inbox(replicaCount: 1, listeners: [])
        let hearing = Hearing()
        let librarian = try Librarian(
            ChainKeeper(archive, unproved: []),
            snapshots: SnapshotStore(on: disk, chain: cluster.genesis.chain),
            transport: ReplicaTransport(
                configuration: TransportConfiguration(
                    chain: cluster.genesis.chain,
                    scheme: .standard,
                    peers: cluster.peers
                ),
                id: ReplicaID(0),
                signer: cluster.signer(0),
                group: .singletonMultiThreadedEventLoopGroup,
                logger: logger,
                delegate: Reception(inbox: inbox, logger: logger)
            ),
            logger: logger,
            damaged: { hearing.damaged($0) },
            failed: { hearing.failed($0) }
        )
        func settle() async -> Height {
            await withCheckedContinuation { done in librarian.sync { done.resume(returning: $0) } }
        }
        // It is above the archive's last, as one is below the first that came when its file was removed.
        librarian.repair(chain[6], by: nil)
        #expect(await settle() == Height(6))
        #expect(hearing.damaged.isEmpty)
        // Its name would stand in the block above.
        librarian.repair(chain[2], by: nil)
        #expect(await settle() == Height(6))
        #expect(hearing.damaged == [Height(4)])
        librarian.repair(Block(header: chain[3].header, payload: .empty, justify: chain[5].justify), by: nil)
        librarian.repair(chain[3], by: nil)
        librarian.repair(chain[2], by: nil)
        #expect(await settle() == Height(6))
        #expect(hearing.damaged == [Height(4)])
        #expect(hearing.failures == [])
        #expect(try reader.block(at: Height(3)) == chain[2])
        #expect(try reader.block(at: Height(4)) == chain[3])
        librarian.stop()
    }
}
