/// What one replica has to solve to lead one view above one block, where a proof of work decides who leads.
///
/// It is made of the chain, the epoch, the view, the block to build on with its view, which name the certificate, and the replica: so a
/// solution is of no use to anybody else, in any other view or above any other block, and nobody can look for it before the
/// view has begun. A solution is a number whose digest, together with that of all these, begins with so many zero bits.
///
/// Everything that does not change is hashed once; each try is then one block of BLAKE3.
/// Source: Hashcash (Back, 2002); that the puzzle binds who solves it, and above what, is as in Bitcoin (Nakamoto, 2008, section 4).
public struct Puzzle: Hashable, Sendable {
    /// The chain.
    public let chain: Digest
    /// The epoch.
    public let epoch: Epoch
    /// The view that the solution lets lead.
    public let view: View
    /// The block on which the next one is built.
    public let parent: Digest
    /// The view of that block.
    public let justifyView: View
    /// Who solves it.
    public let proposer: ReplicaID
    /// How many bits of the digest have to be zero, from the first byte's highest bit on: 2 to this power tries on average.
    public let difficulty: UInt8

    /// Creates a puzzle.
    public init(
        chain: Digest,
        epoch: Epoch,
        view: View,
        parent: Digest,
        justifyView: View,
        proposer: ReplicaID,
        difficulty: UInt8
    ) {
        self.chain = chain
        self.epoch = epoch
        self.view = view
        self.parent = parent
        self.justifyView = justifyView
        self.proposer = proposer
        self.difficulty = difficulty
    }

    /// The puzzle that a header's proposer says it has solved.
    public init(of header: BlockHeader) {
        self.init(
            chain: header.chain,
            epoch: header.epoch,
            view: header.view,
            parent: header.parent,
            justifyView: header.justifyView,
            proposer: header.proposer,
            difficulty: header.work.difficulty
        )
    }

    /// Whether a number is a solution.
    ///
    /// Complexity: two hashes.
    public func isSolved(by nonce: UInt64) -> Bool { attempts.isSolved(by: nonce) }

    /// The tries at this puzzle, of which each costs one hash.
    public var attempts: PuzzleAttempts { PuzzleAttempts(at: self) }
}

extension Puzzle: BorshEncodable {
    /// Appends everything but the difficulty: a solution of a harder puzzle solves an easier one.
    public func encode(into encoder: inout BorshEncoder) {
        encoder.append(chain)
        encoder.append(epoch)
        encoder.append(view)
        encoder.append(parent)
        encoder.append(justifyView)
        encoder.append(mutant("work-for-another") ? ReplicaID(0) : proposer)
    }
}
