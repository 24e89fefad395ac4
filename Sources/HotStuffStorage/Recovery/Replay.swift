internal import HotStuff

/// What the records of a journal come to, one after the other, with the archive below them.
struct Replay<Machine: StateMachine, Storage: Disk>: ~Copyable {
    private var recovery: Recovery
    private let committee: Committee
    private(set) var execution: Execution<Machine>
    private var executed: [ExecutedState]
    private let leaders: LeaderSchedule
    /// What the chain tells of its leaders up to the last executed block; nil where it begins with that one.
    private var leaderHistory: LeaderHistory?
    private(set) var openings: [CommandResult] = []
    private var refill: ChainRefill<Storage>
    private let reader: BlockArchiveReader<Storage>

    init(
        committee: Committee,
        leaders: LeaderSchedule,
        execution: Execution<Machine>,
        archive: consuming BlockArchive<Storage>
    ) {
        self.committee = committee
        self.leaders = leaders
        self.execution = execution
        recovery = Recovery(committee: committee)
        executed = [execution.executed]
        reader = archive.reader
        refill = ChainRefill(archive)
    }

    /// Whether nothing has been read yet.
    private var isFresh = true

    /// The height of the last block in the archive.
    var archivedHeight: Height { reader.height }

    /// Takes in the next record and returns it.
    mutating func take(_ bytes: [UInt8]) throws(RecoveryFailure) -> JournalRecord {
        func rejected(_ reason: String) -> RecoveryFailure {
            .journal(.rejected(path: "", offset: 0, reason: reason))
        }
        defer { isFresh = false }
        let record: JournalRecord
        let committed: Block?
        do {
            record = try JournalRecord(decoding: bytes)
        } catch {
            throw rejected(error.description)
        }
        if isFresh, case .checkpoint(let checkpoint) = record, checkpoint.committed.height > reader.height {
            throw lost(reader.height.next ?? reader.height, .missing(checkpoint.committed.height))
        }
        do {
            committed = try recovery.apply(record)
        } catch {
            throw rejected(error.description)
        }
        do {
            switch record {
            case .block(let block): try refill.saw(block.justify)
            case .quorumCertificate(let certificate): try refill.saw(certificate)
            case .timeoutCertificate(let certificate): try refill.saw(certificate.highest)
            case .checkpoint(let checkpoint): try refill.saw(checkpoint.committed.justify)
            case .safety, .commit: break
            }
            if let committed { try refill.committed(committed) }
        } catch {
            throw .archive(error)
        }
        if let committed, committed.height > execution.executed.height {
            try catchUp(to: Height(committed.height.rawValue - 1))
            execute(committed)
        }
        return record
    }

    /// What is to be written down of something that is forgotten.
    func record(of amnesia: Amnesia) -> JournalRecord {
        var record = recovery.record ?? SafetyRecord(epoch: committee.epoch, genesis: committee.genesis.view)
        // An extent that nobody knows stays so, and what was signed since is forgotten too.
        record.forget(record.forgottenThrough == .unknown ? amnesia.joined(with: .unknown) : amnesia)
        return .safety(record)
    }

    /// What is to be written down before anything else, when the journal lost its end and a snapshot and the archive did not.
    ///
    /// First the certificate that makes the snapshot's block final. Who knows only the state behind that block cannot judge what
    /// headers say of the state before it; with the certificate nobody has a reason to build a block that does. It must be in the
    /// journal, for whatever is signed from now on may rest on it.
    ///
    /// Then, if the snapshot is above the last final block of the journal, a checkpoint: without it the next final block would not
    /// follow from the last one that the journal knows. The archive was durable before the snapshot, so it has the block.
    ///
    /// - Parameter snapshotHeight: the height of the snapshot from which the application started, if there was one.
    /// - Returns: the records, in their order.
    /// - Throws: what cannot be read.
    func recordsBeyondJournal(snapshotHeight: Height?) throws(RecoveryFailure) -> [JournalRecord] {
        var records: [JournalRecord] = []
        if let snapshotHeight, let certificate = try finality(of: snapshotHeight),
            certificate.view > recovery.certificates.quorum.view
        {
            records.append(.quorumCertificate(certificate))
        }
        let reached = execution.executed.height
        guard reached > recovery.committedHead.height else { return records }
        do {
            let checkpoint = Checkpoint(
                committed: try reader.block(at: reached),
                timeoutCertificates: recovery.timeoutCertificates,
                proposalCertificate: recovery.proposalCertificate
            )
            return records + [.checkpoint(checkpoint)]
        } catch {
            throw lost(reached, error)
        }
    }

    /// The certificate that makes a block of the archive final, if it can be read.
    private func finality(of height: Height) throws(RecoveryFailure) -> QuorumCertificate? {
        do {
            return try reader.finality(of: height)?.certificate
        } catch {
            // A damaged block is a reason to repair it, not to stand still.
            guard case .disk = error else { return nil }
            throw .archive(error)
        }
    }

    /// Appends a record to the journal and takes it in.
    mutating func append(
        _ record: JournalRecord,
        to journal: inout Journal<Storage>
    ) throws(RecoveryFailure) -> JournalRecord {
        let entry = JournalEntry(record)
        do {
            _ = try journal.append([entry])
        } catch {
            throw .journal(error)
        }
        return try take(entry.payload)
    }

    /// Executes all that is final by the journal.
    mutating func catchUp() throws(RecoveryFailure) { try catchUp(to: recovery.committedHead.height) }

    /// Executes blocks of the archive up to a height.
    private mutating func catchUp(to height: Height) throws(RecoveryFailure) {
        while execution.executed.height < height {
            let blocks: [Block]
            do {
                blocks = try reader.blocks(
                    above: execution.executed.height,
                    through: height,
                    maximumCount: 256,
                    maximumBytes: 16 << 20
                )
            } catch {
                throw lost(execution.executed.height.next ?? height, error, through: height)
            }
            guard !blocks.isEmpty else {
                let next = execution.executed.height.next ?? height
                throw lost(next, .missing(next))
            }
            for block in blocks { execute(block) }
        }
    }

    /// What is told of a block that cannot be read, where blocks through some height are needed.
    private func lost(_ height: Height, _ error: ArchiveError, through last: Height? = nil) -> RecoveryFailure {
        if case .disk = error { return .archive(error) }
        if case .damaged(let height) = error {
            return .damaged(
                NeededBlocks(
                    path: reader.path(of: height),
                    first: height,
                    last: min(last ?? height, reader.height),
                    archived: reader.height
                )
            )
        }
        return .lost(path: reader.path(of: height), height: height, reason: error.description)
    }

    private mutating func execute(_ block: Block) {
        openings += execution.execute(block).filter { $0.key.session == .none }
        if openings.count > 8_192 { openings.removeFirst(4_096) }
        // A snapshot is taken only where the history begins afresh.
        let below = leaderHistory ?? LeaderHistory(beginningIn: block.header.justifyView)
        leaderHistory = leaders.history(below, with: block.header)
        executed.append(execution.executed)
        if executed.count > ExecutionHistory.maximumCount { executed.removeFirst(ExecutionHistory.capacity) }
    }

    /// What the core starts from, once everything is executed that is final; none if nothing was found.
    func state(
        after recordCount: UInt64,
        path: String,
        verifier: inout MessageVerifier
    ) throws(RecoveryFailure) -> RecoveredState? {
        guard recordCount > 0 else { return nil }
        do {
            return try recovery.state(
                verifier: &verifier,
                executed: executed,
                leaderHistory: leaderHistory,
                position: JournalPosition(recordCount)
            )
        } catch {
            throw .journal(.rejected(path: path, offset: 0, reason: "a recorded certificate is not valid: \(error)"))
        }
    }

    consuming func finish() -> ChainKeeper<Storage> { refill.finish() }
}

extension Execution {
    /// What a mutant makes of an execution: the sessions of all clients are forgotten.
    var withoutSessions: Execution {
        Execution(
            machine: machine,
            executed: executed,
            executedCommands: executedCommands,
            snapshotInterval: snapshotInterval
        )
    }
}
