/// To whom a message goes.
public enum Recipients: Hashable, Sendable {
    /// To all other validators; our own statements go to the listeners, too.
    case everyone
    /// To all other validators, and no listener.
    case validators
    /// To all listeners.
    case listeners
    /// To one replica.
    case replica(ReplicaID)
}

/// A message that makes no promise and so needs neither signature nor journal.
public enum Courtesy: Hashable, Sendable {
    /// The certificates by which the sender stands where it stands.
    case certificates(CertificatePair)
    /// Commands that the receiver should have in its pool.
    case commands([Command])
    /// A request for blocks.
    case blockRequest(BlockRequest)
    /// A request for final blocks by height.
    case rangeRequest(RangeRequest)
    /// A question about snapshots.
    case snapshotRequest(SnapshotRequest)
    /// What we hold of the receiver's own statements.
    case echo(Echo)
    /// A request to go on up to a view; of a listener, the view that it knows to be over, to be told of higher ones.
    case plea(View)

    /// The message on the wire.
    public var message: Message {
        switch self {
        case .certificates(let pair): .certificates(pair)
        case .commands(let commands): .commands(commands)
        case .blockRequest(let request): .blockRequest(request)
        case .rangeRequest(let request): .rangeRequest(request)
        case .snapshotRequest(let request): .snapshotRequest(request)
        case .echo(let echo): .echo(echo)
        case .plea(let view): .plea(view)
        }
    }
}

/// Why a replica stops for good: going on could do harm.
public enum HaltReason: Hashable, Sendable {
    /// A certificate finalises another block than the one that is committed at that height.
    case contradiction(certificate: QuorumCertificate, committed: Digest, height: Height)
    /// A quorum certified another result of execution than ours.
    case divergence(certified: ExecutedState, ours: Digest)
    /// Another signs with this replica's key: this view has a signature that this replica did not make.
    case sharedKey(View)
}

/// A wish that the shell carries out, in the order given.
///
/// Held by reference, as events are: large values are handed on from place to place.
public indirect enum Effect: Hashable, Sendable {
    /// Write this record at this position, which is one above that of the record before.
    case append(JournalRecord, at: JournalPosition)
    /// The records that follow in this step begin a new segment of the journal; this is the height of the last final block.
    case startSegment(committed: Height)
    /// Sign this digest and answer with `signed`.
    case sign(SigningRequest)
    /// Send a statement of our own.
    case send(Released, to: Recipients)
    /// Send a message that makes no promise.
    case say(Courtesy, to: Recipients)
    /// Answer a request for blocks: the committed blocks on the way to the target, then these, as many as an answer holds.
    case serve(BlockRequest, pending: [Block], to: ReplicaID)
    /// Answer a request for final blocks.
    case serveRange(RangeRequest, to: ReplicaID)
    /// Answer a question about snapshots.
    case serveSnapshot(SnapshotRequest, to: ReplicaID)
    /// Begin to take this snapshot, or go on with what is there of it, and answer with `snapshotBegun` or `snapshotFailed`.
    case beginSnapshot(SnapshotPlan)
    /// Keep this chunk of the snapshot that was begun, and answer with `chunkKept` or `snapshotFailed`.
    case keepChunk(SnapshotChunk)
    /// All chunks are kept: make the snapshot durable and start again from it, or answer with `snapshotFailed`.
    case adoptSnapshot(SnapshotName)
    /// Put this final block in the place of the damaged one in the archive, with a certificate that commits it, if there is one.
    case repair(Block, by: QuorumCertificate?)
    /// This block is final. Execute it after the one before and answer with `executed`; tell no client before the journal is
    /// durable through the position. The certificate proves it: its `commits` names this block, or a descendant of it that
    /// became final in the same step.
    case commit(Block, by: QuorumCertificate, at: JournalPosition)
    /// Tell the clients that these commands find no room now.
    case refuse([CommandKey])
    /// Tell the clients the results of these commands, whose keys were ordered before; give those of which nothing is known
    /// back with `forgotten`.
    case answer([Command])
    /// Come back with `clock` at this moment; the wish before is void. Never, if there is none.
    case wake(at: Instant?)
    /// A view began, for the one before ended; its leader, if the chain below is here that tells him.
    case enter(View, leader: ReplicaID?, after: ViewEnd)
    /// A timeout for this view was decided or repeated.
    case gaveUp(View)
    /// Look for the solution of this puzzle, and of no other any more, and answer with `mined`; look for nothing, if there is none.
    case mine(Puzzle?)
    /// What this replica shows as proof that it may lead this view is none: the proposal was ignored, or a solution of our own.
    case ignoredProof(of: ReplicaID, in: View)
    /// A replica contradicted itself.
    case report(Evidence)
    /// What was signed up to this view is not in the journal, and nothing is signed until a higher one is certified; nil
    /// while nobody knows up to which view (A1).
    case amnesia(through: View?)
    /// Stop for good.
    case halt(HaltReason)
}
