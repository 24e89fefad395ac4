internal import HotStuff

// What the adversary plays for: openings that make two branches, and moves that let the other one become final.
extension GuidedAdversary {
    /// A way to open.
    private enum Play: CaseIterable {
        case grow, hideAndFork, lockOne, gapCommit, amnesia, timeoutThenVote, equivocate, twoQuorums, replay, forgetAll
        case chance, replayWhileParked
    }

    /// Plays until a fork or the end: a few of the plays in each run, in any order, and chance between them.
    func play() {
        let favourites = Play.allCases.filter { _ in random.chance(oneIn: 3) }
        let plays = favourites.isEmpty ? Play.allCases : favourites + [.chance]
        while !isOver {
            countTurn()
            if isByWork, random.chance(oneIn: 2) { openWithWork() } else { open(with: random.pick(plays)) }
            if isOver { return }
            finishTheOther()
            if random.chance(oneIn: 3) { restartSome() }
        }
    }

    private func open(with play: Play) {
        note { "play: \(play)" }
        switch play {
        case .grow: grow(highest, by: 1 + random.below(4))
        case .hideAndFork: hideAndFork()
        case .lockOne: lockOne()
        case .gapCommit: gapCommit()
        case .amnesia:
            twoBlocks(under: random.pick([.powerLoss, .death, .lostWrite, .tornWrite, .lostSignature]))
        case .timeoutThenVote: twoBlocks(under: random.pick([.timeoutFirst, .timeoutBetween]))
        case .equivocate: twoBlocks(under: .none)
        case .twoQuorums: twoQuorums()
        case .replay: replay()
        case .forgetAll: forgetAll()
        case .replayWhileParked: replayWhileParked()
        case .chance: for _ in 0..<1 + random.below(4) where !isOver { chance() }
        }
    }

    // MARK: Openings

    /// A chain becomes final, and nobody or one is shown; then a fork begins below it.
    private func hideAndFork() {
        let tip = finish(highest)
        if random.chance(oneIn: 2) { tell(random.pick(stage.honest), CertificatePair(quorum: tip, timeout: nil)) }
        extend(below(tip))
    }

    /// One replica is locked high, the others are not; then everybody is shown a block below that lock.
    private func lockOne() {
        let tip = grow(highest, by: 2)
        tell(camps.swing, CertificatePair(quorum: tip, timeout: nil))
        if let fork = extend(below(tip)) { grow(fork, by: 1 + random.below(3)) }
    }

    /// Two branches, certified in turns: one of them then grows across the gap that the other one left.
    private func gapCommit() {
        let base = random.chance(oneIn: 2) ? highest : grow(highest, by: 1)
        let first = grow(base, by: 1 + random.below(2))
        guard first != base, let second = extend(base) else { return }
        let (lower, upper) = random.chance(oneIn: 4) ? (second, first) : (first, second)
        grow(lower, by: 1 + random.below(3))
        if !isOver { finish(upper) }
    }

    /// A lying leader makes two blocks, the second for those who have voted for the first.
    private func twoBlocks(under trick: Trick) {
        waitForLiar()
        let justify = random.chance(oneIn: 6) ? random.pick(certificates.suffix(4)) : highest
        let rival = random.chance(oneIn: 4) ? below(justify) : justify
        let left = camps.left + [camps.swing]
        let right = random.chance(oneIn: 2) ? camps.right + [camps.swing] : stage.honest
        let turn = Turn(justify: justify, voters: left, rival: rival, rivalVoters: right, trick: trick)
        finishAll(play(turn))
    }

    /// A lying leader makes a block for each camp, and nobody is shown both.
    private func twoQuorums() {
        waitForLiar()
        let odd = random.chance(oneIn: 2)
        let turn = Turn(
            justify: highest,
            voters: camps.left + (odd ? [camps.swing] : []),
            rival: highest,
            rivalVoters: camps.right + (odd ? [] : [camps.swing])
        )
        finishAll(play(turn))
    }

    /// Certificates that everybody has long passed come again, and blocks on them.
    private func replay() {
        grow(highest, by: 2 + random.below(2))
        let old = random.pick(certificates.dropLast(min(2, certificates.count - 1)))
        for replica in standing { tell(replica, CertificatePair(quorum: old, timeout: nil)) }
        extend(old)
    }

    /// Some replicas' applications stand still, so that they cannot judge what a block claims; while it waits for that, the
    /// certificate that it is on is replayed.
    ///
    /// A proposal brings the timeout certificate of the view before, which locks again whoever had been unlocked: only between
    /// that and the vote can a replay do harm.
    private func replayWhileParked() {
        let base = finish(highest)
        for replica in stage.honest { stage.restart(replica) }
        let voters = Array(standing.prefix(neededVotes))
        guard let other = standing.first(where: { !voters.contains($0) }) else { return }
        for voter in voters { stage.hold(.execution, at: voter) }
        for replica in stage.honest {
            tell(replica, CertificatePair(quorum: base, timeout: nil))
            fetch(replica)
        }
        let claim = stage.executed(other)
        finish(grow(base, by: 1))
        waitForLiar()
        play(Turn(justify: base, voters: voters, trick: .replayWhileParked, claim: claim))
        for replica in stage.honest { stage.release(replica) }
        if let fork = certificates.last, stage.knowledge.block(fork.block)?.header.parent == base.block { finish(fork) }
    }

    /// A chain becomes final and is hidden; then everybody loses power.
    private func forgetAll() {
        let tip = finish(highest)
        for replica in standing where !isOver { stage.losePower(replica) }
        for replica in stage.honest { stage.restart(replica) }
        extend(below(tip))
    }

    /// A view of which everything is left to chance.
    private func chance() {
        if random.chance(oneIn: 6), let victim = standing.first, standing.count > neededVotes { crash(victim) }
        if random.chance(oneIn: 5), let victim = standing.first {
            tell(victim, CertificatePair(quorum: random.pick(certificates), timeout: nil))
        }
        let justify: QuorumCertificate =
            switch random.below(6) {
            case 0, 1: highest
            case 2: random.pick(certificates.suffix(5))
            case 3: lowestAllowed
            case 4: below(highest)
            default: conflicting(with: focus)
            }
        var turn = Turn(justify: justify, voters: voters(for: justify))
        if random.chance(oneIn: 3) {
            turn.rival = random.pick(certificates.suffix(4))
            turn.rivalVoters = standing.filter { _ in random.chance(oneIn: 2) }
            turn.trick = random.chance(oneIn: 2) ? .none : random.pick(Trick.allCases)
        }
        switch random.below(5) {
        case 0: turn.audience = standing
        case 1: turn.audience = Array(standing.prefix(1))
        case 2: turn.audience = camps.left
        default: break
        }
        if random.chance(oneIn: 8) { turn.voters = [] }
        play(turn)
    }

    // MARK: Moves

    /// Lets the branch become final that conflicts with what is final or highest, if there is one.
    private func finishTheOther() {
        let target = conflicting(with: focus)
        if random.chance(oneIn: 8) {
            grow(highest, by: 1)
        } else {
            finish(target)
        }
    }

    /// Where a view brought two certificates, both are made final.
    func finishAll(_ made: [QuorumCertificate]) {
        guard made.count > 1 else { return }
        for certificate in made where !isOver { finish(certificate) }
    }

    private func restartSome() {
        for replica in stage.honest where random.chance(oneIn: 2) { stage.restart(replica) }
    }

    /// Plays views until one brings a certificate of a block on this one; those between fail.
    @discardableResult
    private func extend(_ justify: QuorumCertificate) -> QuorumCertificate? {
        for _ in 0...stage.world.count where !isOver && isOpen(justify) {
            guard canLead(on: justify) else {
                play(Turn(justify: highestBelow(view, under: justify), voters: []))
                continue
            }
            let made = play(Turn(justify: justify, voters: voters(for: justify)))
            if let next = made.first(where: { stage.knowledge.block($0.block)?.header.parent == justify.block }) {
                return next
            }
        }
        return nil
    }

    /// Extends a chain by so many certificates, as far as replicas go along.
    @discardableResult
    func grow(_ start: QuorumCertificate, by count: Int) -> QuorumCertificate {
        var tip = start
        for _ in 0..<count where !isOver {
            guard let next = extend(tip) else { return tip }
            tip = next
        }
        return tip
    }

    /// Extends a chain until it is final from its first block on and no further, as far as replicas go along.
    ///
    /// Each certificate more would lock replicas higher.
    @discardableResult
    private func finish(_ start: QuorumCertificate) -> QuorumCertificate {
        var tip = start
        for _ in 0..<6 where !isOver {
            guard let next = extend(tip) else { return tip }
            tip = next
            if let final = tip.statement.commits, stage.knowledge.isAncestor(start.block, of: final) { return tip }
        }
        return tip
    }

    /// Lets views fail until a liar leads.
    private func waitForLiar() {
        if isByWork { solver = solvers(on: highest).first(where: stage.liars.contains) }
        for _ in 0..<stage.world.count where !isOver && !stage.liars.contains(leader(of: view)) {
            play(Turn(justify: highest, voters: []))
        }
    }

    // MARK: Choices

    /// The highest certificate.
    var highest: QuorumCertificate { certificates.max { $0.view < $1.view } ?? stage.genesisCertificate }

    /// What the other branch has to contradict: the last block that is final in the adversary's hands.
    private var focus: Digest { finals.last?.statement.commits ?? highest.block }

    /// Whether the leader of the view can be brought to propose on a certificate: a liar, or one who knows nothing higher.
    private func canLead(on justify: QuorumCertificate) -> Bool {
        if isByWork {
            solver = solvers(on: justify).first
            return solver != nil
        }
        let leader = leader(of: view)
        return stage.liars.contains(leader) || canBuild(leader, on: justify)
    }

    /// Whether an honest replica that knows nothing higher can be brought to build on a certificate.
    func canBuild(_ leader: Int, on justify: QuorumCertificate) -> Bool {
        stage.restart(leader)
        guard let current = stage.view(of: leader), current <= view,
            let highest = stage.certificates(of: leader)?.quorum.view, let committed = stage.committed(by: leader)
        else { return false }
        return highest <= justify.view && stage.knowledge.isAncestor(committed, of: justify.block)
    }

    /// Whether enough honest replicas have committed nothing that a certificate's chain lacks: others never vote on it.
    private func isOpen(_ justify: QuorumCertificate) -> Bool {
        for replica in stage.honest { stage.restart(replica) }
        return neededVotes
            <= stage.honest.count {
                stage.committed(by: $0).map { stage.knowledge.isAncestor($0, of: justify.block) } ?? false
            }
    }

    /// Some certificate that can be shown without telling more than another.
    private func highestBelow(_ view: View, under justify: QuorumCertificate) -> QuorumCertificate {
        justify.view < view ? justify : highest
    }

    /// The highest certificate of a conflicting block; if there is none, one below the block.
    private func conflicting(with block: Digest) -> QuorumCertificate {
        let others = certificates.filter { stage.knowledge.areConflicting($0.block, block) && isOpen($0) }
        if let other = others.max(by: { $0.view < $1.view }) {
            return random.chance(oneIn: 4) ? random.pick(others) : other
        }
        return below(block)
    }

    /// A certificate of a block below the one that a certificate makes final, or of one below itself.
    private func below(_ certificate: QuorumCertificate) -> QuorumCertificate {
        below(certificate.statement.commits ?? certificate.block)
    }

    private func below(_ block: Digest) -> QuorumCertificate {
        let lower = certificates.filter {
            $0.block != block && stage.knowledge.isAncestor($0.block, of: block) && isOpen($0)
        }
        .sorted { $0.view > $1.view }
        guard !lower.isEmpty else { return highest }
        return random.chance(oneIn: 2) ? lower[0] : random.pick(lower)
    }

    /// The lowest certificate on which a quorum may still vote under its locks.
    private var lowestAllowed: QuorumCertificate {
        let locks = stage.honest.compactMap { stage.record(of: $0)?.lockedView }.sorted()
        guard locks.count >= neededVotes else { return highest }
        let lock = locks[neededVotes - 1]
        return certificates.filter { $0.view >= lock }.min { $0.view < $1.view } ?? highest
    }

    /// Who is asked to vote on a certificate: those who may, as few as needed or all.
    private func voters(for justify: QuorumCertificate) -> [Int] {
        if standing.count < neededVotes { for replica in stage.honest { stage.restart(replica) } }
        let able = standing.filter {
            guard let current = stage.view(of: $0), let committed = stage.committed(by: $0) else { return false }
            return current <= view && stage.knowledge.isAncestor(committed, of: justify.block)
        }
        let free = able.filter { (stage.record(of: $0)?.lockedView ?? .genesis) <= justify.view }
        let willing = free.count >= neededVotes ? free : able
        guard random.chance(oneIn: 2) else { return willing }
        let leader = leader(of: view)
        let first = willing.filter { $0 == leader } + willing.filter { $0 != leader }
        return Array(first.prefix(neededVotes))
    }
}
