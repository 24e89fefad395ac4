/// What is wrong with a stored chain, at which height, and where that was found.
package struct ChainFault: Error, Hashable, Sendable {
    /// What can be wrong.
    package enum Reason: Hashable, Sendable {
        /// The block is not the next one above the last.
        case gap(expected: Height)
        /// It does not name the block below it as its parent.
        case wrongParent
        /// Its view is not above that of its parent, or it names another view of its parent.
        case wrongViews
        /// Its time is before that of its parent.
        case timeWentBack
        /// It says that less was executed than its parent says, or the same height with another digest.
        case executionWentBack
        /// It was proposed by a replica that does not lead its view.
        case notTheLeader(ReplicaID, leader: ReplicaID?)
        /// Its fields do not fit each other.
        case block(VerificationFailure)
        /// The certificate of its parent says of the parent what is not so.
        case wrongStatement
        /// A certificate is not valid.
        case certificate(VerificationFailure)
        /// A certificate makes another block final than the one that is here.
        case otherBlockFinal(Digest)
        /// No certificate proves the block final.
        case notProvedFinal
    }

    /// The height of the block.
    package let height: Height
    /// Where it was found, in the words of the one who asked.
    package let source: String
    /// What is wrong.
    package let reason: Reason

    /// Creates a fault.
    package init(at height: Height, in source: String, _ reason: Reason) {
        self.height = height
        self.source = source
        self.reason = reason
    }
}

extension ChainFault.Reason: CustomStringConvertible {
    /// One clause for people.
    package var description: String {
        switch self {
        case .gap(let expected): "it is where block \(expected) should be"
        case .wrongParent: "it does not name the block below it as its parent"
        case .wrongViews: "its view, or the view that it names for its parent, does not rise from the parent's"
        case .timeWentBack: "its time is before its parent's"
        case .executionWentBack: "it contradicts what its parent says was executed"
        case .notTheLeader(let proposer, let leader):
            "replica \(proposer) proposed it, but \(leader.map { "replica \($0)" } ?? "another") leads its view"
        case .block(let failure): "the block is not valid: \(failure)"
        case .wrongStatement: "the certificate of its parent does not say of the parent what the parent says"
        case .certificate(let failure): "a certificate is not valid: \(failure)"
        case .otherBlockFinal(let block):
            "a certificate makes block \(block.short)… final at this height, not the one that is here"
        case .notProvedFinal: "no certificate proves it final"
        }
    }
}
