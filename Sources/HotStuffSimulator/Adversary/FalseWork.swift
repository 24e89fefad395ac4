internal import HotStuff

/// Leads without having solved its puzzle, with the solution of another or of an older view, or although it should stand back; and
/// divides the votes by a second block with the same solution.
struct FalseWork: Strategy {
    private var last = View.genesis

    mutating func bend(_ letters: inout [Letter], as liar: inout Liar) {
        guard let proposal = letters.first?.proposal, liar.random.chance(oneIn: 3) else { return }
        liar.acts += 1
        // The time is not in the puzzle.
        let second = liar.changed(proposal.block) { $0.time = Timestamp($0.time.rawValue + 1) }
        let message = liar.proposal(second, after: proposal.timeoutCertificate)
        for index in letters.indices where liar.random.chance(oneIn: 2) { letters[index].content = .message(message) }
    }

    mutating func hear(_ message: Message, from sender: ReplicaID, as liar: inout Liar, answers: inout [Letter]) {
        guard case .proposal(let proposal) = message, liar.random.chance(oneIn: 4) else { return }
        liar.acts += 1
        // Another's solution under its own name.
        let mine = liar.changed(proposal.block) { $0.proposer = liar.pen.replica }
        answers += liar.toAll(liar.proposal(mine, after: proposal.timeoutCertificate))
    }

    mutating func passTime(as liar: inout Liar, letters: inout [Letter]) {
        guard liar.view > last, liar.random.chance(oneIn: 2),
            let block = liar.block(in: liar.view, on: liar.certificates.quorum)
        else { return }
        last = liar.view
        liar.acts += 1
        let difficulty = liar.header(of: block.header.parent)?.work.difficulty ?? 0
        let old = liar.memory.blocks.last { $0.header.work != .none }?.header.work
        let work: Work
        switch liar.random.below(3) {
        case 0: work = Work(difficulty: difficulty, nonce: liar.random.next())
        case 1: work = old ?? .none
        default: work = solution(block.header, difficulty, as: &liar)
        }
        let shown = liar.changed(block) { $0.work = work }
        letters += liar.toSome(liar.proposal(shown, after: liar.certificates.timeout))
    }

    /// A true solution, which it has for nothing, though perhaps no right to lead.
    private func solution(_ header: BlockHeader, _ difficulty: UInt8, as liar: inout Liar) -> Work {
        let puzzle = Puzzle(of: header.with { $0.work = Work(difficulty: difficulty, nonce: 0) })
        guard difficulty <= 10, let nonce = SwarmOptions.solution(of: puzzle, random: &liar.random) else {
            return .none
        }
        return Work(difficulty: difficulty, nonce: nonce)
    }
}
