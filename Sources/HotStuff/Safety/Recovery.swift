/// Why a journal cannot be what this replica wrote.
public enum RecoveryError: Error, Hashable, Sendable {
    /// A block is recorded as final that was not recorded before.
    case unknownBlock(height: Height, block: Digest)
    /// A block is recorded as final that does not extend the last final one.
    case brokenChain(height: Height, block: Digest)
    /// What was signed belongs to another epoch.
    case wrongEpoch(Epoch)
    /// A segment begins at another final block than the one before ended with.
    case wrongCheckpoint(height: Height)
    /// What was signed goes back behind what was signed before.
    case wentBack
}

extension RecoveryError: CustomStringConvertible {
    /// One clause for the log.
    public var description: String {
        switch self {
        case .unknownBlock(let height, let block):
            "block \(block.short) at height \(height) is recorded as final but not recorded"
        case .brokenChain(let height, let block):
            "block \(block.short) at height \(height) is recorded as final but does not extend the last final block"
        case .wrongEpoch(let epoch): "what was signed belongs to epoch \(epoch)"
        case .wrongCheckpoint(let height):
            "a segment begins at another final block of height \(height) than the one before ends with"
        case .wentBack: "what was signed goes back behind what was signed before"
        }
    }
}

/// Reads the journal from its beginning, record by record, and keeps what a replica needs to go on.
///
/// Committed blocks are handed out and forgotten, and so are those that they leave behind: memory holds the last
/// final block and the recorded ones above it, however long the journal is.
public struct Recovery: Sendable {
    private let committee: Committee
    private var tree: BlockTree
    private var highestQuorum: QuorumCertificate
    private var highestTimeout: TimeoutCertificate?
    /// Whether nothing has been read yet.
    private var isFresh = true

    /// The checkpoint with which the first segment begins, if it does.
    private var checkpoint: Checkpoint?
    /// What was signed last, if anything was.
    public private(set) var record: SafetyRecord?
    /// The certificates on which the last timeout rests, if a view was given up.
    public private(set) var timeoutCertificates: CertificatePair?
    /// The timeout certificate by which the view of the last proposal was entered, if it was entered by one.
    public private(set) var proposalCertificate: TimeoutCertificate?

    /// Begins before the first record.
    ///
    /// - Parameters:
    ///   - committee: the epoch's committee.
    ///   - committed: the final block on which the journal's first blocks rest; the epoch's first block by default.
    public init(committee: Committee, committed: Block? = nil) {
        self.committee = committee
        // Twice as much as a running replica holds, so that nothing it held when it stopped has to make room.
        tree = BlockTree(root: committed ?? committee.genesis, capacity: BlockTree.defaultCapacity * 2)
        highestQuorum = committee.genesisCertificate
    }

    /// The last final block.
    public var committedHead: Block { tree.root }

    /// The recorded blocks above the last final one, parents before children.
    public var pending: [Block] { tree.blocks }

    /// The highest certificates; those of the genesis if the journal holds none.
    public var certificates: CertificatePair { CertificatePair(quorum: highestQuorum, timeout: highestTimeout) }

    /// Takes in the next record.
    ///
    /// - Returns: the block that has become final, if the record says so of one; it is the next to execute.
    public mutating func apply(_ record: JournalRecord) throws(RecoveryError) -> Block? {
        defer { isFresh = false }
        switch record {
        case .block(let block):
            note(block.justify)
            tree.insert(block, isJournaled: true, protecting: protected)
        case .quorumCertificate(let certificate): note(certificate)
        case .timeoutCertificate(let certificate):
            note(certificate.highest)
            if certificate.view > highestTimeout?.view ?? .genesis { highestTimeout = certificate }
        case .safety(let record): try note(record)
        case .commit(let height, let block): return try commit(block, at: height)
        case .checkpoint(let checkpoint): try begin(at: checkpoint)
        }
        return nil
    }

    /// What the consensus core starts from.
    ///
    /// - Parameters:
    ///   - verifier: checks the certificates once more.
    ///   - executed: the last executed states, up to the last final block.
    ///   - leaderHistory: what the chain tells of its leaders up to the last final block; nil where the history begins with it.
    ///   - position: how far the journal reaches.
    /// - Returns: all that a replica goes on from.
    /// - Throws: why a certificate of the journal is not valid.
    public func state(
        verifier: inout MessageVerifier,
        executed: [ExecutedState],
        leaderHistory: LeaderHistory? = nil,
        position: JournalPosition
    ) throws(VerificationFailure) -> RecoveredState {
        RecoveredState(
            record: record ?? SafetyRecord(epoch: committee.epoch, genesis: committee.genesis.view),
            certificates: try verifier.verify(certificates),
            timeoutCertificates: timeoutCertificates,
            proposalCertificate: proposalCertificate,
            committed: committedHead,
            pending: pending,
            executed: executed,
            leaderHistory: leaderHistory,
            position: position
        )
    }

    private var protected: [Digest] {
        [highestQuorum.block, record?.lastVote?.block, record?.lastProposal?.block].compactMap { $0 }
    }

    private mutating func note(_ certificate: QuorumCertificate) {
        // The blocks of a range are without certificates of their parents.
        if certificate.view > highestQuorum.view, !certificate.isWithheld { highestQuorum = certificate }
    }

    private mutating func note(_ next: SafetyRecord) throws(RecoveryError) {
        guard next.epoch == committee.epoch else { throw .wrongEpoch(next.epoch) }
        if let record {
            guard next.lastVotedView >= record.lastVotedView, next.lastTimedOutView >= record.lastTimedOutView,
                next.lockedView >= record.lockedView
            else { throw .wentBack }
        }
        // What a segment begins with, it tells itself.
        if let checkpoint, record == nil {
            timeoutCertificates = checkpoint.timeoutCertificates
            proposalCertificate = checkpoint.proposalCertificate
            record = next
            return
        }
        if next.lastTimeout != record?.lastTimeout { timeoutCertificates = certificates }
        // The view's quorum certificate may come later than its timeout certificate: the proposal rests on what it left with.
        if let proposal = next.lastProposal, proposal != record?.lastProposal {
            proposalCertificate = certificates.timeout.flatMap { proposal.view.follows($0.view) ? $0 : nil }
        }
        record = next
    }

    private mutating func begin(at next: Checkpoint) throws(RecoveryError) {
        if isFresh {
            tree = BlockTree(root: next.committed, capacity: BlockTree.defaultCapacity * 2)
            checkpoint = next
        } else if next.committed.height > tree.root.height {
            advance(to: next.committed)
        } else if tree.root.id != next.committed.id {
            throw .wrongCheckpoint(height: next.committed.height)
        }
        note(next.committed.justify)
    }

    /// Goes on from a final block whose commit the journal lost; what descends from it stays.
    private mutating func advance(to block: Block) {
        if tree.contains(block.id) {
            _ = tree.commit(to: block.id)
        } else {
            let recorded = tree.blocks
            tree = BlockTree(root: block, capacity: BlockTree.defaultCapacity * 2)
            for block in recorded { tree.insert(block, isJournaled: true, protecting: protected) }
        }
    }

    private mutating func commit(_ id: Digest, at height: Height) throws(RecoveryError) -> Block {
        guard let block = tree.block(id) else { throw .unknownBlock(height: height, block: id) }
        guard block.height == height, height.follows(tree.root.height), tree.commit(to: id) == [block]
        else { throw .brokenChain(height: height, block: id) }
        return block
    }
}
