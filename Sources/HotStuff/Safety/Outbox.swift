/// A statement of our own that safety rules have decided, with what travels beside it.
public enum OwnStatement: Hashable, Sendable {
    /// A vote.
    case vote(VoteStatement)
    /// A timeout, with the certificates that it rests on.
    case timeout(TimeoutStatement, CertificatePair)
    /// A proposal: the block, and the timeout certificate by which its view was entered.
    case proposal(Block, TimeoutCertificate?)

    /// The digest that is to be signed.
    public var digest: Digest {
        switch self {
        case .vote(let statement): statement.digest
        case .timeout(let statement, _): statement.digest
        case .proposal(let block, _): ProposalStatement(proposing: block.header, id: block.id).digest
        }
    }
}

/// A wish for a signature.
public struct SigningRequest: Hashable, Sendable {
    /// Which request this is; the answer names it.
    public let number: UInt64
    /// The digest to be signed with the replica's key.
    public let digest: Digest
}

/// A statement of our own that may leave: its journal record is durable and its signature is there.
///
/// This is the only thing that an effect sends of our own votes, timeouts and proposals, and only this file can make one:
/// nothing signed outruns its write, and no other file can write the exception.
public struct Released: Hashable, Sendable {
    /// The signed message.
    public let message: Message

    fileprivate init(_ message: Message) { self.message = message }

    /// A proposal without the certificate of its block's parent; nothing if it is no proposal, or needs to show that.
    public var brief: Released? {
        guard case .proposal(let proposal) = message else { return nil }
        return proposal.brief.map { Released(.briefProposal($0)) }
    }

    /// The view of the statement.
    public var view: View {
        switch message {
        case .vote(let vote): vote.statement.view
        case .timeout(let timeout): timeout.statement.view
        case .proposal(let proposal): proposal.block.view
        case .briefProposal(let brief): brief.header.view
        case .certificates(let pair): pair.view
        case .commands, .blockRequest, .blockResponse, .rangeRequest, .blockRange, .snapshotRequest, .snapshotAnswer,
            .echo, .plea:
            .genesis
        }
    }
}

/// Holds each decided statement until it is durable and signed.
///
/// It holds as many statements as are on their way to the disk or the signer: a few, unless the disk stands still while the others
/// go on without this replica. Then the oldest make room, which nobody waits for any more; not to send is always safe.
public struct Outbox: Sendable {
    private struct Held: Sendable {
        let number: UInt64
        let statement: OwnStatement
        let position: JournalPosition
        var signature: Signature?
    }

    /// The most statements held; a view has three.
    public static let capacity = 256

    private let replica: ReplicaID
    private var held: [Held] = []
    /// How far the journal is durable.
    private(set) var durable: JournalPosition
    private var nextNumber: UInt64 = 0

    /// Creates an empty outbox of a replica whose journal is durable through a position.
    public init(replica: ReplicaID, durable: JournalPosition = .start) {
        self.replica = replica
        self.durable = durable
    }

    /// The number of statements held.
    public var count: Int { held.count }

    /// Holds a statement whose record is at a position, and asks for its signature.
    public mutating func hold(_ statement: OwnStatement, until position: JournalPosition) -> SigningRequest {
        let number = nextNumber
        nextNumber += 1
        if held.count == Outbox.capacity { held.removeFirst() }
        held.append(Held(number: number, statement: statement, position: position, signature: nil))
        return SigningRequest(number: number, digest: statement.digest)
    }

    /// Takes note that the journal is durable through a position, and releases what waited for it.
    public mutating func journalIsDurable(through position: JournalPosition) -> [Released] {
        durable = max(durable, position)
        return release()
    }

    /// Takes note of a signature, and releases its statement if that is durable.
    ///
    /// An answer to no request is ignored.
    public mutating func complete(_ number: UInt64, with signature: Signature) -> [Released] {
        guard let index = held.firstIndex(where: { $0.number == number && $0.signature == nil }) else { return [] }
        held[index].signature = signature
        return release()
    }

    private mutating func release() -> [Released] {
        guard held.contains(where: mayLeave) else { return [] }
        let ready = held.filter(mayLeave)
        held.removeAll(where: mayLeave)
        return ready.compactMap { entry in
            entry.signature.map { Released(message(of: entry.statement, signature: $0)) }
        }
    }

    private func mayLeave(_ entry: Held) -> Bool {
        (entry.position <= durable || mutant("send-before-durable")) && entry.signature != nil
    }

    private func message(of statement: OwnStatement, signature: Signature) -> Message {
        switch statement {
        case .vote(let statement):
            .vote(Vote(statement: statement, voter: replica, signature: signature))
        case .timeout(let statement, let certificates):
            .timeout(
                Timeout(statement: statement, sender: replica, signature: signature, certificates: certificates)
            )
        case .proposal(let block, let certificate):
            .proposal(Proposal(block: block, timeoutCertificate: certificate, signature: signature))
        }
    }
}
