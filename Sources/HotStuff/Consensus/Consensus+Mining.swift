// Where whoever solves a puzzle may lead: looking for the solution, and proposing with it.
extension Consensus {
    /// Has the puzzle of the current view solved as long as a proposal would make sense, and proposes once it is.
    ///
    /// What the block holds is chosen only then, so that the newest commands are in it. Who has voted or given up looks for nothing any
    /// more: what it could find would be of no use in another view.
    mutating func mineOrPropose(into effects: inout [Effect]) {
        guard leaders.wantsWork else { return }
        mine(currentPuzzle, into: &effects)
        guard let puzzle, let solution else { return }
        propose(showing: Work(difficulty: puzzle.difficulty, nonce: solution), into: &effects)
        mine(currentPuzzle, into: &effects)
    }

    /// Takes in a solution; one of another puzzle, which came too late, or one that is none, is ignored.
    mutating func onMined(_ puzzle: Puzzle, nonce: UInt64, into effects: inout [Effect]) {
        guard puzzle == self.puzzle, solution == nil, puzzle.isSolved(by: nonce) else {
            effects.append(.ignoredProof(of: replica, in: puzzle.view))
            return
        }
        solution = nonce
    }

    private mutating func mine(_ wanted: Puzzle?, into effects: inout [Effect]) {
        guard wanted != puzzle else { return }
        puzzle = wanted
        solution = nil
        effects.append(.mine(wanted))
    }

    /// What is to be solved to lead the current view; nothing for who stands back, has said its word or has nothing to propose.
    private var currentPuzzle: Puzzle? {
        guard let turn, let puzzle = turn.puzzle, turn.view == view, mayPropose(in: view) else { return nil }
        guard
            !pool.isEmpty || !isSettled || isPleadedFor || isHeartbeatDue
                || tree.hasCommands(upTo: certificates.quorum.block)
        else { return nil }
        return puzzle
    }
}
