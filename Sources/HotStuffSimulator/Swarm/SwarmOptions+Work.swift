internal import HotStuff

// Runs in which a proof of work elects leaders.
extension SwarmOptions {
    /// In one of eight seeds leaders are elected by proof of work; by the seed alone, so that all else is drawn as ever.
    ///
    /// Some compute faster than others, and all together so fast that a puzzle of two to ten bits takes them about as long as a message.
    mutating func drawWork() {
        var random = RandomSource(seed: seed ^ 0x3077_c000_0000_0001)
        attemptTime = powers.map { _ in 1 }
        guard random.chance(oneIn: 8), circumstance == nil else { return }
        parameters.leaderElection = .proofOfWork(difficulty: UInt8(1 + random.below(8)))
        let message = max(2_000, network.delay + network.jitter / 2)
        let unit = (message * 1_000 * UInt64(powers.count)) >> UInt64(2 + random.below(9))
        attemptTime = powers.map { _ in max(1, unit * (1 + random.number(below: 4))) }
        // Of the liars that are no twins half lie about work, too.
        for liar in liars.keys.sorted() where !twins.contains(liar) && random.chance(oneIn: 2) {
            liars[liar, default: []].insert(.falseWork, at: 0)
        }
    }

    /// How long a replica takes to solve a puzzle, in microseconds: distributed exponentially around its share of all attempts.
    func miningTime(of difficulty: UInt8, by replica: ReplicaID, random: inout RandomSource) -> UInt64 {
        // The logarithm of a number between zero and one, negated, with 20 bits behind the point: exact at powers of two, and straight
        // lines between them.
        let drawn = random.next() | 1
        let zeros = drawn.leadingZeroBitCount
        let fraction = zeros == 63 ? 0 : (drawn << UInt64(zeros + 1)) >> 44
        let halvings = UInt64(zeros + 1) << 20 - fraction
        let mean = UInt128(SwarmOptions.value(of: attemptTime, for: replica)) << UInt128(difficulty)
        // ln 2 is 0.693; and from nanoseconds to microseconds.
        let time = (mean * UInt128(halvings) * 693 / 1_000_000) >> 20
        return 1 + UInt64(min(time, 1 << 50))
    }

    /// A solution, found in fact; none where that would take too long, which is where a replica practically never gets in time.
    static func solution(of puzzle: Puzzle, random: inout RandomSource) -> UInt64? {
        guard puzzle.difficulty <= 20 else { return nil }
        var attempts = puzzle.attempts
        var number = random.next()
        while true {
            if let solution = attempts.solution(from: number) { return solution }
            number &+= UInt64(PuzzleAttempts.batchCount)
        }
    }
}
