internal import BLAKE3
internal import HotStuff
internal import HotStuffStorage

/// What a replica finds in its data directory: the state of the core, the application brought up to it, and the journal itself.
struct RecoveredReplica<Machine: StateMachine>: ~Copyable {
    let state: RecoveredState?
    var execution: Execution<Machine>
    let openings: [CommandResult]
    let index: BlockIndex
    let opening: JournalOpening
    let journal: Journal<RealDisk>
}

/// The name of the one who writes a journal: the digest of its public key.
func journalIdentity(of configuration: ReplicaConfiguration) -> JournalIdentity {
    let key = configuration.genesis.validators.validators[configuration.replica.index].verificationKey
    return JournalIdentity(chain: configuration.genesis.chain, owner: Digest.hash(of: key))
}

/// Opens the journal of a data directory and executes the committed blocks in it again.
func recover<Machine: StateMachine>(
    _ configuration: ReplicaConfiguration,
    committee: Committee,
    machine: Machine,
    disk: RealDisk,
    verifier: inout MessageVerifier
) throws(ReplicaError) -> RecoveredReplica<Machine> {
    let index = BlockIndex()
    var recovery = Recovery(committee: committee)
    var execution = Execution(machine: machine)
    var executed = [execution.executed]
    var openings: [CommandResult] = []
    let journal: Journal<RealDisk>
    do {
        journal = try Journal.open(
            on: disk,
            identity: journalIdentity(of: configuration),
            configuration: JournalConfiguration(durability: configuration.durability)
        ) { (location, bytes) throws(JournalRecordRejection) in
            do {
                let record = try JournalRecord(decoding: bytes)
                let committed = try recovery.apply(record)
                index.insert(CollectionOfOne((BlockIndex.Entry(record), location)))
                guard let committed else { return }
                openings += execution.execute(committed).filter { $0.key.session == .none }
                if openings.count > 8_192 { openings.removeFirst(4_096) }
                executed.append(execution.executed)
                if executed.count > ExecutionHistory.capacity * 2 { executed.removeFirst(ExecutionHistory.capacity) }
            } catch let error as DecodingError {
                throw JournalRecordRejection(reason: error.description)
            } catch let error as RecoveryError {
                throw JournalRecordRejection(reason: error.description)
            } catch {
                throw JournalRecordRejection(reason: "\(error)")
            }
        }
    } catch {
        throw .journal(error)
    }
    var state: RecoveredState?
    if journal.opening.records > 0 {
        do {
            state = try recovery.state(
                verifier: &verifier,
                executed: executed,
                position: JournalPosition(UInt64(journal.opening.records))
            )
        } catch {
            throw .journal(
                .rejected(
                    path: disk.path(of: "journal"),
                    offset: 0,
                    reason: "a recorded certificate is not valid: \(error)"
                )
            )
        }
    }
    return RecoveredReplica(
        state: state,
        execution: execution,
        openings: openings,
        index: index,
        opening: journal.opening,
        journal: journal
    )
}
