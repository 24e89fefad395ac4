/// The protocol of one replica in one epoch: facts in, wishes out.
///
/// It is chained HotStuff (Yin et al., PODC 2019, section 5), or its two-chain form (Jolteon) where the chain's parameters say so,
/// with votes to everyone or to the next leader, and a pacemaker of timeout certificates.
/// It reads no clock, waits for nothing and owns no resource; the same events give the same effects on every machine.
/// Whatever it may sign is decided by `SafetyRules`, whatever it sends of its own passes through `Outbox`, and whatever it
/// hears is `Verified`.
public struct Consensus: Sendable {
    /// Whose signatures count.
    public let committee: Committee
    /// Which replica this is: a validator, or a listener.
    public let replica: ReplicaID
    /// The listeners that follow this replica, in order.
    public let listeners: [ReplicaID]
    let parameters: ChainParameters
    let blockRules: BlockRules
    let leaders: LeaderSchedule

    // What may never be forgotten.
    var rules: SafetyRules
    var outbox: Outbox
    var position: JournalPosition
    var journaledQuorumView: View
    var journaledTimeoutView: View

    // The chain.
    var tree: BlockTree
    var committedHistory: CommittedHistory
    var executionHistory: ExecutionHistory
    /// A certificate whose `commits` has not been carried out, for the block is missing.
    var openFinality: Verified<QuorumCertificate>?
    /// Claims about heights that have not been executed here yet, certified by a quorum.
    var openClaims: [ExecutedState] = []
    static let openClaimCapacity = 64

    // The view.
    var votes: VoteCollector
    /// A certificate that was made of votes which only this replica has, as long as nobody was told.
    var untoldCertificate: QuorumCertificate?
    var timeouts: TimeoutCollector
    var pacemaker: any Pacemaker
    /// What this replica calls long.
    let pace: PacemakerSettings
    /// After how long without a view a block without commands shows that the chain lives, in microseconds; zero for never.
    let heartbeatMicroseconds: UInt64
    /// When the current view began, and the last one whose time was up here.
    var enteredAt = Instant(0)
    var expiredView = View.genesis
    /// The current view's blocks that cannot be judged yet: the parent is missing, or the execution claim is ahead of us.
    ///
    /// There is more than one where the parent is missing that tells who leads.
    var parked: [ParkedBlock] = []
    static let parkedCapacity = 4
    /// Proposals of this view or later ones that name a certificate which is not here, one of each sender.
    var briefs: [WaitingBrief] = []
    /// The last certificates seen, which such proposals name.
    var recentCertificates = RecentCertificates()
    /// The view of the last proposal made since the start: those who hear it have heard the votes that it rests on.
    var freshProposalView: View?
    /// Who leads the current view by the highest certificate, as long as both are the same.
    var turn: LeaderTurn?
    /// The puzzle that is being solved, and its solution as soon as it is known.
    var puzzle: Puzzle?
    var solution: UInt64?
    /// The last view that was given up because its votes could make no quorum any more.
    var splitView = View.genesis
    /// The last proposals seen, one for each view and proposer, to show who makes two.
    var seenProposals: SeenProposals
    /// The last statements that left, to be sent again.
    var lastVote: Released?
    var lastTimeout: Released?
    var lastProposal: Released?

    // The others.
    var pool: CommandPool
    var fetcher: BlockFetcher
    var chainSync: ChainSync
    var blockRepair: BlockRepair
    var stateSync: StateSync
    /// So many missing blocks are got in ranges.
    let syncDistance: Int
    /// So many missing blocks are skipped by a snapshot, if there is one.
    let snapshotDistance: Int
    var answers: [CertificateAnswer]
    var audience: Audience
    /// The replicas whose connections have broken and not come back.
    var isDisconnected: [Bool]
    /// Who spoke last, and so is likely to have what it spoke of.
    var informant: ReplicaID

    var now = Instant(0)
    var wall = Timestamp(0)
    var wakeTime: Instant?
    var recovered: RecoveredState?

    /// The segment of the journal that is wanted, while one is.
    var segmentWish: SegmentWish?
    /// What the last timeout showed, and what the last proposal came after.
    var shownInTimeout: CertificatePair?
    var shownInProposal: TimeoutCertificate?

    // What may be forgotten.
    /// Whether something was signed since the start.
    var hasSigned = false
    /// Whether others may sign with this replica's key: only a liar's copies do.
    let sharesKey: Bool
    /// Who has told its echo, and the highest view in one.
    var haveSpoken: [Bool]
    var recollectedView = View.genesis
    var nextPlea: Instant?
    /// The view up to which somebody asked to go on.
    var pleadedView = View.genesis
    var isHalted = false

    // What a listener does in place of waiting for views.
    /// When it asks where the others stand, whom it asked last, and the highest view that it had heard of then.
    var nextInquiry: Instant?
    var lastAsked: ReplicaID
    var heardView = View.genesis

    /// Creates the protocol of a replica.
    ///
    /// - Parameters:
    ///   - committee: the epoch's validators.
    ///   - replica: which of them this is, or which listener.
    ///   - listeners: the listeners that may connect to it.
    ///   - parameters: the chain's limits.
    ///   - settings: this replica's own limits, without fault.
    ///   - leaders: who leads which view; by default the election that the parameters name. All replicas must have the same.
    ///   - pacemaker: when views have taken too long; the house's own with these settings, if none is given.
    ///   - recovered: what the journal holds, if it holds anything.
    public init(
        committee: Committee,
        replica: ReplicaID,
        listeners: [ReplicaID] = [],
        parameters: ChainParameters,
        settings: ConsensusSettings = ConsensusSettings(),
        leaders: (any LeaderElection)? = nil,
        pacemaker: (any Pacemaker)? = nil,
        recovered: RecoveredState? = nil
    ) {
        self.init(
            committee: committee,
            replica: replica,
            listeners: listeners,
            parameters: parameters,
            settings: settings,
            leaders: leaders,
            pacemaker: pacemaker,
            recovered: recovered,
            sharesKey: false
        )
    }

    /// Creates the protocol of a replica, or of one of the copies of a liar.
    package init(
        committee: Committee,
        replica: ReplicaID,
        listeners: [ReplicaID] = [],
        parameters: ChainParameters,
        settings: ConsensusSettings,
        leaders: (any LeaderElection)? = nil,
        pacemaker: (any Pacemaker)? = nil,
        recovered: RecoveredState?,
        sharesKey: Bool
    ) {
        let recovered = recovered?.remembered(by: committee)
        let root = recovered?.committed ?? committee.genesis
        self.committee = committee
        self.replica = replica
        self.listeners = listeners
        audience = Audience(listeners)
        lastAsked = replica
        self.parameters = parameters
        let leaders = LeaderSchedule(leaders, among: committee.validators, parameters: parameters)
        self.leaders = leaders
        self.recovered = recovered
        shownInTimeout = recovered?.timeoutCertificates
        shownInProposal = recovered?.proposalCertificate
        self.sharesKey = sharesKey
        haveSpoken = Array(repeating: false, count: committee.validators.count)
        blockRules = BlockRules(committee: committee, parameters: parameters)
        rules = SafetyRules(
            committee: committee,
            replica: replica,
            leaders: leaders,
            rule: parameters.commitRule,
            record: recovered?.record,
            certificates: recovered?.certificates
        )
        position = recovered?.position ?? .start
        outbox = Outbox(replica: replica, durable: position)
        journaledQuorumView = rules.certificates.content.quorum.view
        journaledTimeoutView = rules.certificates.content.timeout?.view ?? .genesis
        tree = BlockTree(root: root, rule: parameters.commitRule)
        tree.rootHistory = recovered?.leaderHistory ?? LeaderHistory(beginningWith: root.header)
        committedHistory = CommittedHistory(height: root.height, block: root.id)
        executionHistory = ExecutionHistory(recovered?.executed ?? [committee.genesis.header.executed])
        votes = VoteCollector(committee: committee)
        seenProposals = SeenProposals(validatorCount: committee.validators.count)
        timeouts = TimeoutCollector(committee: committee)
        self.pacemaker = pacemaker ?? PatientPacemaker(settings: settings.pacemaker, validators: committee.validators)
        pace = settings.pacemaker
        heartbeatMicroseconds = settings.heartbeatMilliseconds * 1_000
        pool = CommandPool(
            maximumCount: settings.maximumPendingCommands,
            maximumBytes: settings.maximumPendingBytes,
            rememberedCount: settings.rememberedCommands
        )
        fetcher = BlockFetcher(
            replica: replica,
            replicaCount: committee.validators.count,
            intervalMicroseconds: settings.pacemaker.viewTimeoutMilliseconds * 1_000 / 4
        )
        chainSync = ChainSync(
            replica: replica,
            replicaCount: committee.validators.count,
            listeners: listeners,
            intervalMicroseconds: settings.pacemaker.viewTimeoutMilliseconds * 1_000
        )
        blockRepair = BlockRepair(
            replica: replica,
            replicaCount: committee.validators.count,
            intervalMicroseconds: settings.pacemaker.viewTimeoutMilliseconds * 1_000
        )
        stateSync = StateSync(
            replica: replica,
            replicaCount: committee.validators.count,
            intervalMicroseconds: settings.pacemaker.viewTimeoutMilliseconds * 1_000
        )
        syncDistance = settings.syncDistance
        snapshotDistance = settings.snapshotDistance
        answers = Array(repeating: CertificateAnswer(), count: committee.validators.count)
        isDisconnected = Array(repeating: false, count: committee.validators.count)
        informant = replica
        recentCertificates.note(rules.certificates.quorum)
        for block in recovered?.pending ?? [] {
            tree.insert(block, isJournaled: true, protecting: protected)
        }
        takeTurn()
    }

    /// The current view.
    public var view: View { rules.view }

    /// The leader of the current view; nil if it is not known, for the block of the highest certificate is missing, or if nobody is expected.
    public var leader: ReplicaID? { turn?.leader }

    /// The last committed block.
    public var committed: Block { tree.root }

    /// The number of commands that wait to be ordered.
    public var pendingCommandCount: Int { pool.count }

    /// What has been signed, locked and given up.
    public var safetyRecord: SafetyRecord { rules.record }

    /// The certificates by which this replica stands where it stands.
    public var certificates: CertificatePair { rules.certificates.content }

    /// Begins, or begins again after a restart: what was signed last is sent again, the same and nothing else.
    public mutating func start(now: Instant, wall: Timestamp, into effects: inout [Effect]) {
        self.now = now
        self.wall = wall
        enteredAt = now
        beginAfterAmnesia(into: &effects)
        // What the highest certificate makes final may still be missing here.
        observe(rules.certificates.quorum, into: &effects)
        resume(into: &effects)
        settle(into: &effects)
    }

    /// Takes note of a fact and wishes for what follows from it.
    ///
    /// After a halt nothing follows from anything.
    public mutating func handle(_ event: Event, into effects: inout [Effect]) {
        guard !isHalted else { return }
        switch event {
        case .clock(let now, let wall):
            // Until the next moment to act nothing follows from the time alone.
            guard onClock(now: now, wall: wall, into: &effects) else { return }
        case .connected(let peer): onConnected(peer, into: &effects)
        case .disconnected(let peer): onDisconnected(peer)
        case .received(let message, let sender): onReceived(message, from: sender, into: &effects)
        case .refused(let sender): onRefused(sender)
        case .damaged(let height): blockRepair.found(damaged: height)
        case .snapshotBegun(let name, let missing): onSnapshotBegun(name, missing: missing, into: &effects)
        case .chunkKept(let name, let index): onChunkKept(name, index, into: &effects)
        case .snapshotFailed(let name): stateSync.failed(name, now: now)
        case .submitted(let commands): onSubmitted(commands, again: false, into: &effects)
        case .forgotten(let commands): onSubmitted(commands, again: true, into: &effects)
        case .durable(let position): onReleased(outbox.journalIsDurable(through: position), into: &effects)
        case .signed(let number, let signature): onReleased(outbox.complete(number, with: signature), into: &effects)
        case .executed(let state): onExecuted(state, into: &effects)
        case .mined(let puzzle, let nonce): onMined(puzzle, nonce: nonce, into: &effects)
        case .segmentIsFull(let room):
            segmentWish = SegmentWish(room: room)
        }
        settle(into: &effects)
    }

    /// Brings everything to where it should be after an event: what can be voted for or proposed is, what is missing is
    /// sought, and the next moment to act is set.
    private mutating func settle(into effects: inout [Effect]) {
        guard !isHalted else { return }
        carryOutFinality(into: &effects)
        startSegmentIfWanted(into: &effects)
        resolveBriefs(into: &effects)
        takeTurn()
        judgeParked(into: &effects)
        proposeIfLeading(into: &effects)
        mineOrPropose(into: &effects)
        giveUpIfSplit(into: &effects)
        tellCertificate(into: &effects)
        syncChain(into: &effects)
        syncState(into: &effects)
        guard !isHalted else { return }
        seekMissing(into: &effects)
        repairBlocks(into: &effects)
        plead(into: &effects)
        inquire(into: &effects)
        pacemaker.update(hasWork: hasWork && mayGiveUp, prospect: prospect, now: now)
        let relay = pool.nextRelay(after: relayMicroseconds)
        let next = [
            pacemaker.deadline, fetcher.deadline, chainSync.deadline, stateSync.deadline, blockRepair.deadline,
            relay, nextPlea, nextInquiry, nextHeartbeat, nextCertificateRequest,
        ].compactMap { $0 }.min()
        if next != wakeTime {
            wakeTime = next
            effects.append(.wake(at: next))
        }
    }

    /// Whether a command waits or a block with commands is not final yet, here or at a replica that has given up the
    /// current view over it: only then views may be burnt.
    ///
    /// Another's timeout counts for as long as the view lasts: what it waits for may never have reached us, and alone it
    /// cannot move the view. A liar can wake an idle chain with it, as it can with a command.
    var hasWork: Bool {
        if !pool.isEmpty || !isSettled || isPleadedFor || isHeartbeatDue || mutant("never-rest") { return true }
        if timeouts.holds(view), !mutant("sleep-through-timeouts") { return true }
        if parked.contains(where: { $0.block.content.view == view && !$0.block.content.payload.isEmpty }) {
            return true
        }
        if briefs.contains(where: { $0.view == view && !$0.brief.content.payload.isEmpty }) { return true }
        if tree.hasCommands(upTo: rules.certificates.content.quorum.block) { return true }
        guard let vote = rules.record.lastVote, vote.view == view, let block = tree.block(vote.block) else {
            return false
        }
        return !block.payload.isEmpty
    }

    /// Whether a timer makes sense: who may sign no timeout waits for nobody, and begins with fresh patience when it may (A1).
    var mayGiveUp: Bool {
        rules.hasVote && (rules.record.forgottenThrough == nil || mutant("sign-after-amnesia"))
    }

    /// Whether the chain may come to rest on the highest certificates: they make a block final, and no view failed since.
    ///
    /// Who holds them then knows what is final. If a view failed, the certificate that made a block final may have reached
    /// only some: those would rest, and the others wait for three views in a row that nobody leads.
    var isSettled: Bool {
        (rules.certificates.content.timeout == nil || mutant("rest-after-failed-view"))
            && rules.certificates.content.quorum.statement.commits != nil
    }

    /// Takes note of the time.
    ///
    /// - Returns: whether the moment has come that was wished for last.
    private mutating func onClock(now: Instant, wall: Timestamp, into effects: inout [Effect]) -> Bool {
        self.now = max(self.now, now)
        self.wall = wall
        guard let wakeTime, wakeTime <= self.now else { return false }
        if pacemaker.expires(now: self.now) {
            expiredView = max(expiredView, view)
            giveUp(view, into: &effects)
        }
        let overdue = pool.takeForRelay(
            at: self.now,
            after: relayMicroseconds,
            maximumBytes: Int(parameters.maximumPayloadBytes)
        )
        if isListener { pool.forget(overdue) }
        if !overdue.isEmpty, !mutant("never-relay") { effects.append(.say(.commands(overdue), to: .everyone)) }
        return true
    }

    /// Whether this is another validator.
    private func isOther(_ peer: ReplicaID) -> Bool { committee.validators.contains(peer) && peer != replica }

    private mutating func onConnected(_ peer: ReplicaID, into effects: inout [Effect]) {
        guard audience.note(peer, isConnected: true) || isOther(peer) else { return }
        if !peer.isListener { isDisconnected[peer.index] = false }
        if isListener || mutant("no-greeting") { return }
        effects.append(.say(.certificates(certificates), to: .replica(peer)))
        let echo = echo(for: peer)
        if echo.view != nil, !mutant("never-echo") { effects.append(.say(.echo(echo), to: .replica(peer))) }
        for released in [lastProposal, lastVote, lastTimeout].compactMap({ $0 }) where released.view >= view {
            if case .vote(let vote) = released.message, collector(of: vote.statement) ?? peer != peer { continue }
            effects.append(.send(released, to: .replica(peer)))
        }
    }

    private mutating func onDisconnected(_ peer: ReplicaID) {
        guard !audience.note(peer, isConnected: false), isOther(peer) else { return }
        isDisconnected[peer.index] = true
    }

    private mutating func onReceived(
        _ message: VerifiedMessage,
        from sender: ReplicaID,
        into effects: inout [Effect]
    ) {
        if sender.isListener { return onReceived(message, fromListener: sender, into: &effects) }
        guard isOther(sender) else { return }
        informant = sender
        switch message {
        case .proposal(let proposal): onProposal(proposal, from: sender, into: &effects)
        case .briefProposal(let brief): onBriefProposal(brief, from: sender, into: &effects)
        case .vote(let vote): onVote(vote, into: &effects)
        case .timeout(let timeout): onTimeout(timeout, into: &effects)
        case .certificates(let pair): onCertificates(pair, from: sender, into: &effects)
        case .commands(let commands): onCommands(commands)
        case .blockRequest(let request): onBlockRequest(request, from: sender, into: &effects)
        case .blockResponse(let response): onBlockResponse(response, from: sender, into: &effects)
        case .rangeRequest(let request): onRangeRequest(request, from: sender, into: &effects)
        case .blockRange(let range): onBlockRange(range, from: sender, into: &effects)
        case .snapshotRequest(let request): effects.append(.serveSnapshot(request, to: sender))
        case .snapshotAnswer(let answer): onSnapshotAnswer(answer, from: sender, into: &effects)
        case .echo(let echo): onEcho(echo, from: sender, into: &effects)
        case .plea(let view): onPlea(view, from: sender, into: &effects)
        }
    }

    private mutating func onSubmitted(_ commands: [Command], again: Bool, into effects: inout [Effect]) {
        var refused: [CommandKey] = []
        var known: [Command] = []
        for command in commands {
            switch pool.insert(command, at: now, origin: .client, again: again) {
            case .accepted, .alreadyPending: break
            case .alreadyCommitted: known.append(command)
            case .full: refused.append(command.key)
            }
        }
        if !refused.isEmpty { effects.append(.refuse(refused)) }
        if !known.isEmpty { effects.append(.answer(known)) }
        if mutant("propose-twice"), leader == replica { propose(into: &effects) }
    }

    mutating func onCommands(_ commands: [Command]) {
        for command in commands { _ = pool.insert(command, at: now, origin: .replica) }
    }
}
