/// Everything that a replica may ever sign: the only code that may ask for a signature.
///
/// It trusts no caller. It knows its own certificates and hence its view, follows every link itself, and answers a repeated
/// question with the statement that it stored the first time. The clauses bear the numbers of the design, section 3.
public struct SafetyRules: Sendable {
    /// Whose signatures count.
    public let committee: Committee
    /// Whose statements these are.
    public let replica: ReplicaID
    /// What must be durable before a statement leaves.
    public private(set) var record: SafetyRecord
    /// The highest quorum certificate seen, and the timeout certificate by which the view was entered if that is higher.
    public private(set) var certificates: Verified<CertificatePair>
    private let leaders: LeaderSchedule
    private let rule: CommitRule

    /// Creates the rules of a replica, new or with what it remembers.
    public init(
        committee: Committee,
        replica: ReplicaID,
        leaders: LeaderSchedule,
        rule: CommitRule,
        record: SafetyRecord? = nil,
        certificates: Verified<CertificatePair>? = nil
    ) {
        precondition(
            committee.validators.contains(replica) || replica.isListener,
            "replica \(replica) is neither a validator nor a listener"
        )
        let genesis = Verified<QuorumCertificate>(genesisOf: committee)
        self.committee = committee
        self.replica = replica
        self.leaders = leaders
        self.rule = rule
        self.record = record ?? SafetyRecord(epoch: committee.epoch, genesis: committee.genesis.view)
        self.certificates = certificates ?? Verified<CertificatePair>(quorum: genesis, timeout: nil)
        precondition(self.record.epoch == committee.epoch, "a record of epoch \(self.record.epoch)")
        precondition(self.certificates.epoch == committee.epoch, "certificates of epoch \(self.certificates.epoch)")
        lock(self.certificates.quorum)
        remember(self.certificates.quorum)
    }

    /// Whether this replica may sign anything at all: a listener may not (R0).
    public var hasVote: Bool { committee.validators.contains(replica) || mutant("listener-signs") }

    /// The current view: the one after the highest certified end of a view.
    ///
    /// Nothing else moves it.
    public var view: View { certificates.content.view.next ?? certificates.content.view }

    /// Takes note of a quorum certificate (L1), which may lock, and may end the current view.
    public mutating func observe(_ certificate: Verified<QuorumCertificate>) {
        guard certificate.epoch == committee.epoch else { return }
        lock(certificate)
        remember(certificate)
        if certificate.content.view > certificates.content.quorum.view {
            certificates = Verified<CertificatePair>(quorum: certificate, timeout: certificates.timeout)
        }
    }

    /// Takes note of a timeout certificate and of the quorum certificate in it.
    public mutating func observe(_ certificate: Verified<TimeoutCertificate>) {
        guard certificate.epoch == committee.epoch else { return }
        observe(certificate.highest)
        if certificate.content.view > certificates.content.view {
            certificates = Verified<CertificatePair>(quorum: certificates.quorum, timeout: certificate)
        }
    }

    /// Decides on a vote for a block (V1 to V5, `commits`).
    ///
    /// - Parameters:
    ///   - block: the block, checked.
    ///   - timeout: the timeout certificate that came with the proposal, checked; a two-chain vote may need it.
    ///   - ancestry: the chain from the last final block to the block's parent.
    ///   - judgement: the digest of the next validator set that the application computes for this block.
    /// - Returns: the statement to be signed: a new one, or for a repeated question the stored one.
    /// - Throws: the clause that forbids the vote.
    public mutating func vote(
        for block: Verified<Block>,
        after timeout: Verified<TimeoutCertificate>?,
        on ancestry: Ancestry,
        nextValidatorSet judgement: Digest
    ) throws(VoteRefusal) -> VoteStatement {
        guard hasVote else { throw .listener }
        let header = block.content.header
        guard record.forgottenThrough == nil || mutant("sign-after-amnesia") else { throw .amnesia }
        if let last = record.lastVote, last.view == header.view, last.block == block.content.id { return last }
        // V1: my chain, my epoch, my view, and its leader by the chain that the block extends, not by what I know beyond that.
        guard header.chain == committee.chain || mutant("foreign-chain") else { throw .wrongChain }
        guard header.epoch == committee.epoch || mutant("foreign-epoch"), block.epoch == committee.epoch
        else { throw .wrongEpoch }
        guard header.view == view || mutant("any-view") else { throw .wrongView }
        guard
            leaders.admits(header, after: leaders.history(of: ancestry)) == true || mutant("any-leader")
                || mutant("judge-leader-by-own-chain")
        else { throw .wrongLeader }
        // V2: once per view, upwards, and never in a view that I gave up.
        guard header.view > record.lastVotedView || mutant("vote-twice") else { throw .alreadyVoted }
        guard header.view > record.lastTimedOutView || mutant("vote-after-timeout") else { throw .timedOut }
        // V3: the block extends exactly what its certificate certifies.
        let justify = block.content.justify.statement
        guard header.parent == justify.block || mutant("skip-parent-check"),
            header.height.follows(justify.height) || mutant("skip-height-check"),
            justify.view < header.view,
            header.justifyView == justify.view || mutant("believe-justify-view"),
            ancestry.isUnbroken, ancestry.tip.id == header.parent
        else { throw .brokenLink }
        // V4: the certificate is not below my lock; in two-chain the views between are accounted for.
        let timeout = timeout.flatMap { $0.epoch == committee.epoch ? $0.content : nil }
        if let refusal = rule.refusal(
            of: header.view,
            justifyView: justify.view,
            lockedView: record.lockedView,
            after: timeout
        ) {
            throw refusal
        }
        // V5: the set is the application's; below an epoch's end that is not final there is nothing new.
        guard header.nextValidatorSet == judgement || mutant("accept-any-set") else { throw .wrongValidatorSet }
        if ancestry.pendingEpochEnd != nil {
            guard block.content.payload.isEmpty, !header.endsEpoch else { throw .afterEpochEnd }
        }
        let statement = VoteStatement(
            chain: committee.chain,
            epoch: committee.epoch,
            view: header.view,
            block: block.content.id,
            height: header.height,
            parentView: justify.view,
            commits: rule.commits(header, on: ancestry)
        )
        observe(block.justify)
        record.lastVotedView = header.view
        record.lastVote = statement
        return statement
    }

    /// Decides on a proposal of our own (P1): one in a view, for the view that I lead, on a verified certificate.
    ///
    /// - Parameters:
    ///   - block: the block, checked.
    ///   - ancestry: the chain from the last final block to the block's parent.
    /// - Returns: the statement to be signed: a new one, or for a repeated question the stored one.
    /// - Throws: the clause that forbids the proposal.
    public mutating func propose(
        _ block: Verified<Block>,
        on ancestry: Ancestry
    ) throws(ProposalRefusal) -> ProposalStatement {
        guard hasVote else { throw .listener }
        guard record.forgottenThrough == nil || mutant("sign-after-amnesia") else { throw .amnesia }
        let statement = ProposalStatement(proposing: block.content.header, id: block.content.id)
        if record.lastProposal == statement { return statement }
        let header = block.content.header
        guard block.epoch == committee.epoch, header.chain == committee.chain, header.epoch == committee.epoch
        else { throw .wrongEpoch }
        guard header.view == view else { throw .wrongView }
        guard header.proposer == replica, leaders.admits(header, after: leaders.history(of: ancestry)) == true
        else { throw .notTheLeader }
        guard record.lastProposal.map({ $0.view < header.view }) ?? true || mutant("propose-twice")
        else { throw .alreadyProposed }
        guard header.parent == block.content.justify.block, header.justifyView == block.content.justify.view,
            ancestry.isUnbroken, ancestry.tip.id == header.parent
        else { throw .unjustified }
        record.lastProposal = statement
        return statement
    }

    /// Decides on a timeout (T1): it names my highest certificate and forbids votes at its view and below.
    ///
    /// A view may lie ahead of the current one, when more than f have given it up. A view at or below the last one given up
    /// is answered with the stored statement.
    public mutating func timeOut(_ view: View) throws(TimeoutRefusal) -> TimeoutStatement {
        guard hasVote else { throw .listener }
        guard record.forgottenThrough == nil || mutant("sign-after-amnesia") else { throw .amnesia }
        if let last = record.lastTimeout, view <= last.view { return last }
        guard view > record.lastTimedOutView else { throw .alreadyTimedOut }
        guard view >= record.lastVotedView else { throw .belowVote }
        guard view > certificates.content.view else { throw .viewIsOver }
        guard certificates.content.quorum.view >= record.lockedView else { throw .belowLock }
        let statement = TimeoutStatement(
            chain: committee.chain,
            epoch: committee.epoch,
            view: view,
            highestCertifiedView: namedView
        )
        record.lastTimedOutView = view
        record.lastTimeout = statement
        return statement
    }

    /// T1: the view that a timeout names, that of the highest certificate.
    private var namedView: View {
        let highest = certificates.content.quorum
        if mutant("timeout-hides-certificate") { return committee.genesis.view }
        return rule == .twoChain && mutant("two-chain-timeout-names-parent")
            ? highest.statement.parentView : highest.view
    }

    /// Takes note that what was signed up to a view may be forgotten (A1).
    ///
    /// What was locked then is known again with a quorum certificate of that view or a higher one, for whatever my vote helped to
    /// make final is below every such certificate.
    public mutating func forget(through view: View) {
        record.forget(.through(view))
        remember(certificates.quorum)
    }

    // A1. Only a quorum certificate tells what the lost lock was.
    private mutating func remember(_ certificate: Verified<QuorumCertificate>) {
        guard let forgotten = record.forgottenThrough, forgotten != .unknown else { return }
        if certificate.content.view >= forgotten || mutant("amnesia-ends-early") { record.forgottenThrough = nil }
    }

    // L1. The lock follows from every certificate seen, and never goes back.
    private mutating func lock(_ certificate: Verified<QuorumCertificate>) {
        if mutant("never-lock") { return }
        record.lockedView = rule.lock(record.lockedView, after: certificate.content.statement)
    }
}
