internal import HotStuff

// Where a proof of work elects leaders: the adversary decides who solves a puzzle first, who sees the block, and how many blocks a view has.
extension GuidedAdversary {
    /// A way to open that only proofs of work allow.
    private enum WorkPlay: CaseIterable {
        case divideVotes, hoard, showToFew, oneProofTwice
    }

    func openWithWork() {
        let play = random.pick(WorkPlay.allCases)
        note { "play: \(play)" }
        switch play {
        case .divideVotes: divideVotes()
        case .hoard: hoard()
        case .showToFew: showToFew()
        case .oneProofTwice: oneProofTwice()
        }
    }

    // MARK: Plays

    /// Two solve their puzzles in one view, each camp is shown another block, and votes go around until nobody waits for the view any more.
    private func divideVotes() {
        for _ in 0..<1 + random.below(3) where !isOver {
            guard let first = solvers(on: highest).first else { return }
            solver = first
            var turn = Turn(justify: highest, voters: camps.left)
            turn.rivalSolver = solvers(on: highest).first { $0 != first }
            turn.rivalVoters = camps.right + (random.chance(oneIn: 2) ? [camps.swing] : [])
            turn.rival = random.chance(oneIn: 4) ? random.pick(certificates.suffix(3)) : highest
            turn.hearVotes = stage.honest.filter { _ in !random.chance(oneIn: 4) }
            finishAll(play(turn))
        }
    }

    /// A liar keeps its block to itself until others have voted in that view, or until it is over.
    private func hoard() {
        guard let liar = solvers(on: highest).first(where: stage.liars.contains) else { return }
        let block = stage.block(by: liar, view: view, on: highest, commands: [freshCommand()])
        let isNext = view.follows(highest.view)
        guard let entry = way(into: view, with: highest) else { return }
        hoarded.append(stage.proposal(of: block, after: isNext ? nil : entry.timeout))
        if hoarded.count > 4 { hoarded.removeFirst() }
        solver = solvers(on: highest).first { $0 != liar } ?? liar
        var turn = Turn(justify: highest, voters: random.chance(oneIn: 2) ? standing : camps.left)
        turn.showsHoarded = true
        play(turn)
        if random.chance(oneIn: 2) { grow(highest, by: 1) }
    }

    /// A liar wins several views and shows its blocks to one replica or to two, so that the puzzles become easier and harder.
    private func showToFew() {
        for _ in 0..<1 + random.below(5) where !isOver {
            guard let liar = solvers(on: highest).first(where: stage.liars.contains) else { break }
            solver = liar
            let few = Array(standing.prefix(1 + random.below(2)))
            play(Turn(justify: highest, voters: few, audience: random.chance(oneIn: 2) ? few : []))
        }
        if !isOver { grow(highest, by: 1) }
    }

    /// A liar makes two blocks with one proof, for nothing in them but the puzzle is proved.
    private func oneProofTwice() {
        guard let liar = solvers(on: highest).first(where: stage.liars.contains) else { return }
        solver = liar
        var turn = Turn(justify: highest, voters: camps.left + [camps.swing])
        turn.rival = highest
        turn.rivalVoters = camps.right + [camps.swing]
        finishAll(play(turn))
    }

    // MARK: Who solves what

    /// Those who need not stand back above a certificate's block, and whose puzzle can be solved, in a random order.
    func solvers(on justify: QuorumCertificate) -> [Int] {
        var able = (0..<stage.world.count).filter { index in
            guard let puzzle = stage.puzzle(for: index, in: view, on: justify.block) else { return false }
            return puzzle.difficulty <= Stage.hardestPuzzle
                && (stage.liars.contains(index) || stage.isUp(index) && canBuild(index, on: justify))
        }
        able.shuffle(using: &random)
        return able
    }

    /// Has an honest replica come to the view and find its solution, if it looks for one.
    func solve(_ replica: Int, showing pair: CertificatePair) {
        tell(replica, pair)
        if stage.view(of: replica) == view, stage.puzzles[replica] == nil { fetch(replica) }
        guard stage.puzzles[replica]?.view == view else { return }
        if random.chance(oneIn: 8) { stage.solve(replica, with: random.chance(oneIn: 2) ? .wrong : .old) }
        stage.solve(replica)
    }

    /// Lets replicas hear the votes of the view, in a random order: some find out that none of its blocks can be certified.
    func spreadVotes(to hearers: [Int]) {
        var filter = MailFilter()
        filter.kind = .votes
        filter.receivers = hearers
        filter.view = view
        var items = stage.take(filter)
        items.shuffle(using: &random)
        for item in items { stage.hand(item.message, from: item.sender, to: item.receiver) }
        // Liars vote for the block that has the fewest votes.
        let fewest = stage.knowledge.blocks(in: view).min {
            stage.knowledge.votes(for: $0.id).count < stage.knowledge.votes(for: $1.id).count
        }
        for liar in stage.liars where !random.chance(oneIn: 3) {
            guard let block = fewest else { continue }
            for hearer in hearers { stage.hand(.vote(stage.vote(for: block, by: liar)), from: liar, to: hearer) }
        }
    }

    /// Shows what was kept back to some, late or too late.
    func showHoarded() {
        for message in hoarded {
            guard case .proposal(let proposal) = message else { continue }
            let liar = proposal.block.header.proposer.index
            for replica in standing where random.chance(oneIn: 2) { stage.hand(message, from: liar, to: replica) }
        }
    }
}
