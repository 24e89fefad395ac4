package import HotStuff

/// The audit of a data directory: archive, journal and snapshots are read whole, and every certificate is verified.
///
/// It writes nothing and takes no lock. It goes up the chain: first the archive, then what only the journal has, then the snapshots;
/// it ends at the first fault. Its memory does not depend on the length of the chain.
package struct DirectoryAudit<Storage: Disk> {
    let disk: Storage
    let committee: Committee
    /// Who may have written the journal, by the digest of its key.
    private let owners: [Digest: ReplicaID]
    let interval: UInt64
    var chain: ChainAudit
    var report = AuditReport()
    var snapshots: SnapshotClaims<Storage>
    /// The files as they stood at the beginning.
    var archive: ArchiveListing
    var journal: JournalListing
    /// The bytes of the archive and of the journal.
    private(set) var totalBytes: UInt64 = 0
    private let progress: (AuditProgress) -> Void

    /// Audits a directory.
    ///
    /// - Parameters:
    ///   - disk: the directory; nothing in it is changed.
    ///   - genesis: the document with which the chain begins.
    ///   - listeners: who follows the chain without a vote, each with its public key.
    ///   - verifier: judges the signatures of the chain's validators.
    ///   - progress: is told how far it is, after every block and every batch.
    /// - Returns: what was found.
    /// - Throws: why the directory is not one to audit.
    package static func run(
        of disk: Storage,
        genesis: Genesis,
        listeners: [(id: ReplicaID, key: [UInt8])] = [],
        verifier: any SignatureVerifier,
        progress: @escaping (AuditProgress) -> Void = { _ in }
    ) throws(AuditRefusal) -> AuditReport {
        var audit = try DirectoryAudit(disk, genesis, listeners, verifier, progress)
        do throws(AuditEnd) {
            try audit.check()
        } catch {
            switch error {
            case .refused(let refusal): throw refusal
            case .fault(let fault): audit.report.fault = fault
            }
        }
        audit.report.counts = audit.chain.counts
        audit.report.provedHeight = audit.chain.provedHeight
        return audit.report
    }

    private init(
        _ disk: Storage,
        _ genesis: Genesis,
        _ listeners: [(id: ReplicaID, key: [UInt8])],
        _ verifier: any SignatureVerifier,
        _ progress: @escaping (AuditProgress) -> Void
    ) throws(AuditRefusal) {
        self.disk = disk
        self.progress = progress
        committee = Committee(genesis)
        let validators = genesis.validators.replicas.map {
            ($0, genesis.validators.validators[$0.index].verificationKey)
        }
        owners = (validators + listeners).reduce(into: [:]) { $0[Digest.hash(of: $1.1)] = $1.0 }
        interval = genesis.parameters.snapshotInterval
        chain = ChainAudit(committee: committee, parameters: genesis.parameters, verifier: verifier)
        do {
            // The journal first: what it has lost since then is in the archive.
            journal = try JournalListing(of: disk)
            archive = try ArchiveListing(of: disk)
            snapshots = try SnapshotClaims(of: disk, chain: committee.chain)
            if journal.entries.isEmpty, try disk.exists("journal") {
                throw AuditRefusal.unknownFormat(
                    path: disk.path(of: "journal"),
                    what: "journal",
                    found: 1,
                    known: JournalHeader.format
                )
            }
        } catch let refusal as AuditRefusal {
            throw refusal
        } catch let error as DiskError {
            throw .disk(error)
        } catch {
            throw .nothing(path: disk.path)
        }
        // A chain that goes on from another one begins with a snapshot and nothing else.
        let hasBeginning = genesis.origin != nil && !snapshots.claims.isEmpty
        guard !journal.entries.isEmpty || !archive.entries.isEmpty || hasBeginning else {
            throw .nothing(path: disk.path)
        }
        totalBytes = journal.entries.reduce(0) { $0 + $1.byteCount } + archive.entries.reduce(0) { $0 + $1.byteCount }
    }

    private mutating func check() throws(AuditEnd) {
        try checkOwner()
        try checkArchive()
        try checkJournal()
        do {
            try chain.finish()
        } catch {
            throw AuditEnd(error)
        }
        try checkFinality()
        try checkSnapshots()
    }

    /// Refuses what is of another chain or another format, before anything is read.
    private mutating func checkOwner() throws(AuditEnd) {
        for entry in archive.entries {
            if case .unknownFormat = entry.problem, let problem = entry.problem {
                throw AuditEnd(problem, height: entry.first, path: entry.path)
            }
            if let found = entry.chain, found != committee.chain {
                throw .refused(.otherChain(path: entry.path, found: found, expected: committee.chain))
            }
        }
        for entry in journal.entries {
            if case .unknownFormat = entry.problem, let problem = entry.problem {
                throw AuditEnd(problem, height: nil, path: entry.path)
            }
            guard let identity = entry.identity else { continue }
            guard identity.chain == committee.chain else {
                throw .refused(.otherChain(path: entry.path, found: identity.chain, expected: committee.chain))
            }
            guard let owner = owners[identity.owner] else {
                throw .refused(.otherOwner(path: entry.path, found: identity.owner))
            }
            report.replica = owner
        }
    }

    /// All blocks of the archive must be final by some certificate, unless the last certificate was just being written.
    private mutating func checkFinality() throws(AuditEnd) {
        guard let last = report.archivedThrough, last > chain.provedHeight, report.archiveTornBytes == 0 else { return }
        let height = chain.provedHeight.next ?? last
        let file = archive.entries.last { $0.first <= height }?.path ?? disk.path
        throw AuditEnd(ChainFault(at: height, in: file, .notProvedFinal))
    }

    /// Takes the next block of the chain.
    mutating func take(_ block: Block, _ certificate: QuorumCertificate?, in path: String) throws(AuditEnd) {
        do {
            try chain.take(block, finality: certificate, in: path)
        } catch {
            throw AuditEnd(error)
        }
        report.heights = (report.heights?.lowerBound ?? block.height)...block.height
        if let fault = snapshots.fault(seeing: block) { throw .fault(fault) }
    }

    func tell(_ bytes: UInt64) {
        progress(AuditProgress(blocks: chain.counts.blocks, bytes: min(bytes, totalBytes), totalBytes: totalBytes))
    }
}
