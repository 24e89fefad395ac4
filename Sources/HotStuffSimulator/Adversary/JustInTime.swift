internal import HotStuff

/// Is as slow as it can be without being given up: what it says takes 60 to 99 % of the time of a view.
struct JustInTime: Strategy {
    private var remaining = 0
    private var share: UInt64 = 0
    private var onlyProposals = false

    mutating func bend(_ letters: inout [Letter], as liar: inout Liar) {
        if remaining == 0 {
            remaining = 5 + liar.random.below(40)
            share = liar.random.chance(oneIn: 3) ? 0 : 60 + liar.random.number(below: 40)
            onlyProposals = liar.random.chance(oneIn: 2)
        }
        remaining -= 1
        guard share > 0 else { return }
        for index in letters.indices where !onlyProposals || letters[index].proposal != nil {
            letters[index].delay += liar.viewTimeout * share / 100
            liar.acts += 1
        }
    }
}
