internal import HotStuff

/// Votes for different things in one view: each replica hears of another block, another height, or other finality.
struct VotesTwice: Strategy {
    mutating func bend(_ letters: inout [Letter], as liar: inout Liar) {
        var more: [Letter] = []
        for index in letters.indices {
            guard let vote = letters[index].vote, liar.random.chance(oneIn: 3) else { continue }
            let lie = liar.vote(changed(vote.statement, as: &liar))
            liar.acts += 1
            if liar.random.chance(oneIn: 2) {
                letters[index].content = .message(lie)
            } else {
                more.append(Letter(lie, to: letters[index].receiver))
            }
        }
        // Now the lie is first, now the truth.
        letters = liar.random.chance(oneIn: 2) ? letters + more : more + letters
    }

    private func changed(_ statement: VoteStatement, as liar: inout Liar) -> VoteStatement {
        let other = liar.memory.blocks.isEmpty ? Digest.zero : liar.random.pick(liar.memory.blocks).id
        switch liar.random.below(6) {
        case 0: return liar.changed(statement, block: other)
        case 1: return liar.changed(statement, height: Height(statement.height.rawValue &+ 1))
        case 2: return liar.changed(statement, parentView: View(liar.random.number(below: statement.view.rawValue)))
        case 3: return liar.changed(statement, commits: .some(nil))
        case 4: return liar.changed(statement, commits: .some(statement.block))
        default: return liar.changed(statement, commits: .some(other))
        }
    }
}
