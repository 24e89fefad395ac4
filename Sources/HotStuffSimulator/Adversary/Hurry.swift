internal import HotStuff

/// Gives up views that are not over, and views far ahead; with one honest replica that has lost patience it drags all along.
struct Hurry: Strategy {
    private var last = View.genesis

    mutating func bend(_ letters: inout [Letter], as liar: inout Liar) {
        guard let timeout = letters.first?.timeout, liar.random.chance(oneIn: 3) else { return }
        let ahead = 1 + liar.random.number(below: liar.random.chance(oneIn: 2) ? 3 : 100)
        let early = liar.timeout(View(timeout.statement.view.rawValue &+ ahead), showing: timeout.certificates)
        liar.acts += 1
        for index in letters.indices where liar.random.chance(oneIn: 2) { letters[index].content = .message(early) }
    }

    mutating func hear(_ message: Message, from sender: ReplicaID, as liar: inout Liar, answers: inout [Letter]) {
        // As soon as there is a proposal, and as soon as one other has given up.
        guard liar.view > last, liar.certificates.view < liar.view, liar.random.chance(oneIn: 3) else { return }
        switch message {
        case .proposal, .briefProposal, .timeout:
            last = liar.view
            liar.acts += 1
            answers += liar.toAll(liar.timeout(liar.view, showing: liar.certificates))
        case .vote, .certificates, .commands, .blockRequest, .blockResponse, .rangeRequest, .blockRange,
            .snapshotRequest, .snapshotAnswer, .echo, .plea:
            break
        }
    }
}
