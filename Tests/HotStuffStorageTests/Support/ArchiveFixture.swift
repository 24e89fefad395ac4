import HotStuff
import HotStuffSimulator
import HotStuffStorage

/// A chain of final blocks, with a certificate for each, for archives under test.
struct ArchiveFixture: Sendable {
    let cluster: TestCommittee
    let blocks: [Block]

    /// A chain of 300 blocks, made once.
    static let long = Result { try ArchiveFixture(count: 300) }

    /// A chain of blocks in consecutive views, of one command each, small ones unless told otherwise.
    init(count: Int, bodyByteCount: Int = 1) throws {
        cluster = try TestCommittee()
        let session = SessionID(height: Height(1), position: 0)
        let payloads = (1...UInt64(count)).map { number in
            let body = [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: bodyByteCount)
            return [Command(key: CommandKey(session: session, sequence: number), body: body)]
        }
        blocks = cluster.chain(payloads)
    }

    var chain: Digest { cluster.committee.chain }

    /// The block of a height.
    func block(_ height: Int) -> Block { blocks[height - 1] }

    /// A certificate of the block two above a height, which commits the block at that height.
    func finality(_ height: Int, signers: UInt16 = 3) -> QuorumCertificate {
        let certified = UInt64(height + 2)
        let statement = VoteStatement(
            chain: chain,
            epoch: cluster.committee.epoch,
            view: View(certified),
            block: height + 2 <= blocks.count ? block(height + 2).id : Digest.hash(of: [UInt8(height & 255)]),
            height: Height(certified),
            parentView: View(certified - 1),
            commits: block(height).id
        )
        let signatures = (0..<signers).map { (ReplicaID($0), Signature([UInt8($0), 7])) }
        return QuorumCertificate(statement: statement, signatures: SignatureSet(signatures))
    }

    /// The same block, justified by a certificate that others signed.
    func differentlySigned(_ height: Int) -> Block {
        let block = block(height)
        let signatures = (0..<UInt16(4)).map { (ReplicaID($0), Signature([9, 9, UInt8($0)])) }
        let justify = QuorumCertificate(
            statement: block.justify.statement,
            signatures: SignatureSet(signatures)
        )
        return Block(header: block.header, payload: block.payload, justify: justify)
    }

    /// Opens the archive of a disk.
    func open<Storage: Disk>(
        _ disk: Storage,
        fileByteCount: UInt64 = 4_000,
        retention: ArchiveConfiguration.Retention = .all,
        maximumOpenFiles: Int = 4,
        durableThrough durable: Height = .genesis
    ) throws(ArchiveError) -> BlockArchive<Storage> {
        var random = RandomSource(seed: 77)
        let salt = JournalSalt(using: &random)
        return try BlockArchive.open(
            on: disk,
            chain: chain,
            configuration: ArchiveConfiguration(
                fileByteCount: fileByteCount,
                retention: retention,
                maximumOpenFiles: maximumOpenFiles
            ),
            durableThrough: durable,
            salt: salt
        )
    }

    /// Appends the blocks of some heights as one, with a certificate for the last.
    func append<Storage: Disk>(
        _ heights: ClosedRange<Int>,
        to archive: inout BlockArchive<Storage>
    ) throws(ArchiveError) {
        try archive.append(
            Array(blocks[heights.lowerBound - 1...heights.upperBound - 1]),
            finality: finality(heights.upperBound)
        )
    }

    /// A disk with an archive of all blocks, appended so many at a time and synced.
    func fill(_ disk: SimulatedDisk, step: Int = 1, fileByteCount: UInt64 = 4_000) throws {
        var archive = try open(disk, fileByteCount: fileByteCount)
        for first in stride(from: 1, through: blocks.count, by: step) {
            try append(first...min(first + step - 1, blocks.count), to: &archive)
        }
        try archive.sync()
    }
}

/// What an archive does not do, or nothing if it does it.
func refusal<Success: ~Copyable>(_ body: () throws(ArchiveError) -> Success) -> ArchiveError? {
    do {
        _ = try body()
        return nil
    } catch {
        return error
    }
}

extension SimulatedDisk {
    /// The content of all files.
    var files: [(name: String, bytes: [UInt8])] {
        ((try? names()) ?? []).map { ($0, self[$0] ?? []) }
    }

    /// A disk that holds some files, durable.
    convenience init(_ files: [(name: String, bytes: [UInt8])]) {
        self.init()
        for (name, bytes) in files { place(bytes, as: name) }
    }
}
