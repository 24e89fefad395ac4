/// The check of a stored chain from below, block by block, by everything that can be known without executing it.
///
/// Every block must follow from the one below, fit its own header, and carry a valid certificate of its parent; every signature of every
/// certificate is verified, several hundred at a time, so that a verifier with threads can share them out. It holds the links of
/// the last blocks and the signatures that wait, however long the chain is.
package struct ChainAudit: Sendable {
    /// How much was checked.
    package struct Counts: Hashable, Sendable {
        /// Blocks.
        package var blocks: UInt64 = 0
        /// Certificates, of parents and of finality.
        package var certificates: UInt64 = 0
        /// Signatures that were verified; one certificate in two places is verified once.
        package var signatures: UInt64 = 0

        /// Nothing was checked yet.
        package init() {}
    }

    /// What is remembered of a block.
    struct Link: Sendable {
        let id: Digest
        let height: Height
        /// The header; none of the block below the first one.
        let header: BlockHeader?
    }

    /// A signature that waits, and whose it is.
    struct Waiting: Sendable {
        let height: Height
        let source: String
    }

    /// How much was checked; the signatures that wait are not counted yet.
    package internal(set) var counts = Counts()
    /// The highest block that a checked certificate makes final.
    package internal(set) var provedHeight: Height

    let rules: BlockRules
    let certificateRules: CertificateRules
    let verifier: any SignatureVerifier
    /// The last blocks, upwards.
    var links: [Link]
    /// The blocks that certificates made final before they came.
    var awaited: [Height: Digest] = [:]
    /// The certificates that were read last, which need no second reading.
    var recent: [QuorumCertificate] = []
    var signed: [SignedDigest] = []
    var waiting: [Waiting] = []

    let rule: CommitRule
    private let committee: Committee
    private let leaders: LeaderSchedule
    /// What the blocks so far tell of the leaders; nil where those below are missing.
    private var history: LeaderHistory?
    private let parameters: ChainParameters

    /// How many links are remembered at least: more than a certificate reaches back.
    private static let linkCount = 512
    /// How many signatures are verified together.
    static let batchCount = 384

    /// Begins above the genesis.
    ///
    /// - Parameters:
    ///   - committee: the epoch's committee.
    ///   - parameters: the chain's limits.
    ///   - verifier: judges the signatures of the committee's validators.
    package init(committee: Committee, parameters: ChainParameters, verifier: any SignatureVerifier) {
        self.committee = committee
        self.verifier = verifier
        self.parameters = parameters
        leaders = LeaderSchedule(among: committee.validators, parameters: parameters)
        rule = parameters.commitRule
        rules = BlockRules(committee: committee, parameters: parameters)
        certificateRules = CertificateRules(committee: committee)
        let genesis = committee.genesis
        links = [Link(id: genesis.id, height: genesis.height, header: genesis.header)]
        history = LeaderHistory(beginningWith: genesis.header)
        provedHeight = genesis.height
    }

    /// The height of the last block.
    package var height: Height { links.last?.height ?? .genesis }

    /// The name of the last block.
    package var tip: Digest { links.last?.id ?? committee.genesis.id }

    /// Goes on above a block of which only the name is known, because those below are not kept.
    package mutating func begin(above height: Height, block: Digest) {
        if let last = links.last, last.height == height, last.id == block { return }
        links = [Link(id: block, height: height, header: nil)]
        history = nil
        awaited = [:]
    }

    /// Checks the next block, its certificate, and the one that was stored to prove it final; signatures may wait.
    ///
    /// - Parameters:
    ///   - block: the block above the last one.
    ///   - finality: a certificate that makes it final.
    ///   - source: where both were found.
    /// - Throws: the lowest fault up to here.
    package mutating func take(
        _ block: Block,
        finality: QuorumCertificate?,
        in source: String
    ) throws(ChainFault) {
        if let reason = fault(of: block) { throw try lowest(ChainFault(at: block.height, in: source, reason)) }
        // A block that came in a range has no certificate of its parent; that of a block above it proves both.
        if !block.isBare { try take(block.justify, at: block.height, in: source) }
        append(block)
        if let expected = awaited.removeValue(forKey: block.height) {
            try settle(expected, at: block.height, in: source)
        }
        if let finality { try take(finality, at: block.height, in: source) }
        counts.blocks += 1
    }

    /// Verifies the signatures that wait.
    package mutating func finish() throws(ChainFault) {
        defer {
            signed.removeAll(keepingCapacity: true)
            waiting.removeAll(keepingCapacity: true)
        }
        guard !signed.isEmpty else { return }
        if let invalid = verifier.firstInvalid(of: signed) {
            throw ChainFault(
                at: waiting[invalid].height,
                in: waiting[invalid].source,
                .certificate(.invalidSignature(signed[invalid].signer))
            )
        }
        counts.signatures += UInt64(signed.count)
    }

    /// A fault, unless one of the signatures that wait is below it.
    mutating func lowest(_ fault: ChainFault) throws(ChainFault) -> ChainFault {
        try finish()
        return fault
    }

    private mutating func append(_ block: Block) {
        history = history(below: block.header).map { leaders.history($0, with: block.header) }
        links.append(Link(id: block.id, height: block.height, header: block.header))
        if links.count > 2 * Self.linkCount { links.removeFirst(Self.linkCount) }
    }

    /// What the chain tells of its leaders below the next block: nothing before the first height at which it begins afresh.
    private func history(below header: BlockHeader) -> LeaderHistory? {
        if let history { return history }
        guard parameters.isSnapshotDue(at: height) else { return nil }
        return links.last?.header.map { LeaderHistory(beginningWith: $0) }
            ?? LeaderHistory(beginningIn: header.justifyView)
    }

    private func fault(of block: Block) -> ChainFault.Reason? {
        let header = block.header
        guard let last = links.last else { return nil }
        guard header.height.follows(last.height) else { return .gap(expected: last.height.next ?? last.height) }
        guard header.parent == last.id else { return .wrongParent }
        if let failure = rules.fault(of: block) { return .block(failure) }
        let history = history(below: header)
        // How difficult the puzzle was is in the header below.
        let isJudgeable = !leaders.wantsWork || last.header != nil
        guard !isJudgeable || leaders.admits(header, after: history) != false else {
            return .notTheLeader(header.proposer, leader: leaders.leader(of: header.view, after: history))
        }
        guard let parent = last.header else { return nil }
        guard header.view > parent.view, header.justifyView == parent.view else { return .wrongViews }
        guard header.time >= parent.time else { return .timeWentBack }
        guard header.executed.height > parent.executed.height || header.executed == parent.executed else {
            return .executionWentBack
        }
        return block.isBare || states(block.justify, parent) ? nil : .wrongStatement
    }

    /// Whether a certificate says of a block what the block says of itself.
    private func states(_ certificate: QuorumCertificate, _ header: BlockHeader) -> Bool {
        guard header.height > committee.genesis.height else { return true }
        let statement = certificate.statement
        guard statement.epoch == header.epoch, statement.parentView == header.justifyView else { return false }
        guard links.count > 1, let parent = links[links.count - 2].header else { return true }
        let below = Block(header: parent, payload: .empty, justify: committee.genesisCertificate)
        return statement.commits == rule.commits(header, on: Ancestry(final: below, pending: []))
    }
}
