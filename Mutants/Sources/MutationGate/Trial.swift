/// What became of one fault, or of the rules as they should be.
struct Trial: Sendable {
    let name: String
    let clause: String
    /// How many seeds were tried until the first catch, or altogether if there was none.
    var seeds: UInt64 = 0
    /// How many seeds were tried altogether, and how many of them were caught.
    var tried: UInt64 = 0
    var caught: UInt64 = 0
    var kind: String?
    /// A seed that brought its process down or kept it for ever, or was not tried at all.
    var broken: UInt64?
    var adversary: String?
    var seed: UInt64?

    var isCaught: Bool { kind != nil }

    /// Whether every seed was lived through and nothing was caught.
    var isClean: Bool { kind == nil && broken == nil }

    /// The share of the seeds that catch it.
    var hitRate: Double { tried == 0 ? 0 : Double(caught) / Double(tried) }

    /// One line that shows the catch again.
    var reproduction: String? {
        guard let adversary, let seed = seed ?? broken else { return nil }
        return "Scripts/mutants --hunt \(name) --adversary \(adversary) --seed \(seed)"
    }

    /// Runs one fault, first where it is known to be caught.
    init(_ mutant: Mutant, budget: Budget) {
        name = mutant.name
        clause = mutant.clause
        if let hint = mutant.hint { hunt(hint.adversary, hint.seed..<hint.seed + 1, endsAtCatch: true) }
        for adversary in Adversaries.all {
            if budget == .small, isCaught { return }
            hunt(adversary.name, 1..<adversary.seedCount[budget] + 1, endsAtCatch: budget == .small)
        }
    }

    /// Runs seeds with the rules as they should be: nothing may be caught.
    init(control adversary: String, seeds: Range<UInt64>) {
        name = "-"
        clause = ""
        hunt(adversary, seeds, endsAtCatch: false)
        self.adversary = adversary
        if broken == nil, tried != UInt64(seeds.count) { broken = seeds.lowerBound + tried }
    }

    private mutating func hunt(_ adversary: String, _ range: Range<UInt64>, endsAtCatch: Bool) {
        let outcome = HuntProcess(mutant: name, adversary: adversary, endsAtCatch: endsAtCatch).run(range)
        if !isCaught { seeds += outcome.first.map { $0.seed - range.lowerBound + 1 } ?? outcome.tried }
        tried += outcome.tried
        caught += outcome.caught
        broken = broken ?? outcome.broken
        guard !isCaught, let first = outcome.first else { return }
        (kind, seed, self.adversary) = (first.kind, first.seed, adversary)
    }
}
