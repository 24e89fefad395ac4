public import HotStuff

/// What a replica finds on its disk: the state of the core, the application brought up to it, the journal and the archive.
@frozen
public struct RecoveredReplica<Machine: StateMachine, Storage: Disk>: ~Copyable, Sendable {
    /// What the core starts from; none if the journal holds nothing.
    public let state: RecoveredState?
    /// The application, with all committed blocks executed.
    public let execution: Execution<Machine>
    /// The results of the last commands that opened sessions, the oldest first.
    public let openings: [CommandResult]
    /// The archive of final blocks.
    public let keeper: ChainKeeper<Storage>
    /// The journal, ready to append.
    public let journal: Journal<Storage>
    /// The height of the snapshot from which the application started, if there was one.
    public let snapshotHeight: Height?
    /// What an operator should know of it, a line each.
    public let notices: [String]

    /// Finds all of it, or begins it: the newest intact snapshot, the blocks of the archive above it, and the journal's last segments.
    ///
    /// It uses no clock and no thread, and no randomness but the salts: the same disk gives the same replica.
    ///
    /// - Parameters:
    ///   - disk: the directory.
    ///   - identity: whose journal it must be.
    ///   - configuration: the durability and the limits.
    ///   - archiveConfiguration: how final blocks are kept.
    ///   - committee: the epoch's validators.
    ///   - machine: the application in its first state.
    ///   - parameters: the chain's numbers.
    ///   - leaders: who leads which view; by default the election that the parameters name.
    ///   - verifier: checks the recorded certificates once more.
    ///   - amnesia: how much of what was signed the journal may lack; it is written down before anything else.
    ///   - supervision: which commands the application does not execute, and who knows what it executes.
    ///   - salt: the salt of the journal and of the archive if they have to be made.
    ///   - observing: sees every record in order, after it has been accepted.
    /// - Returns: all that the replica goes on from.
    /// - Throws: what is wrong with which file, or how the disk failed.
    public static func recover(
        on disk: Storage,
        identity: JournalIdentity,
        configuration: JournalConfiguration,
        archive archiveConfiguration: ArchiveConfiguration = ArchiveConfiguration(),
        committee: Committee,
        machine: Machine,
        parameters: ChainParameters,
        leaders: (any LeaderElection)? = nil,
        verifier: inout MessageVerifier,
        amnesia: Amnesia? = nil,
        supervision: ExecutionSupervision = .none,
        salt: @autoclosure () -> JournalSalt = .random(),
        observing: (JournalRecord) -> Void = { _ in }
    ) throws(RecoveryFailure) -> RecoveredReplica {
        let store = SnapshotStore(on: disk, chain: committee.chain)
        let start = try RecoveryStart(
            machine: machine,
            snapshotInterval: parameters.snapshotInterval,
            genesis: committee.genesis.header,
            in: store
        )
        var archive: BlockArchive<Storage>
        do {
            archive = try BlockArchive.open(
                on: disk,
                chain: committee.chain,
                configuration: archiveConfiguration,
                durableThrough: start.archivedHeight,
                salt: salt()
            )
        } catch {
            throw .archive(error)
        }
        var notices = start.notices
        let takeover = try Takeover.carryOut(
            of: start.snapshotHeight,
            into: &archive,
            above: committee.genesis,
            from: store,
            verifier: &verifier
        )
        notices += [takeover].compactMap { $0 }
        var execution = start.execution
        execution.supervision = supervision
        var replay = Replay(
            committee: committee,
            leaders: LeaderSchedule(leaders, among: committee.validators, parameters: parameters),
            execution: execution,
            archive: archive
        )
        let archived = replay.archivedHeight
        let firstSegment: ([[UInt8]]) -> Int = { SegmentLabel.start(in: $0, archived: archived) }
        var failure: RecoveryFailure?
        var journal: Journal<Storage>
        do throws(JournalError) {
            journal = try Journal.open(
                on: disk,
                identity: identity,
                configuration: configuration,
                salt: salt(),
                startingAt: firstSegment
            ) { location, bytes throws(JournalRecordRejection) in
                do throws(RecoveryFailure) {
                    observing(try replay.take(bytes))
                } catch {
                    // What the journal says wrongly is told with its place, all else as it is.
                    if case .journal(.rejected(_, _, let reason)) = error {
                        throw JournalRecordRejection(reason: reason)
                    }
                    failure = error
                    throw JournalRecordRejection(reason: error.description)
                }
            }
        } catch {
            throw failure ?? .journal(error)
        }
        if journal.opening.tornBytes > 0 {
            notices.append("cut an incomplete end of \(journal.opening.tornBytes) bytes off the journal")
        }
        var recordCount = journal.opening.records
        if let amnesia, !mutant("ignore-amnesia") {
            // Before the mark of the power cut is taken away: who dies in between must find one or the other.
            try observing(replay.append(replay.record(of: amnesia), to: &journal))
            recordCount += 1
        }
        try replay.catchUp()
        for record in try replay.recordsBeyondJournal(snapshotHeight: start.snapshotHeight) {
            try observing(replay.append(record, to: &journal))
            recordCount += 1
        }
        supervision.witness?.rest()
        let state = try replay.state(after: recordCount, path: journal.reader.path, verifier: &verifier)
        let recovered = mutant("forget-sessions-on-restart") ? replay.execution.withoutSessions : replay.execution
        let openings = replay.openings
        return RecoveredReplica(
            state: state,
            execution: recovered,
            openings: openings,
            keeper: replay.finish(),
            journal: journal,
            snapshotHeight: start.snapshotHeight,
            notices: notices
        )
    }
}
