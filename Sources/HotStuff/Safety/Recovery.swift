/// Why the records of a journal do not make a state.
public enum RecoveryError: Error, Hashable, Sendable {
    /// A commit names a block that was not recorded.
    case unknownBlock(Digest, height: Height)
    /// A commit does not extend the one before.
    case brokenChain(height: Height, after: Height)
    /// A record is of another chain or epoch.
    case foreign
}

extension RecoveryError: CustomStringConvertible {
    /// One clause that says what is wrong.
    public var description: String {
        switch self {
        case .unknownBlock(let id, let height): "block \(id.short) was committed at height \(height) but never recorded"
        case .brokenChain(let height, let after): "the commit of height \(height) does not extend that of height \(after)"
        case .foreign: "a record belongs to another chain or epoch"
        }
    }
}

/// Folds the records of a journal, in order, into what a replica needs to go on.
///
/// It keeps the blocks that are not committed and the last committed one, and so as little as the running replica did.
public struct Recovery: Sendable {
    /// The last committed block.
    public private(set) var committed: Block
    /// What was signed last; none if nothing was.
    public private(set) var record: SafetyRecord?
    /// The certificates on which the last timeout rests; none if no view was given up.
    public private(set) var timeoutCertificates: CertificatePair?
    private let committee: Committee
    private var quorum: QuorumCertificate
    private var timeout: TimeoutCertificate?
    private var blocks: [Block] = []

    /// Begins with an empty journal.
    public init(committee: Committee) {
        self.committee = committee
        committed = committee.genesis
        quorum = committee.genesisCertificate
    }

    /// The highest certificates recorded; none of them checked.
    public var certificates: CertificatePair { CertificatePair(quorum: quorum, timeout: timeout) }

    /// The recorded blocks that descend from the last committed one, parents before children.
    public var pending: [Block] {
        var names: Set<Digest> = [committed.id]
        return blocks.sorted { ($0.height, $0.view) < ($1.height, $1.view) }.filter { block in
            guard names.contains(block.header.parent) else { return false }
            names.insert(block.id)
            return true
        }
    }

    /// Takes the next record.
    ///
    /// - Returns: the block that it commits, if it is a commit: the next of the chain.
    public mutating func apply(_ record: JournalRecord) throws(RecoveryError) -> Block? {
        switch record {
        case .block(let block):
            guard block.header.chain == committee.chain, block.header.epoch == committee.epoch else { throw .foreign }
            observe(block.justify)
            if block.height > committed.height, !blocks.contains(where: { $0.id == block.id }) { blocks.append(block) }
        case .quorumCertificate(let certificate): observe(certificate)
        case .timeoutCertificate(let certificate):
            observe(certificate.highest)
            if certificate.view > (timeout?.view ?? .genesis) { timeout = certificate }
        case .safety(let new):
            guard new.epoch == committee.epoch else { throw .foreign }
            if new.lastTimeout != self.record?.lastTimeout { timeoutCertificates = certificates }
            self.record = new
        case .commit(let height, let id):
            guard let block = blocks.first(where: { $0.id == id }) else { throw .unknownBlock(id, height: height) }
            guard block.height == height, height.follows(committed.height), block.header.parent == committed.id
            else { throw .brokenChain(height: height, after: committed.height) }
            committed = block
            blocks.removeAll { $0.height <= height }
            return block
        }
        return nil
    }

    private mutating func observe(_ certificate: QuorumCertificate) {
        if certificate.view > quorum.view { quorum = certificate }
    }
}
