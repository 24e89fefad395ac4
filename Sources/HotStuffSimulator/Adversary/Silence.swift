internal import HotStuff

/// Says nothing for a while, then speaks again, as a replica does that hopes to be missed.
struct Silence: Strategy {
    private var remaining = 0
    private var isSilent = true

    mutating func bend(_ letters: inout [Letter], as liar: inout Liar) {
        if remaining == 0 {
            isSilent.toggle()
            remaining = 1 + liar.random.below(60)
        }
        remaining -= 1
        guard isSilent else { return }
        liar.acts += 1
        letters = []
    }
}
