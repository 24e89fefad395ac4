public import HotStuff

/// What a replica finds on its disk: the state of the core, the application brought up to it, and the journal itself.
@frozen
public struct RecoveredReplica<Machine: StateMachine, Storage: Disk>: ~Copyable, Sendable {
    /// What the core starts from; none if the journal holds nothing.
    public let state: RecoveredState?
    /// The application, with all committed blocks executed.
    public let execution: Execution<Machine>
    /// The results of the last commands that opened sessions, the oldest first.
    public let openings: [CommandResult]
    /// Where in the journal the blocks are.
    public let index: BlockIndex
    /// The journal, ready to append.
    public let journal: Journal<Storage>

    /// Opens the journal of a disk, or makes one, and executes the committed blocks in it again.
    ///
    /// It uses no clock and no thread, and no randomness but the salt: the same disk gives the same replica.
    ///
    /// - Parameters:
    ///   - disk: the directory.
    ///   - identity: whose journal it must be.
    ///   - configuration: the durability and the limits.
    ///   - committee: the epoch's validators.
    ///   - machine: the application in its first state.
    ///   - snapshotInterval: how many blocks lie between two snapshots.
    ///   - verifier: checks the recorded certificates once more.
    ///   - amnesia: how much of what was signed the journal may lack; it is written down before anything else.
    ///   - supervision: which commands the application does not execute, and who knows what it executes.
    ///   - salt: the salt of the journal if it has to be made.
    ///   - observing: sees every record in order, after it has been accepted.
    /// - Returns: all that the replica goes on from.
    /// - Throws: what is wrong with the journal, or how the disk failed.
    public static func recover(
        on disk: Storage,
        identity: JournalIdentity,
        configuration: JournalConfiguration,
        committee: Committee,
        machine: Machine,
        snapshotInterval: UInt64,
        verifier: inout MessageVerifier,
        amnesia: Amnesia? = nil,
        supervision: ExecutionSupervision = .none,
        salt: @autoclosure () -> JournalSalt = .random(),
        observing: (JournalRecord) -> Void = { _ in }
    ) throws(JournalError) -> RecoveredReplica {
        var replay = Replay(committee: committee, machine: machine, snapshotInterval: snapshotInterval)
        replay.execution.supervision = supervision
        var journal = try Journal.open(
            on: disk,
            identity: identity,
            configuration: configuration,
            salt: salt()
        ) { location, bytes throws(JournalRecordRejection) in
            observing(try replay.take(bytes, at: location))
        }
        supervision.witness?.rest()
        var recordCount = journal.opening.records
        if let amnesia, !mutant("ignore-amnesia") {
            // Before the mark of the power cut is taken away: who dies in between must find one or the other.
            var record = replay.recovery.record ?? SafetyRecord(epoch: committee.epoch, genesis: committee.genesis.view)
            // An extent that nobody knows stays so: a bound on what was signed since says nothing of what was signed before.
            record.forget(record.forgottenThrough == .unknown ? .unknown : amnesia)
            let bytes = JournalRecord.safety(record).encoded
            let entry = JournalEntry(bytes, isPrecious: true)
            guard let location = try journal.append([entry]).first else { throw .stopped }
            do {
                observing(try replay.take(bytes, at: location))
            } catch {
                throw .rejected(path: journal.reader.path, offset: location.offset, reason: error.reason)
            }
            recordCount += 1
        }
        var state: RecoveredState?
        if recordCount > 0 {
            do {
                state = try replay.recovery.state(
                    verifier: &verifier,
                    executed: replay.executed,
                    position: JournalPosition(recordCount)
                )
            } catch {
                throw .rejected(
                    path: journal.reader.path,
                    offset: 0,
                    reason: "a recorded certificate is not valid: \(error)"
                )
            }
        }
        return RecoveredReplica(
            state: state,
            execution: mutant("forget-sessions-on-restart")
                ? replay.execution.withoutSessions : replay.execution,
            openings: replay.openings,
            index: replay.index,
            journal: journal
        )
    }
}

/// What the records of a journal come to, one after the other.
private struct Replay<Machine: StateMachine> {
    var recovery: Recovery
    var execution: Execution<Machine>
    var executed: [ExecutedState]
    var openings: [CommandResult] = []
    let index = BlockIndex()

    init(committee: Committee, machine: Machine, snapshotInterval: UInt64) {
        recovery = Recovery(committee: committee)
        execution = Execution(machine: machine, snapshotInterval: snapshotInterval)
        executed = [execution.executed]
    }

    /// Takes in the next record and returns it.
    mutating func take(
        _ bytes: [UInt8],
        at location: JournalRecordLocation
    ) throws(JournalRecordRejection) -> JournalRecord {
        let record: JournalRecord
        do {
            record = try JournalRecord(decoding: bytes)
        } catch {
            throw JournalRecordRejection(reason: error.description)
        }
        let committed: Block?
        do {
            committed = try recovery.apply(record)
        } catch {
            throw JournalRecordRejection(reason: error.description)
        }
        index.insert([(BlockIndex.Entry(record), location)])
        if let committed { execute(committed) }
        return record
    }

    private mutating func execute(_ block: Block) {
        openings += execution.execute(block).filter { $0.key.session == .none }
        if openings.count > 8_192 { openings.removeFirst(4_096) }
        executed.append(execution.executed)
        if executed.count > ExecutionHistory.maximumCount { executed.removeFirst(ExecutionHistory.capacity) }
    }
}

extension Execution {
    /// What a mutant makes of an execution: the sessions of all clients are forgotten.
    fileprivate var withoutSessions: Execution {
        Execution(
            machine: machine,
            executed: executed,
            executedCommands: executedCommands,
            snapshotInterval: snapshotInterval
        )
    }
}
