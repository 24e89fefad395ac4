/// Content of which every signature and every field has been checked against one epoch's committee.
///
/// Only this file makes one, out of checks: `Consensus` takes nothing else from the network, so the compiler remembers
/// what a reviewer might forget.
public struct Verified<Content: Hashable & Sendable>: Hashable, Sendable {
    /// What has been checked.
    public let content: Content
    /// The epoch against whose committee it has been checked.
    public let epoch: Epoch

    fileprivate init(_ content: Content, epoch: Epoch) {
        self.content = content
        self.epoch = epoch
    }
}

/// A message of which all is checked that can be checked without knowing the chain.
public indirect enum VerifiedMessage: Hashable, Sendable {
    /// A leader's block.
    case proposal(Verified<Proposal>)
    /// A leader's block without the certificate of its parent.
    case briefProposal(Verified<BriefProposal>)
    /// A vote.
    case vote(Verified<Vote>)
    /// A view given up.
    case timeout(Verified<Timeout>)
    /// Where the sender stands.
    case certificates(Verified<CertificatePair>)
    /// Commands, which are what they are.
    case commands([Command])
    /// A request for blocks.
    case blockRequest(BlockRequest)
    /// Blocks that follow one another, each with a valid certificate of its parent.
    case blockResponse(Verified<BlockResponse>)
    /// A request for final blocks by height.
    case rangeRequest(RangeRequest)
    /// Final blocks that follow one another, the last one final by a valid certificate.
    case blockRange(Verified<BlockRange>)
    /// A question about snapshots.
    case snapshotRequest(SnapshotRequest)
    /// An answer to one, as far as it can be checked without knowing what was asked.
    case snapshotAnswer(Verified<SnapshotAnswer>)
    /// What the sender holds of our own.
    case echo(Verified<Echo>)
    /// A request to go on up to a view.
    case plea(View)
}

extension Verified<Proposal> {
    /// The proposed block.
    public var block: Verified<Block> { Verified<Block>(content.block, epoch: epoch) }
    /// The timeout certificate by which the view was entered, if the block's own certificate is older.
    public var timeoutCertificate: Verified<TimeoutCertificate>? {
        content.timeoutCertificate.map { Verified<TimeoutCertificate>($0, epoch: epoch) }
    }
}

extension Verified<Proposal> {
    /// A brief proposal made whole by a certificate that has been checked: nothing unless it is the one that the proposal names.
    public init?(_ brief: Verified<BriefProposal>, on justify: Verified<QuorumCertificate>) {
        let header = brief.content.header
        let statement = justify.content.statement
        guard brief.epoch == justify.epoch,
            header.parent == statement.block && header.justifyView == statement.view
                && header.height.follows(statement.height) || mutant("believe-brief")
        else { return nil }
        self.init(brief.content.whole(with: justify.content), epoch: brief.epoch)
    }
}

extension Verified<Block> {
    /// The certificate of the block's parent.
    public var justify: Verified<QuorumCertificate> { Verified<QuorumCertificate>(content.justify, epoch: epoch) }
}

extension Verified<BlockResponse> {
    /// The blocks.
    public var blocks: [Verified<Block>] { content.blocks.map { Verified<Block>($0, epoch: epoch) } }
}

extension Verified<BlockRange> {
    /// What makes the last block final.
    public var certificate: Verified<QuorumCertificate>? {
        content.certificate.map { Verified<QuorumCertificate>($0, epoch: epoch) }
    }
}

extension Verified<SnapshotAnswer> {
    /// The offer, if it is one.
    public var offer: Verified<SnapshotOffer>? {
        guard case .offer(let offer) = content else { return nil }
        return Verified<SnapshotOffer>(offer, epoch: epoch)
    }

    /// The outline, if it is one.
    public var outline: Verified<SnapshotOutline>? {
        guard case .outline(let outline) = content else { return nil }
        return Verified<SnapshotOutline>(outline, epoch: epoch)
    }
}

extension Verified<Timeout> {
    /// The certificates that the timeout shows.
    public var certificates: Verified<CertificatePair> {
        Verified<CertificatePair>(content.certificates, epoch: epoch)
    }
}

extension Verified<TimeoutCertificate> {
    /// The highest quorum certificate among those that the timeouts name.
    public var highest: Verified<QuorumCertificate> { Verified<QuorumCertificate>(content.highest, epoch: epoch) }
}

extension Verified<CertificatePair> {
    /// The quorum certificate.
    public var quorum: Verified<QuorumCertificate> { Verified<QuorumCertificate>(content.quorum, epoch: epoch) }
    /// The timeout certificate, if it is higher.
    public var timeout: Verified<TimeoutCertificate>? {
        content.timeout.map { Verified<TimeoutCertificate>($0, epoch: epoch) }
    }

    /// The pair of two certificates that have been checked.
    public init(quorum: Verified<QuorumCertificate>, timeout: Verified<TimeoutCertificate>?) {
        self.init(CertificatePair(quorum: quorum.content, timeout: timeout?.content), epoch: quorum.epoch)
    }
}

extension Verified<QuorumCertificate> {
    /// The certificate with which an epoch begins, true by definition.
    public init(genesisOf committee: Committee) {
        self.init(committee.genesisCertificate, epoch: committee.epoch)
    }

    /// The certificate that some votes make: nothing unless they are of one statement and make a quorum.
    public init?(votes: [Verified<Vote>], committee: Committee) {
        guard let statement = votes.first?.content.statement else { return nil }
        guard votes.allSatisfy({ $0.content.statement == statement && $0.epoch == committee.epoch }) else { return nil }
        let signatures = SignatureSet(votes.map { ($0.content.voter, $0.content.signature) })
        let signers = mutant("count-signer-twice") ? votes.map(\.content.voter) : signatures.signers
        guard committee.validators.power(of: signers) >= committee.validators.quorum else { return nil }
        self.init(QuorumCertificate(statement: statement, signatures: signatures), epoch: committee.epoch)
    }
}

extension Verified<TimeoutCertificate> {
    /// The certificate that some timeouts make: nothing unless they are of one view and make a quorum.
    public init?(timeouts: [Verified<Timeout>], committee: Committee) {
        let ordered = timeouts.map(\.content).sorted { $0.sender < $1.sender }
        guard let view = ordered.first?.statement.view,
            let highest = ordered.map(\.certificates.quorum).max(by: { $0.view < $1.view }),
            timeouts.allSatisfy({ $0.content.statement.view == view && $0.epoch == committee.epoch })
        else { return nil }
        let signatures = SignatureSet(ordered.map { ($0.sender, $0.signature) })
        guard signatures.count == ordered.count,
            committee.validators.power(of: signatures.signers) >= committee.validators.quorum
        else { return nil }
        let certificate = TimeoutCertificate(
            chain: committee.chain,
            epoch: committee.epoch,
            view: view,
            signatures: signatures,
            certifiedViews: ordered.map(\.statement.highestCertifiedView),
            highest: highest
        )
        self.init(certificate, epoch: committee.epoch)
    }
}

extension Verified<Vote> {
    /// A replica's own vote, which only its outbox can have released.
    public init?(own released: Released, epoch: Epoch) {
        guard case .vote(let vote) = released.message else { return nil }
        self.init(vote, epoch: epoch)
    }
}

extension Verified<Timeout> {
    /// A replica's own timeout, which only its outbox can have released.
    public init?(own released: Released, epoch: Epoch) {
        guard case .timeout(let timeout) = released.message else { return nil }
        self.init(timeout, epoch: epoch)
    }
}

extension Verified<Block> {
    /// A replica's own block on a certificate that it has verified: nothing unless its parts fit each other.
    public init?(own block: Block, justify: Verified<QuorumCertificate>, rules: BlockRules) {
        guard block.justify == justify.content, rules.fault(of: block) == nil else { return nil }
        self.init(block, epoch: justify.epoch)
    }
}

/// Checks everything that comes from the network: the only way to make a `Verified` out of a message.
///
/// A message is first read as a whole: its fields, who signed, and which of its signatures have not been verified before. Those
/// are then verified together, and those that are found valid are remembered, also when another spoils the message.
public struct MessageVerifier: Sendable {
    /// Against whom signatures are checked.
    public let committee: Committee
    private let blockRules: BlockRules
    private let snapshotInterval: UInt64
    private let certificateRules: CertificateRules
    private let verifier: any SignatureVerifier
    private var remembered: VerifiedSignatures

    /// Creates a verifier for the messages of one epoch.
    ///
    /// - Parameters:
    ///   - committee: the epoch's committee.
    ///   - parameters: the chain's limits.
    ///   - verifier: judges the signatures of the committee's validators.
    ///   - rememberedPerSigner: how many verified signatures of each validator are kept, so that none is verified twice. A
    ///     validator makes one or two in a view, and they are shown again until some views later.
    public init(
        committee: Committee,
        parameters: ChainParameters,
        verifier: any SignatureVerifier,
        rememberedPerSigner: Int = 32
    ) {
        self.committee = committee
        blockRules = BlockRules(committee: committee, parameters: parameters)
        snapshotInterval = parameters.snapshotInterval
        certificateRules = CertificateRules(committee: committee)
        self.verifier = verifier
        remembered = VerifiedSignatures(signerCount: committee.validators.count, capacity: rememberedPerSigner)
    }

    /// Checks a message of an authenticated sender.
    public mutating func verify(
        _ message: Message,
        from sender: ReplicaID
    ) throws(VerificationFailure) -> VerifiedMessage {
        switch message {
        case .proposal(let proposal): .proposal(try verify(proposal, from: sender))
        case .briefProposal(let brief): .briefProposal(try verify(brief, from: sender))
        case .vote(let vote): .vote(try verify(vote, from: sender))
        case .timeout(let timeout): .timeout(try verify(timeout, from: sender))
        case .certificates(let pair): .certificates(try verify(pair))
        case .commands(let commands): .commands(try verify(commands))
        case .blockRequest(let request): .blockRequest(request)
        case .blockResponse(let response): .blockResponse(try verify(response))
        case .rangeRequest(let request): .rangeRequest(request)
        case .blockRange(let range): .blockRange(try verify(range))
        case .snapshotRequest(let request): .snapshotRequest(request)
        case .snapshotAnswer(let answer): .snapshotAnswer(try verify(answer))
        case .echo(let echo): .echo(try verify(echo))
        case .plea(let view): .plea(view)
        }
    }

    /// Checks a pair of certificates, wherever it comes from.
    public mutating func verify(
        _ pair: CertificatePair
    ) throws(VerificationFailure) -> Verified<CertificatePair> {
        var signed: [SignedDigest] = []
        try certificateRules.read(pair, into: &signed)
        try verify(signed)
        return Verified(pair, epoch: committee.epoch)
    }

    /// Checks a block that is not proposed but kept or served: its fields, its commands and its certificate.
    public mutating func verify(_ block: Block) throws(VerificationFailure) -> Verified<Block> {
        var signed: [SignedDigest] = []
        try read(block, into: &signed)
        try verify(signed)
        return Verified(block, epoch: committee.epoch)
    }

    /// Remembers the signature of a statement of our own, which need not be verified when it comes back in a certificate.
    public mutating func remember(_ released: Released) {
        switch released.message {
        case .vote(let vote): remembered.insert(vote.signed)
        case .timeout(let timeout): remembered.insert(timeout.signed)
        case .proposal, .briefProposal, .certificates, .commands, .blockRequest, .blockResponse, .rangeRequest,
            .blockRange,
            .snapshotRequest, .snapshotAnswer, .echo, .plea:
            break
        }
    }

    private mutating func verify(
        _ proposal: Proposal,
        from sender: ReplicaID
    ) throws(VerificationFailure) -> Verified<Proposal> {
        let header = proposal.block.header
        guard header.proposer == sender else { throw .notTheSender(header.proposer) }
        if let timeout = proposal.timeoutCertificate {
            guard header.view.follows(timeout.view), timeout.view > header.justifyView else { throw .inconsistentViews }
        } else {
            guard header.view.follows(header.justifyView) || mutant("two-chain-without-timeout-certificate")
            else { throw .unjustified }
        }
        if let fault = blockRules.fault(of: proposal.block) { throw fault }
        var signed: [SignedDigest] = []
        if !mutant("wrong-proposer-signature") { try certificateRules.read(proposal.signed, into: &signed) }
        try certificateRules.read(proposal.block.justify, into: &signed)
        if let timeout = proposal.timeoutCertificate {
            try certificateRules.read(timeout, beside: proposal.block.justify, into: &signed)
        }
        try verify(signed)
        return Verified(proposal, epoch: committee.epoch)
    }

    /// Checks all of a proposal but the certificate that it names, which the core holds or not.
    private mutating func verify(
        _ brief: BriefProposal,
        from sender: ReplicaID
    ) throws(VerificationFailure) -> Verified<BriefProposal> {
        let header = brief.header
        guard header.proposer == sender else { throw .notTheSender(header.proposer) }
        guard header.view.follows(header.justifyView) else { throw .unjustified }
        if let fault = blockRules.fault(of: header, with: brief.payload) { throw fault }
        var signed: [SignedDigest] = []
        if !mutant("wrong-proposer-signature") {
            try certificateRules.read(
                SignedDigest(brief.signature, on: brief.statement.digest, by: header.proposer),
                into: &signed
            )
        }
        try verify(signed)
        return Verified(brief, epoch: committee.epoch)
    }

    private mutating func verify(
        _ vote: Vote,
        from sender: ReplicaID
    ) throws(VerificationFailure) -> Verified<Vote> {
        guard vote.voter == sender else { throw .notTheSender(vote.voter) }
        try certificateRules.check(vote.statement)
        var signed: [SignedDigest] = []
        try certificateRules.read(vote.signed, into: &signed)
        try verify(signed)
        return Verified(vote, epoch: committee.epoch)
    }

    private mutating func verify(
        _ timeout: Timeout,
        from sender: ReplicaID
    ) throws(VerificationFailure) -> Verified<Timeout> {
        guard timeout.sender == sender else { throw .notTheSender(timeout.sender) }
        let statement = timeout.statement
        try certificateRules.check(chain: statement.chain, epoch: statement.epoch)
        guard statement.highestCertifiedView == timeout.certificates.quorum.view || mutant("unshown-timeout-claim"),
            timeout.certificates.view < statement.view
        else { throw .inconsistentViews }
        var signed: [SignedDigest] = []
        try certificateRules.read(timeout.signed, into: &signed)
        try certificateRules.read(timeout.certificates, into: &signed)
        try verify(signed)
        return Verified(timeout, epoch: committee.epoch)
    }

    private mutating func verify(_ echo: Echo) throws(VerificationFailure) -> Verified<Echo> {
        var signed: [SignedDigest] = []
        if let vote = echo.vote {
            try certificateRules.check(vote.statement)
            try certificateRules.read(vote.signed, into: &signed)
        }
        if let timeout = echo.timeout {
            try certificateRules.check(chain: timeout.statement.chain, epoch: timeout.statement.epoch)
            try certificateRules.read(
                SignedDigest(timeout.signature, on: timeout.statement.digest, by: timeout.sender),
                into: &signed
            )
        }
        try verify(signed)
        return Verified(echo, epoch: committee.epoch)
    }

    private func verify(_ commands: [Command]) throws(VerificationFailure) -> [Command] {
        guard commands.allSatisfy(blockRules.admits) else { throw .tooLarge }
        return commands
    }

    private mutating func verify(
        _ response: BlockResponse
    ) throws(VerificationFailure) -> Verified<BlockResponse> {
        for (block, next) in zip(response.blocks, response.blocks.dropFirst()) where next.header.parent != block.id {
            throw .brokenLink
        }
        var signed: [SignedDigest] = []
        for block in response.blocks { try read(block, into: &signed) }
        try verify(signed)
        return Verified(response, epoch: committee.epoch)
    }

    /// Checks that the blocks follow one another from the height that was asked, that each is what its header says, and that
    /// the certificate makes the last of them final.
    public mutating func verify(_ range: BlockRange) throws(VerificationFailure) -> Verified<BlockRange> {
        guard let certificate = range.certificate, let last = range.blocks.last else {
            guard range.certificate == nil, range.blocks.isEmpty else { throw .brokenLink }
            return Verified(range, epoch: committee.epoch)
        }
        var below: (height: Height, block: Digest?) = (range.above, nil)
        for block in range.blocks {
            guard block.height.follows(below.height),
                below.block.map({ $0 == block.header.parent }) ?? true || mutant("believe-range-links")
            else { throw .brokenLink }
            if let fault = blockRules.fault(of: block) { throw fault }
            below = (block.height, block.id)
        }
        guard certificate.statement.commits == last.id || mutant("believe-any-finality") else { throw .brokenLink }
        var signed: [SignedDigest] = []
        try certificateRules.read(certificate, into: &signed)
        try verify(signed)
        return Verified(range, epoch: committee.epoch)
    }

    private mutating func verify(
        _ answer: SnapshotAnswer
    ) throws(VerificationFailure) -> Verified<SnapshotAnswer> {
        switch answer {
        case .offer(let offer): try verify(offer)
        case .outline(let outline): try verify(outline)
        // What chunk it should be only the receiver knows.
        case .chunk, .nothing: break
        }
        return Verified(answer, epoch: committee.epoch)
    }

    /// Checks that a quorum has certified the digest that stands for the snapshot.
    private mutating func verify(_ offer: SnapshotOffer) throws(VerificationFailure) {
        let certificate = offer.certificate
        if mutant("believe-any-offer") { return }
        guard offer.manifest.chain == committee.chain else { throw .wrongChain }
        guard offer.manifest.epoch == committee.epoch else { throw .wrongEpoch(offer.manifest.epoch) }
        switch certificate.fault(chain: committee.chain, interval: snapshotInterval) {
        case .anotherChain: throw .wrongChain
        case .notFinal, .proof: throw .brokenLink
        case nil: break
        }
        guard certificate.point == offer.manifest.point, certificate.header.version == BlockHeader.currentVersion else {
            throw .brokenLink
        }
        var signed: [SignedDigest] = []
        try certificateRules.read(certificate.finality, into: &signed)
        try verify(signed)
    }

    /// Checks that the first of the final blocks is that of the snapshot's height.
    private mutating func verify(_ outline: SnapshotOutline) throws(VerificationFailure) {
        _ = try verify(outline.foundation)
        guard outline.foundation.blocks.first?.height == outline.name.height else { throw .brokenLink }
    }

    private func read(_ block: Block, into signed: inout [SignedDigest]) throws(VerificationFailure) {
        if let fault = blockRules.fault(of: block) { throw fault }
        try certificateRules.read(block.justify, into: &signed)
    }

    /// Verifies the signatures that are not remembered, and remembers the valid ones up to the first that is not: its signer is
    /// to blame.
    private mutating func verify(_ signed: [SignedDigest]) throws(VerificationFailure) {
        let unverified = signed.filter { !remembered.contains($0) }
        guard !unverified.isEmpty else { return }
        let firstInvalid = mutant("accept-any-signature") ? nil : verifier.firstInvalid(of: unverified)
        for valid in unverified[..<(firstInvalid ?? unverified.endIndex)] { remembered.insert(valid) }
        if let firstInvalid { throw .invalidSignature(unverified[firstInvalid].signer) }
    }
}

extension Proposal {
    fileprivate var signed: SignedDigest {
        SignedDigest(signature, on: statement.digest, by: block.header.proposer)
    }
}

extension Vote {
    fileprivate var signed: SignedDigest { SignedDigest(signature, on: statement.digest, by: voter) }
}

extension Timeout {
    fileprivate var signed: SignedDigest { SignedDigest(signature, on: statement.digest, by: sender) }
}
