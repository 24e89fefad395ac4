import Foundation
import HotStuff
import HotStuffConfiguration
import HotStuffReplica
import HotStuffStorage
import PostQuantum

/// A chain as a cluster would have made it, written down for some of its replicas without running them.
///
/// Every block has real commands. Every 64th is final by a certificate with the signatures of a quorum; the ones between are as
/// after a sync in ranges, without certificates of their parents.
struct BenchChain {
    /// The number of final blocks.
    let blocks: UInt64
    /// The commands in each.
    let blockSize: Int
    private let testnet: Testnet
    private let bench: BenchCommittee
    private var committee: Committee { bench.committee }
    private static let runLength = 64
    private static let session = SessionID(height: Height(1), position: 0)

    /// Prepares a chain for a cluster that has not run yet.
    init(blocks: UInt64, blockSize: Int, for testnet: Testnet) throws {
        self.blocks = blocks
        self.blockSize = blockSize
        self.testnet = testnet
        bench = BenchCommittee(
            committee: Committee(testnet.configuration.genesis),
            signers: try testnet.configuration.replicas.map { try KeyFile.read(testnet.keyFile(of: $0.id)).signer }
        )
    }

    /// Writes archive and journal of each of some replicas.
    func write(for replicas: [ReplicaID], progress: (UInt64) -> Void) throws {
        guard let first = replicas.first else { return }
        let end = try writeArchive(in: testnet.dataDirectory(of: first), progress: progress)
        for replica in replicas.dropFirst() {
            try FileManager.default.copyItem(
                atPath: testnet.dataDirectory(of: first),
                toPath: testnet.dataDirectory(of: replica)
            )
        }
        for replica in replicas {
            let directory = try DataDirectory<RealDisk>(path: testnet.dataDirectory(of: replica), createIfMissing: true)
            try writeJournal(of: replica, on: directory.disk, end)
            try directory.close()
        }
    }

    /// Where the chain ends: the last final block, those above it, and the certificate that makes it final.
    private struct End {
        let committed: Block
        let pending: [Block]
        let certificate: QuorumCertificate
    }

    private func writeArchive(in path: String, progress: (UInt64) -> Void) throws -> End {
        let directory = try DataDirectory<RealDisk>(path: path, createIfMissing: true)
        var archive = try BlockArchive.open(on: directory.disk, chain: committee.chain)
        var run: [Block] = []
        var tip = committee.genesis
        var below = tip
        var committed = tip
        // Two more than are final: the certificate that makes a block final is that of the second above it.
        for number in 1...(blocks + 2) {
            let block = try block(on: tip, number: number)
            run.append(block)
            (below, tip) = (tip, block)
            guard run.count >= Self.runLength + 2 || number == blocks + 2 else { continue }
            let final = Array(run.dropLast(2))
            try archive.append(final, finality: try bench.certificate(of: tip.header, commits: below.header.parent))
            committed = final.last ?? committed
            run.removeFirst(final.count)
            progress(number)
        }
        try archive.sync()
        try directory.close()
        return End(
            committed: committed,
            pending: run,
            certificate: try bench.certificate(of: tip.header, commits: below.header.parent)
        )
    }

    private func block(on parent: Block, number: UInt64) throws -> Block {
        let payload = Payload(number == 1 ? [Command.openSession(nonce: 1)] : commands(of: number))
        let isFirst = parent.id == committee.genesis.id
        let header = bench.header(number, on: parent, payload: payload)
        // The last two are served one by one, with the certificates of their parents.
        guard number > blocks else {
            return isFirst
                ? Block(header: header, payload: payload, justify: committee.genesisCertificate)
                : Block(bare: header, payload: payload)
        }
        let justify = try bench.certificate(of: parent.header, commits: nil)
        return Block(header: header, payload: payload, justify: justify)
    }

    private func commands(of number: UInt64) -> [Command] {
        (0..<UInt64(blockSize)).map { index in
            let before: UInt64 = (number - 2) * UInt64(blockSize)
            let sequence: UInt64 = before + index + 1
            let put = KeyValueCommand.put(key: Height(sequence % 10_000).encoded, value: Height(sequence).encoded)
            return Command(key: CommandKey(session: Self.session, sequence: sequence), body: put.encoded)
        }
    }

    private func writeJournal(of replica: ReplicaID, on disk: RealDisk, _ end: End) throws {
        var journal = try Journal.open(
            on: disk,
            identity: JournalIdentity(
                chain: committee.chain,
                validator: committee.validators.validators[replica.index]
            ),
            configuration: JournalConfiguration(durability: .powerLoss)
        ) { _, _ in }
        let checkpoint = Checkpoint(committed: end.committed, timeoutCertificates: nil, proposalCertificate: nil)
        let records =
            [.checkpoint(checkpoint)] + end.pending.map(JournalRecord.block) + [.quorumCertificate(end.certificate)]
        _ = try journal.append(records.map { JournalEntry($0) })
    }
}
