import HotStuff

/// A verifier that believes everything, for tests of what is not about signatures.
struct CredulousVerifier: SignatureVerifier {
    func isValid(_ signature: Signature, on statement: Digest, by signer: ReplicaID) -> Bool { true }
}

/// Four replicas and a chain of theirs.
struct TestCommittee {
    let committee: Committee
    let parameters: ChainParameters

    init(name: String = "archive", snapshotInterval: UInt64 = ChainParameters.defaultSnapshotInterval) throws {
        parameters = ChainParameters(snapshotInterval: snapshotInterval)
        let validators = (0..<4).map { Validator(verificationKey: [UInt8($0)], power: VotingPower(1)) }
        committee = Committee(
            Genesis(
                name: name,
                validators: try ValidatorSet(validators),
                signatureScheme: "none",
                parameters: parameters
            )
        )
    }

    var verifier: MessageVerifier {
        MessageVerifier(committee: committee, parameters: parameters, verifier: CredulousVerifier())
    }

    /// The certificate of a block that stands on a chain of consecutive views.
    func certificate(of block: Block, on blocks: [Block]) -> QuorumCertificate {
        guard block.id != committee.genesis.id else { return committee.genesisCertificate }
        let statement = VoteStatement(
            chain: committee.chain,
            epoch: committee.epoch,
            view: block.view,
            block: block.id,
            height: block.height,
            parentView: block.header.justifyView,
            commits: blocks.count < 3 ? nil : blocks[blocks.count - 3].id
        )
        let signatures = (0..<3).map { (ReplicaID($0), Signature([UInt8($0)])) }
        return QuorumCertificate(statement: statement, signatures: SignatureSet(signatures))
    }

    /// Blocks in consecutive views on the genesis, each with its commands.
    func chain(_ payloads: [[Command]]) -> [Block] {
        var blocks: [Block] = []
        for (index, commands) in payloads.enumerated() {
            let parent = blocks.last ?? committee.genesis
            let payload = Payload(commands)
            let header = BlockHeader(
                chain: committee.chain,
                epoch: committee.epoch,
                view: View(UInt64(index + 1)),
                height: Height(UInt64(index + 1)),
                parent: parent.id,
                justifyView: parent.view,
                proposer: ReplicaID(0),
                payloadDigest: payload.digest,
                executed: .genesis,
                time: Timestamp(1)
            )
            blocks.append(Block(header: header, payload: payload, justify: certificate(of: parent, on: blocks)))
        }
        return blocks
    }
}
