import HotStuff
import HotStuffReplica
import PostQuantum

/// A committee whose keys are all at hand, so that a chain can be written as its replicas would have made it.
struct BenchCommittee {
    let committee: Committee
    /// The keys, in the order of the replicas.
    let signers: [any Signer]

    /// The header of the block of some number, which is its height and its view, in the time of its parent.
    func header(
        _ number: UInt64,
        on parent: Block,
        payload: Payload,
        executed: ExecutedState = .genesis
    ) -> BlockHeader {
        BlockHeader(
            chain: committee.chain,
            epoch: committee.epoch,
            view: View(number),
            height: Height(number),
            parent: parent.id,
            justifyView: parent.view,
            proposer: ReplicaID(UInt16(number % UInt64(committee.validators.count))),
            payloadDigest: payload.digest,
            executed: executed,
            time: parent.header.time
        )
    }

    /// The certificate of a block, with the signatures of a quorum, and what it makes final.
    func certificate(of header: BlockHeader, commits final: Digest?) throws -> QuorumCertificate {
        let statement = VoteStatement(
            chain: header.chain,
            epoch: header.epoch,
            view: header.view,
            block: header.id,
            height: header.height,
            parentView: header.justifyView,
            commits: final
        )
        var signatures: [(ReplicaID, Signature)] = []
        for replica in committee.validators.replicas
        where committee.validators.power(of: signatures.map(\.0)) < committee.validators.quorum {
            signatures.append((replica, try signers[replica.index].sign(statement: statement.digest)))
        }
        return QuorumCertificate(statement: statement, signatures: SignatureSet(signatures))
    }
}
