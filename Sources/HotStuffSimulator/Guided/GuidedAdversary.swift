internal import HotStuff

/// Plays one view after the other for two chains that contradict each other.
///
/// It holds all certificates that can be made, shows each to whom it likes, and lets a view end by one of them or by timeouts
/// of its choice. What it plays for is in `GuidedAdversary+Plays.swift`; this file is how a view is played.
final class GuidedAdversary {
    let stage: Stage
    var random: RandomSource
    /// The view that is played.
    private(set) var view = View(1)
    /// All certificates made so far, that of the genesis first.
    private(set) var certificates: [QuorumCertificate]
    /// The certificates that make a block final.
    private(set) var finals: [QuorumCertificate] = []
    /// How many certificates conflict with one before.
    private(set) var conflictCount = 0
    /// Whether two certificates make conflicting blocks final.
    private(set) var isForked = false
    /// The two halves of the honest replicas, and one whom both need.
    private(set) var camps: (left: [Int], right: [Int], swing: Int)
    let onlyForks: Bool
    /// After how many views the run ends.
    let viewGoal: UInt64
    /// By which certificates the view can be entered that others have not reached yet.
    private var entry: CertificatePair?
    /// Whether a proof of work elects leaders; then who is to lead the view, if that has been decided.
    let isByWork: Bool
    var solver: Int?
    /// Proposals that liars keep back.
    var hoarded: [Message] = []
    private var nextCommand: UInt64 = 1
    private var turns: UInt64 = 0
    private let print: ((String) -> Void)?

    init(
        seed: UInt64,
        replicaCount: Int,
        leaderElection: LeaderElectionRule,
        commitRule: CommitRule,
        onlyForks: Bool,
        trace: ((String) -> Void)?
    ) {
        random = RandomSource(seed: seed ^ 0x6175_69de_d000_0001)
        let parameters = ChainParameters(leaderElection: leaderElection, commitRule: commitRule)
        if case .proofOfWork = leaderElection { isByWork = true } else { isByWork = false }
        let world = SimulatedWorld(powers: Array(repeating: 1, count: replicaCount), parameters: parameters, seed: seed)
        let kinds: Set<ViolationKind> = onlyForks ? [.agreement, .evidence, .halt] : Set(ViolationKind.allCases)
        var order = Array(0..<replicaCount)
        order.shuffle(using: &random)
        let liars = (replicaCount - 1) / 3
        stage = Stage(
            world: world,
            liars: Array(order.prefix(liars)),
            inspector: Inspector(world: world, heeding: kinds),
            print: trace
        )
        let honest = Array(order.dropFirst(liars))
        let half = (honest.count - 1) / 2
        camps = (Array(honest[1...half]), Array(honest[(half + 1)...]), honest[0])
        certificates = [stage.genesisCertificate]
        self.onlyForks = onlyForks
        viewGoal = 60 + UInt64(replicaCount) * 5
        print = trace
    }

    /// Whether there is nothing left to play for.
    var isOver: Bool {
        view.rawValue > viewGoal || turns > 4 * viewGoal || isForked
            || stage.violations.contains { !onlyForks || $0.kind != .evidence }
    }

    /// The replicas that run, in a random order.
    var standing: [Int] {
        var list = stage.honest.filter(stage.isUp)
        list.shuffle(using: &random)
        return list
    }

    /// How many honest votes a certificate needs.
    var neededVotes: Int { Int(stage.world.committee.validators.quorum.rawValue) - stage.liars.count }

    /// Who leads a view; where a proof of work decides, who is to solve its puzzle first in the view that is played.
    func leader(of view: View) -> Int {
        guard isByWork else { return Int(view.rawValue % UInt64(stage.world.count)) }
        let chosen = solver ?? random.below(stage.world.count)
        solver = chosen
        return chosen
    }

    // MARK: One view

    /// What is to happen in a view.
    struct Turn {
        /// What the leader is to extend.
        var justify: QuorumCertificate
        /// Who is shown its block.
        var voters: [Int]
        /// What a second block extends, if the leader lies.
        var rival: QuorumCertificate?
        /// Who is shown that one.
        var rivalVoters: [Int] = []
        /// What is done to those who are shown both.
        var trick = Trick.none
        /// What the block claims of execution, if not what its parent does.
        var claim: ExecutedState?
        /// Who is shown the certificates that are made.
        var audience: [Int] = []
        /// Who makes the second block, if another than the leader.
        var rivalSolver: Int?
        /// Who hears votes.
        var hearVotes: [Int] = []
        /// Whether what liars keep back is shown.
        var showsHoarded = false
    }

    /// How a replica is tempted to say two things.
    enum Trick: CaseIterable {
        /// Not at all.
        case none
        /// It loses power between them.
        case powerLoss
        /// Its process dies between them.
        case death
        /// It loses power before the first is durable.
        case lostWrite
        /// It loses power in the middle of that write.
        case tornWrite
        /// It loses power before the first is signed.
        case lostSignature
        /// It gives the view up before them.
        case timeoutFirst
        /// It gives the view up between them.
        case timeoutBetween
        /// While it cannot judge the block yet, an old certificate is replayed; then its application catches up.
        case replayWhileParked
    }

    /// Plays the view and goes on to the next.
    ///
    /// - Returns: the certificates that it brought.
    @discardableResult
    func play(_ turn: Turn) -> [QuorumCertificate] {
        countTurn()
        provideWork()
        guard let pair = way(into: view, with: turn.justify) else {
            regroup()
            return []
        }
        entry = pair
        let leader = leader(of: view)
        note { "view \(self.view) led by \(leader): \(turn.summary)" }
        let proposals = propose(turn, pair: pair)
        if turn.trick == .timeoutFirst {
            for voter in turn.voters { giveUp(voter, showing: pair) }
        }
        show(proposals.first, to: turn.voters, under: turn.trick)
        if turn.trick == .timeoutBetween {
            for voter in turn.voters { giveUp(voter, showing: pair) }
        }
        if let second = proposals.dropFirst().first { show(second, to: turn.rivalVoters, under: .none) }
        if turn.showsHoarded { showHoarded() }
        let made = collect()
        if !turn.hearVotes.isEmpty { spreadVotes(to: turn.hearVotes) }
        for certificate in made {
            for replica in turn.audience { tell(replica, CertificatePair(quorum: certificate, timeout: nil)) }
        }
        if made.isEmpty { collectTimeouts(of: view, showing: pair) }
        stage.dropMail()
        if let next = view.next { view = next }
        solver = nil
        return made
    }

    /// How a replica comes to a view in which it votes on a certificate: by it alone, or with timeouts of the view before.
    func way(into view: View, with justify: QuorumCertificate) -> CertificatePair? {
        guard view.rawValue > justify.view.rawValue + 1 else { return CertificatePair(quorum: justify, timeout: nil) }
        let failed = View(view.rawValue - 1)
        if let timeout = timeoutCertificate(of: failed) { return CertificatePair(quorum: justify, timeout: timeout) }
        collectTimeouts(of: failed, showing: entry)
        return timeoutCertificate(of: failed).map { CertificatePair(quorum: justify, timeout: $0) }
    }

    /// The timeout certificate that tells least, or any.
    private func timeoutCertificate(of view: View) -> TimeoutCertificate? {
        var signers = stage.liars
        let known = stage.knowledge.timeouts(of: view).sorted {
            ($0.statement.highestCertifiedView, $0.sender) < ($1.statement.highestCertifiedView, $1.sender)
        }
        signers += known.map(\.sender.index)
        if random.chance(oneIn: 4) { signers.shuffle(using: &random) }
        return stage.timeoutCertificate(of: view, signers: signers)
    }

    private func propose(_ turn: Turn, pair: CertificatePair) -> [Message] {
        let leader = leader(of: view)
        guard let rival = turn.rivalSolver else {
            return proposals(by: leader, turn, on: [turn.justify, turn.rival], pair)
        }
        return proposals(by: leader, turn, on: [turn.justify], pair).prefix(1)
            + proposals(by: rival, turn, on: [turn.rival], pair).suffix(1)
    }

    /// What somebody proposes: a liar on any certificates, an honest leader on the one that it is shown.
    private func proposals(
        by leader: Int,
        _ turn: Turn,
        on certificates: [QuorumCertificate?],
        _ pair: CertificatePair
    ) -> [Message] {
        if stage.liars.contains(leader) {
            var change = BlockChange()
            change.executed = turn.claim
            change.isUnsolved = isByWork && random.chance(oneIn: 8)
            let blocks = certificates.compactMap { $0 }.map {
                stage.block(by: leader, view: view, on: $0, commands: [freshCommand()], change: change)
            }
            return blocks.map { block in
                let isNext = view.follows(block.justify.view)
                return stage.proposal(
                    of: block,
                    after: isNext || isKeptBack(pair, from: turn.voters) ? nil : pair.timeout
                )
            }
        }
        guard stage.isUp(leader), !turn.voters.isEmpty else { return [] }
        if isByWork { solve(leader, showing: pair) } else { tell(leader, pair) }
        if stage.knowledge.proposals(in: view).isEmpty { fetch(leader) }
        return stage.knowledge.proposals(in: view).map { .proposal($0) }
    }

    /// Sometimes, where it matters, voters come to the view before the proposal, which then shows no timeout certificate.
    private func isKeptBack(_ pair: CertificatePair, from voters: [Int]) -> Bool {
        guard stage.world.isTwoChain, random.chance(oneIn: 4) else { return false }
        for voter in voters { tell(voter, CertificatePair(quorum: stage.genesisCertificate, timeout: pair.timeout)) }
        return true
    }

    private func show(_ proposal: Message?, to voters: [Int], under trick: Trick) {
        guard let proposal, case .proposal(let content) = proposal else { return }
        let leader = content.block.header.proposer.index
        for voter in voters where stage.isUp(voter) {
            switch trick {
            case .lostWrite, .tornWrite: stage.hold(.disk, at: voter)
            case .lostSignature: stage.hold(.signatures, at: voter)
            case .none, .powerLoss, .death, .timeoutFirst, .timeoutBetween, .replayWhileParked: break
            }
            if voter != leader {
                stage.hand(proposal, from: leader, to: voter)
                if !stage.knowledge.hasVoted(ReplicaID(UInt16(voter)), for: content.block.id) { fetch(voter) }
            }
            switch trick {
            case .powerLoss, .lostWrite, .lostSignature: stage.losePower(voter)
            case .tornWrite: stage.losePower(voter, midWrite: true)
            case .death: stage.kill(voter)
            case .replayWhileParked:
                tell(voter, CertificatePair(quorum: content.block.justify, timeout: nil))
                stage.release(voter)
            case .none, .timeoutFirst, .timeoutBetween: break
            }
            stage.restart(voter)
        }
    }

    /// Makes all certificates of the view that can be made, with the liars' votes for every block.
    private func collect() -> [QuorumCertificate] {
        let made = stage.knowledge.blocks(in: view).compactMap { stage.certificate(of: $0) }
        for certificate in made {
            let block = certificate.block
            if certificates.contains(where: { stage.knowledge.areConflicting($0.block, block) }) { conflictCount += 1 }
            certificates.append(certificate)
            note { "made \(EffectNotation.text(certificate))" }
            if certificate.statement.commits != nil {
                finals.append(certificate)
                judge(certificate)
            }
        }
        return made
    }

    /// Sees whether a certificate makes a block final that conflicts with a final one; if so, each camp is shown its chain.
    private func judge(_ certificate: QuorumCertificate) {
        guard let final = certificate.statement.commits else { return }
        let other = finals.first {
            $0.statement.commits.map { stage.knowledge.areConflicting($0, final) } ?? false
        }
        guard let other, let otherFinal = other.statement.commits else { return }
        isForked = true
        for (camp, shown) in [(camps.left, other), (camps.right, certificate)] {
            for replica in camp {
                stage.restart(replica)
                tell(replica, CertificatePair(quorum: shown, timeout: nil))
                fetch(replica)
            }
        }
        stage.inspector.report(
            Violation(
                .agreement,
                "certificates of views \(other.view) and \(certificate.view) make \(otherFinal.short) and \(final.short) "
                    + "final, which conflict: a fork"
            )
        )
    }

    // MARK: What is done to replicas

    /// Shows certificates to a replica.
    func tell(_ replica: Int, _ pair: CertificatePair) {
        guard !stage.liars.contains(replica) else { return }
        stage.hand(.certificates(pair), from: random.pick(stage.liars), to: replica)
    }

    /// Lets a replica have the blocks that it asks for.
    func fetch(_ replica: Int) {
        for _ in 0..<2 {
            stage.advance(replica, milliseconds: 25)
            guard serve(replica) else { return }
        }
    }

    private func serve(_ replica: Int) -> Bool {
        var hasServed = false
        for _ in 0..<stage.world.count {
            var filter = MailFilter()
            filter.kind = .requests
            filter.senders = [replica]
            guard stage.mail.contains(where: filter.matches) else { return hasServed }
            hasServed = true
            stage.answerQuestions(of: [replica])
            for item in stage.take(filter) { stage.hand(item.message, from: replica, to: item.receiver) }
            filter.kind = .responses
            filter.senders = nil
            filter.receivers = [replica]
            for item in stage.take(filter) { stage.hand(item.message, from: item.sender, to: replica) }
        }
        return hasServed
    }

    /// Brings a replica to the view that is played, and has it give that up.
    private func giveUp(_ replica: Int, showing pair: CertificatePair?) {
        guard let current = stage.view(of: replica) else { return }
        if current < view, let pair {
            // What is shown takes it into the view and tells it no more than that.
            let isEntered = pair.timeout != nil
            tell(replica, isEntered ? CertificatePair(quorum: stage.genesisCertificate, timeout: pair.timeout) : pair)
        }
        stage.expire(replica)
    }

    /// Has replicas give up a view until there are enough, those first who know least.
    private func collectTimeouts(of failed: View, showing pair: CertificatePair?) {
        let known = stage.knowledge.timeouts(of: failed).map(\.sender.index)
        var missing = neededVotes - known.count
        let ignorant = standing.filter { !known.contains($0) }.map {
            (replica: $0, highest: stage.certificates(of: $0)?.quorum.view ?? .genesis)
        }.sorted { $0.highest < $1.highest }
        for (replica, _) in ignorant where missing > 0 {
            guard let current = stage.view(of: replica), current <= failed else { continue }
            if current < failed, let pair {
                let isEntered = pair.timeout != nil
                tell(
                    replica,
                    isEntered ? CertificatePair(quorum: stage.genesisCertificate, timeout: pair.timeout) : pair
                )
            }
            stage.expire(replica)
            if stage.knowledge.timeouts(of: failed).contains(where: { $0.sender.index == replica }) { missing -= 1 }
        }
    }

    /// Starts again who is down, shows everybody the highest certificates, and goes on above them.
    func regroup() {
        for replica in stage.honest { stage.restart(replica) }
        let pairs = stage.honest.compactMap { stage.certificates(of: $0) }
        guard var highest = pairs.max(by: { $0.view < $1.view }) else { return }
        if let quorum = certificates.max(by: { $0.view < $1.view }), quorum.view >= highest.view {
            highest = CertificatePair(quorum: quorum, timeout: nil)
        }
        for replica in stage.honest {
            tell(replica, highest)
            fetch(replica)
        }
        note { "regroups at view \(highest.view)" }
        entry = highest
        solver = nil
        if let next = highest.view.next { view = max(view, next) }
        // A view above all that anybody holds is reached only through the views before it.
        view = highest.view.next ?? view
        provideWork()
        collectTimeouts(of: view, showing: highest)
        if let next = view.next { view = next }
        stage.dropMail()
    }

    /// Crashes a replica that need not be there.
    func crash(_ replica: Int) {
        if random.chance(oneIn: 2) { stage.losePower(replica) } else { stage.kill(replica) }
    }

    /// Gives every replica something to order, so that its timer runs.
    private func provideWork() {
        for replica in stage.honest where stage.isUp(replica) && !stage.hasCommands(replica) {
            stage.submit([freshCommand()], to: replica)
        }
    }

    func freshCommand() -> Command {
        defer { nextCommand += 1 }
        return .openSession(nonce: nextCommand)
    }

    /// Counts what it does, for not everything brings a new view.
    func countTurn() { turns += 1 }

    func note(_ line: () -> String) {
        if let print { print("--- " + line()) }
    }
}

extension GuidedAdversary.Turn {
    fileprivate var summary: String {
        "on \(EffectNotation.text(justify)) to \(voters)"
            + (rival.map { ", and on \(EffectNotation.text($0)) to \(rivalVoters)" } ?? "")
            + (trick == .none ? "" : ", \(trick)") + (audience.isEmpty ? "" : ", shown to \(audience)")
    }
}
