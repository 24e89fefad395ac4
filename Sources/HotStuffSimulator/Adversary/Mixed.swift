internal import HotStuff

/// Behaves until it matters: only while it leads does it lie, each time in another way.
struct Mixed: Strategy {
    private var view = View.genesis
    private var choice = 0
    private var lies: [any Strategy] = [
        TwoFaces(), ManyCoats(), Forks(depth: .parent), Forks(depth: .anywhere), WithheldBlocks(), Hoarding(),
        Withholding(), WrongPayloads(), WrongHeaders(field: .claim), WrongHeaders(field: .time), VotesTwice(),
        Silence(),
        JustInTime(), ForgedTimeouts(), SecondSignatures(),
    ]

    mutating func bend(_ letters: inout [Letter], as liar: inout Liar) {
        guard liar.leader == liar.pen.replica else { return }
        if liar.view != view {
            view = liar.view
            choice = liar.random.below(lies.count)
        }
        lies[choice].bend(&letters, as: &liar)
    }
}
