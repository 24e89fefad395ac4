internal import FuzzKit
internal import HotStuff

// What a proof of work adds to a replica's surroundings: solutions, and proofs of others, true ones and false ones.
extension Stage {
    /// The most bits for which a solution is sought: harder puzzles get a number that is none.
    private static let hardest = 10

    /// Hands the replica a number: the solution that it looks for, one that is none, or one of a puzzle that nobody gave it, or gave it before.
    mutating func solve(_ input: inout ByteReader) {
        let choice = input.byte()
        let wanted: Puzzle?
        switch choice & 7 {
        case 0...4: wanted = puzzle
        case 5: wanted = oldPuzzles.isEmpty ? puzzle : oldPuzzles[Int(choice >> 3) % oldPuzzles.count]
        default: wanted = Puzzle(of: blocks[Int(choice >> 3) % blocks.count].header)
        }
        guard let wanted else { return }
        let isTrue = input.byte() & 3 != 0
        let nonce = isTrue ? solution(of: wanted) : UInt64(input.byte())
        run { core, effects in core.handle(.mined(wanted, nonce: nonce), into: &effects) }
    }

    /// A header with a proof as an input asks for it: mostly the one that its proposer has to show.
    func worked(_ header: BlockHeader, _ input: inout ByteReader) -> BlockHeader {
        let choice = input.byte()
        let demanded = difficulty(for: header)
        switch choice & 7 {
        case 0: return header
        case 1: return header.showing(Work(difficulty: demanded, nonce: UInt64(choice)))
        case 2: return header.showing(blocks[Int(choice >> 3) % blocks.count].header.work)
        case 3: return header.showing(solved(header, difficulty: 1 + (choice >> 3) % 4))
        default: return header.showing(solved(header, difficulty: demanded))
        }
    }

    /// Checks a statement that leaves: no vote and no proposal without a proof by one who need not stand back.
    func checkWork(of released: Released) {
        switch released.message {
        case .vote(let vote):
            // What the replica only knows by name it cannot have judged.
            guard let block = blocks.first(where: { $0.id == vote.statement.block }) else {
                fail("a vote for a block that nobody proposed")
            }
            checkProof(of: block.header)
        case .proposal(let proposal): checkProof(of: proposal.block.header)
        case .briefProposal(let brief): checkProof(of: brief.header)
        case .timeout, .certificates, .commands, .blockRequest, .blockResponse, .rangeRequest, .blockRange,
            .snapshotRequest,
            .snapshotAnswer, .echo, .plea:
            break
        }
    }

    /// Checks what the replica looks for: the solution of its own puzzle, which the design's difficulties hold.
    func check(_ puzzle: Puzzle) {
        require(puzzle.proposer == ReplicaID(0), "it looks for the solution of another")
        require(puzzle.view > puzzle.justifyView, "a puzzle of a view that is over")
        require(ProofOfWork.difficulties.contains(puzzle.difficulty), "a puzzle of \(puzzle.difficulty) bits")
    }

    private func checkProof(of header: BlockHeader) {
        require(Puzzle(of: header).isSolved(by: header.work.nonce), "a block of view \(header.view) without a proof")
        guard let history = history(upTo: header.parent) else { fail("a block on one that nobody knows") }
        require(
            world.schedule.admits(header, after: history) == true,
            "a proof of view \(header.view) that lets nobody lead"
        )
    }

    /// How difficult the puzzle above a header's parent is, whoever has one.
    private func difficulty(for header: BlockHeader) -> UInt8 {
        guard let parent = blocks.first(where: { $0.id == header.parent }), let history = history(upTo: header.parent)
        else {
            return 1
        }
        let puzzles = world.replicas.lazy.compactMap {
            world.schedule.puzzle(for: $0, in: header.view, on: parent, after: history)
        }
        return puzzles.first?.difficulty ?? 1
    }

    private func solved(_ header: BlockHeader, difficulty: UInt8) -> Work {
        let puzzle = Puzzle(of: header.showing(Work(difficulty: difficulty, nonce: 0)))
        return Work(difficulty: difficulty, nonce: solution(of: puzzle))
    }

    private func solution(of puzzle: Puzzle) -> UInt64 {
        guard puzzle.difficulty <= Self.hardest else { return 0 }
        var attempts = puzzle.attempts
        var first: UInt64 = 0
        while true {
            if let solution = attempts.solution(from: first) { return solution }
            first &+= UInt64(PuzzleAttempts.batchCount)
        }
    }
}

extension BlockHeader {
    /// The header with another proof.
    fileprivate func showing(_ work: Work) -> BlockHeader {
        BlockHeader(
            version: version,
            chain: chain,
            epoch: epoch,
            view: view,
            height: height,
            parent: parent,
            justifyView: justifyView,
            proposer: proposer,
            payloadDigest: payloadDigest,
            nextValidatorSet: nextValidatorSet,
            executed: executed,
            time: time,
            work: work
        )
    }
}
