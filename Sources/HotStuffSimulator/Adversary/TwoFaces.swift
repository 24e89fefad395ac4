internal import HotStuff

/// Leads with two or three different blocks of one view, each shown to some, and votes for each where it is shown.
struct TwoFaces: Strategy {
    private var view = View.genesis
    private var timeout: TimeoutCertificate?
    /// The blocks of the view; the first is that of the honest inside.
    private var faces: [Block] = []
    /// Which face each replica sees.
    private var shown: [Int] = []

    mutating func bend(_ letters: inout [Letter], as liar: inout Liar) {
        if let proposal = letters.first?.proposal, proposal.block.view > view { prepare(proposal, as: &liar) }
        guard faces.count > 1 else { return }
        var more: [Letter] = []
        for index in letters.indices {
            let receiver = letters[index].receiver
            guard receiver.index < shown.count else { continue }
            let face = shown[receiver.index]
            if let proposal = letters[index].proposal, proposal.block.id == faces[0].id {
                letters[index].content = .message(liar.proposal(faces[face], after: timeout))
                liar.acts += face == 0 ? 0 : 1
                guard liar.random.chance(oneIn: 5) else { continue }
                more.append(Letter(liar.proposal(faces[(face + 1) % faces.count], after: timeout), to: receiver))
            } else if let vote = letters[index].vote, vote.statement.block == faces[0].id, face > 0 {
                letters[index].content = .message(liar.vote(liar.statement(for: faces[face])))
                liar.acts += 1
            }
        }
        letters += more
    }

    private mutating func prepare(_ proposal: Proposal, as liar: inout Liar) {
        view = proposal.block.view
        timeout = proposal.timeoutCertificate
        faces = [proposal.block]
        guard !liar.random.chance(oneIn: 4) else { return }
        for number in 1...1 + liar.random.below(2) {
            // Commands of its own would keep the chain awake for ever: it drops some, or changes their order.
            let commands = proposal.block.payload.commands
            let other =
                switch liar.random.below(3) {
                case 0: Payload(commands.reversed())
                case 1: Payload(Array(commands.dropFirst()))
                default: Payload.empty
                }
            faces.append(
                liar.changed(proposal.block, payload: other) {
                    $0.time = Timestamp($0.time.rawValue &+ UInt64(number))
                }
            )
        }
        shown = liar.world.replicas.map { _ in liar.random.below(faces.count) }
    }
}
