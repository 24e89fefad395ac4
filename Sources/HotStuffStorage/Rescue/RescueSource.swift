public import HotStuff

/// What one data directory holds of a chain that cannot go on, read without any change.
///
/// Nothing in it is believed for its own sake: a certificate counts if a quorum signed it, a block if a certificate leads down to it, a
/// state if what quorums say of execution follows from it. So what is damaged costs only itself.
public struct RescueSource<Storage: Disk>: Sendable {
    /// The directory, as a path.
    public let path: String
    /// Whose it is, a replica or a listener; none if its journal does not tell.
    public let replica: ReplicaID?
    /// The height of the last block that is final by its journal, its archive or a snapshot; none if none is.
    public internal(set) var finalHeight: Height?
    /// What the highest certificate says that was found in it and is valid; none if there is none.
    public internal(set) var certified: VoteStatement?
    /// The heights of its archive, from the first block to the last; none if there is none.
    public internal(set) var archived: ClosedRange<Height>?
    /// The heights of its snapshots whose ends are whole, upwards.
    public internal(set) var snapshotHeights: [Height] = []
    /// What is wrong with it, a clause for each thing; a replica may not be able to start with it.
    public internal(set) var problems: [String] = []

    /// Whether its replica may have forgotten what it signed, so that it signs nothing until a quorum of others has gone on without it.
    public internal(set) var isForgetful = false

    /// A block of the journal, without its commands.
    struct Recorded: Sendable {
        let parent: Digest
        let height: Height
    }

    let disk: Storage
    let journal: JournalListing
    let archive: ArchiveListing
    let snapshots: SnapshotClaims<Storage>
    /// What valid certificates say, each once.
    var statements: [VoteStatement] = []
    /// The blocks of the journal by their names.
    var recorded: [Digest: Recorded] = [:]
    /// The blocks that are final, as far as it tells by name.
    var finals: [(height: Height, block: Digest)] = []
    /// The snapshots that a valid certificate beside them stands for.
    var proved: [SnapshotPoint] = []
    var skipped = SkippedCommands.none

    /// Whether there is anything in it.
    public var isEmpty: Bool { journal.entries.isEmpty && archive.entries.isEmpty && snapshots.claims.isEmpty }

    /// Looks at a directory.
    ///
    /// - Parameters:
    ///   - mark: the mark of a journal that is not synced, which knows the directory and this start of the machine.
    ///   - chain: the chain that it must be of.
    ///   - interval: how many blocks lie between two of its snapshots.
    ///   - owners: who may have written a journal, by the digest of its key.
    ///   - certificates: judges its certificates.
    /// - Throws: that it is of another chain, or how the disk failed.
    init(
        under mark: UnsyncedMark<Storage>,
        chain: Digest,
        interval: UInt64,
        owners: [Digest: ReplicaID],
        judgedBy certificates: inout RescueCertificates
    ) throws {
        disk = mark.disk
        path = disk.path
        journal = try JournalListing(of: disk)
        archive = try ArchiveListing(of: disk)
        snapshots = try SnapshotClaims(of: disk, chain: chain)
        let identity = journal.identity
        replica = identity.flatMap { owners[$0.owner] }
        for (path, found) in journal.entries.map({ ($0.path, $0.identity?.chain) })
            + archive.entries.map({ ($0.path, $0.chain) })
        {
            guard let found, found != chain else { continue }
            throw RescueRefusal.otherChain(path: path, found: found, expected: chain)
        }
        if let identity, replica == nil {
            problems.append("its journal was written with key \(identity.owner.short)…, which is none of the chain's")
        }
        isForgetful = try mark.isStale()
        try readJournal(&certificates)
        try readArchive(&certificates)
        try readSnapshots(&certificates, chain: chain, interval: interval)
        do {
            skipped = try SkipList(on: disk).read()
        } catch {
            problems.append(error.description)
        }
        certified = statements.max { $0.view < $1.view }
    }

    /// Takes note of a certificate that was found.
    private mutating func note(_ certificate: QuorumCertificate, _ certificates: inout RescueCertificates) {
        guard let statement = certificates.statement(of: certificate) else { return }
        if statements.last != statement { statements.append(statement) }
    }

    private mutating func noteFinal(_ height: Height, _ block: Digest) {
        finals.append((height, block))
        finalHeight = max(finalHeight ?? height, height)
    }

    private mutating func readJournal(_ certificates: inout RescueCertificates) throws(DiskError) {
        var committed: (height: Height, block: Digest)?
        let (journal, disk) = (journal, disk)
        let summary = try JournalSummary(journal, on: disk) { record, _ in
            switch record {
            case .block(let block): note(block, &certificates)
            case .quorumCertificate(let certificate): note(certificate, &certificates)
            case .timeoutCertificate(let certificate): note(certificate.highest, &certificates)
            case .checkpoint(let checkpoint):
                note(checkpoint.committed, &certificates)
                committed = (checkpoint.committed.height, checkpoint.committed.id)
            case .commit(let height, let block): committed = (height, block)
            case .safety: break
            }
        }
        if let committed { noteFinal(committed.height, committed.block) }
        if summary.safety?.forgottenThrough != nil { isForgetful = true }
        if let problem = summary.problem { problems.append(problem) }
    }

    private mutating func note(_ block: Block, _ certificates: inout RescueCertificates) {
        note(block.justify, &certificates)
        recorded[block.id] = Recorded(parent: block.header.parent, height: block.height)
    }

    /// Reads the last data file, whose last certificates tell how far the archive is final.
    private mutating func readArchive(_ certificates: inout RescueCertificates) throws(DiskError) {
        guard let first = archive.entries.first, let last = archive.entries.last else { return }
        var found: [QuorumCertificate] = []
        var top: (height: Height, block: Digest)?
        var walk = ArchiveWalk(archive, from: last.first, on: disk)
        do throws(ArchiveError) {
            while let step = try walk.step() {
                switch step {
                case .file: break
                case .block(let block, let certificate):
                    top = (block.height, block.id)
                    found = found.suffix(2) + [certificate].compactMap { $0 }
                case .damaged(let height, _): problems.append("block \(height) in \(walk.path) is damaged")
                case .misplaced(let height): problems.append("block \(height) in \(walk.path) is at a wrong place")
                }
            }
        } catch {
            if case .disk(let error) = error { throw error }
            problems.append(error.description)
        }
        for certificate in found { note(certificate, &certificates) }
        let reached = top?.height ?? Height(max(last.first.rawValue, 1) - 1)
        if first.first <= reached { archived = first.first...reached }
        if let top { noteFinal(top.height, top.block) }
    }

    private mutating func readSnapshots(
        _ certificates: inout RescueCertificates,
        chain: Digest,
        interval: UInt64
    ) throws(DiskError) {
        for claim in snapshots.claims {
            if case .damaged(_, .anotherChain(let found)) = claim.problem {
                problems.append("\(claim.path) is of chain \(found.short)…")
                continue
            }
            if let problem = claim.problem { problems.append(problem.description) }
            guard let manifest = claim.reader?.manifest else { continue }
            snapshotHeights.append(claim.height)
            noteFinal(manifest.height, manifest.block)
            do throws(SnapshotStoreError) {
                if let certificate = try snapshots.store.certificate(of: claim.height) {
                    note(certificate.finality, &certificates)
                    guard certificate.fault(chain: chain, interval: interval) == nil,
                        certificates.statement(of: certificate.finality) != nil
                    else { continue }
                    proved.append(certificate.point)
                }
            } catch {
                if case .disk(let error) = error { throw error }
            }
        }
    }
}
