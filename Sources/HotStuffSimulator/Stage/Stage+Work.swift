package import HotStuff

// Where a proof of work elects leaders: whose puzzle is solved when, and what the blocks of liars show.
extension Stage {
    /// What a replica's miner finds.
    package enum Find: Sendable {
        /// The solution that is looked for.
        case solution
        /// A number that solves nothing.
        case wrong
        /// The solution that was found before.
        case old
    }

    /// The most bits of a puzzle that is solved on a stage, in fact and at once.
    package static let hardestPuzzle: UInt8 = 14

    /// Hands a replica what it looks for, or another number.
    ///
    /// - Returns: whether it looked for anything that can be found.
    @discardableResult
    package func solve(_ index: Int, with find: Find = .solution) -> Bool {
        let wanted = find == .old ? solvedPuzzles[index] : puzzles[index]
        guard let wanted, wanted.difficulty <= Stage.hardestPuzzle else { return false }
        if find == .solution { solvedPuzzles[index] = wanted }
        hand(Stage.nonce(of: wanted, isSolution: find != .wrong), for: wanted, to: index)
        return true
    }

    /// Whose puzzle above a block a replica would have to solve; nothing if it stands back, or if no work is wanted.
    ///
    /// - Parameters:
    ///   - index: who wants to lead.
    ///   - view: the view.
    ///   - parent: the block.
    /// - Returns: the puzzle, or nothing.
    package func puzzle(for index: Int, in view: View, on parent: Digest) -> Puzzle? {
        guard let block = knowledge.block(parent) else { return nil }
        return leaders.puzzle(for: ReplicaID(UInt16(index)), in: view, on: block, after: history(upTo: parent))
    }

    /// What a liar's header shows as proof, unless something is different about it: a true solution, also of who should stand back.
    func work(for header: BlockHeader, change: BlockChange) -> Work {
        guard leaders.wantsWork else { return .none }
        if let work = change.work { return work }
        let difficulty = change.difficulty ?? difficulty(of: header.view, on: header.parent) ?? 1
        let puzzle = Puzzle(of: header.with { $0.work = Work(difficulty: difficulty, nonce: 0) })
        let isSolution = !change.isUnsolved && difficulty <= Stage.hardestPuzzle
        return Work(difficulty: difficulty, nonce: Stage.nonce(of: puzzle, isSolution: isSolution))
    }

    /// How difficult the puzzles of a view above a block are; nothing if the block is not known.
    private func difficulty(of view: View, on parent: Digest) -> UInt8? {
        guard let block = knowledge.block(parent) else { return nil }
        let history = history(upTo: parent)
        let puzzles = world.replicas.lazy.compactMap {
            self.leaders.puzzle(for: $0, in: view, on: block, after: history)
        }
        return puzzles.first?.difficulty
    }

    private func history(upTo block: Digest) -> LeaderHistory {
        let start = LeaderHistory(beginningWith: world.committee.genesis.header)
        return knowledge.chain(to: block, above: .genesis).reduce(start) { leaders.history($0, with: $1.header) }
    }

    private static func nonce(of puzzle: Puzzle, isSolution: Bool) -> UInt64 {
        let attempts = puzzle.attempts
        var nonce: UInt64 = 0
        while attempts.isSolved(by: nonce) != isSolution { nonce &+= 1 }
        return nonce
    }
}
