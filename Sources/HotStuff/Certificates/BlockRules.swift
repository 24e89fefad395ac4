/// What makes the parts of a block fit each other, whoever signed them and whatever the chain looks like.
public struct BlockRules: Sendable {
    private let committee: Committee
    private let parameters: ChainParameters

    /// Creates the rules of a chain's epoch.
    public init(committee: Committee, parameters: ChainParameters) {
        self.committee = committee
        self.parameters = parameters
    }

    /// The first thing that is wrong with a block, or nothing.
    ///
    /// Hashes the payload.
    public func fault(of block: Block) -> VerificationFailure? {
        identityFault(of: block.header) ?? linkFault(of: block.header, on: block.justify.statement)
            ?? payloadFault(of: block.header, with: block.payload)
    }

    /// The first thing that is wrong with a header and its commands, whatever certificate belongs to them, or nothing.
    ///
    /// Hashes the payload.
    func fault(of header: BlockHeader, with payload: Payload) -> VerificationFailure? {
        if let fault = identityFault(of: header) { return fault }
        guard header.justifyView < header.view else { return .inconsistentViews }
        guard header.executed.height < header.height else { return .brokenLink }
        return payloadFault(of: header, with: payload)
    }

    private func identityFault(of header: BlockHeader) -> VerificationFailure? {
        guard header.version == BlockHeader.currentVersion else { return .wrongVersion(header.version) }
        guard header.chain == committee.chain || mutant("foreign-chain") else { return .wrongChain }
        guard header.epoch == committee.epoch || mutant("foreign-epoch") else { return .wrongEpoch(header.epoch) }
        guard committee.validators.contains(header.proposer) else { return .unknownReplica(header.proposer) }
        return nil
    }

    /// What does not fit between a header and the certificate of its parent.
    private func linkFault(of header: BlockHeader, on justify: VoteStatement) -> VerificationFailure? {
        guard header.justifyView == justify.view || mutant("believe-justify-view"), header.justifyView < header.view
        else { return .inconsistentViews }
        guard header.parent == justify.block || mutant("skip-parent-check"),
            header.height.follows(justify.height) || mutant("skip-height-check")
        else { return .brokenLink }
        guard header.executed.height <= justify.height else { return .brokenLink }
        return nil
    }

    private func payloadFault(of header: BlockHeader, with payload: Payload) -> VerificationFailure? {
        guard payload.commands.count <= parameters.maximumCommandsPerBlock,
            payload.encodedSize <= parameters.maximumPayloadBytes,
            payload.commands.allSatisfy(admits)
        else { return .tooLarge }
        guard payload.digest == header.payloadDigest || mutant("skip-payload-check") else { return .wrongPayload }
        return nil
    }

    /// Whether a command is no longer than the chain allows.
    public func admits(_ command: Command) -> Bool { command.bodyByteCount <= parameters.maximumCommandBytes }
}
