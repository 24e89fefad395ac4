internal import BLAKE3
internal import HotStuff

/// Who may lead by proof of work, computed from the design alone and not asked of the engine.
struct WorkOracle {
    let powers: [UInt64]
    /// The difficulty of the chain's parameters.
    let difficulty: UInt8

    /// Whether a header's proposer need not stand back and has solved its puzzle.
    func admits(_ header: BlockHeader, after past: LeaderOracle.Past) -> Bool {
        guard header.view.rawValue > past.view, !standBack(after: past).contains(header.proposer.index) else {
            return false
        }
        let failures = header.view.rawValue - past.view - 1
        guard header.work.difficulty == demanded(after: failures, base(after: past)) else { return false }
        return Self.zeroBits(of: header) >= Int(header.work.difficulty)
    }

    private func standBack(after past: LeaderOracle.Past) -> Set<Int> {
        let total = powers.reduce(0, +)
        var spare = total - SimulatedWorld.quorum(of: total)
        var back: Set<Int> = []
        for proposer in past.proposers {
            if powers[proposer] > spare { break }
            spare -= powers[proposer]
            back.insert(proposer)
        }
        return back
    }

    private func base(after past: LeaderOracle.Past) -> Int {
        let last = Int(past.work.difficulty)
        if last == 0 { return Int(difficulty) }
        let isStep = past.work.steady >= 64 && past.work.steady % 64 == 0
        return isStep ? last + (Int(difficulty) - last).signum() : last
    }

    /// The base, then rounds around it that become wider.
    private func demanded(after failures: UInt64, _ base: Int) -> UInt8 {
        if failures == 0 { return UInt8(base) }
        var tried: [Int] = []
        for width in [1, 2, 4, 8, 16, 32, 64] {
            tried += [base] + (1...width).flatMap { [base - $0, base + $0] }.filter { (1...40).contains($0) }
        }
        return UInt8(tried[Int((failures - 1) % UInt64(tried.count))])
    }

    /// How many bits of the proof are zero before the first one that is not.
    private static func zeroBits(of header: BlockHeader) -> Int {
        var statement = BorshEncoder(capacity: 160)
        statement.appendRaw(Array("hotstuff/puzzl/1".utf8))
        statement.append(header.chain)
        statement.append(header.epoch)
        statement.append(header.view)
        statement.append(header.parent)
        statement.append(header.justifyView)
        statement.append(header.proposer)
        var attempt = BorshEncoder(capacity: 56)
        attempt.appendRaw(Array("hotstuff/nonce/1".utf8))
        for word in words(of: BLAKE3.hash(statement.bytes)) { attempt.append(word) }
        attempt.append(header.work.nonce)
        var count = 0
        for word in words(of: BLAKE3.hash(attempt.bytes)) {
            count += word.byteSwapped.leadingZeroBitCount
            if word != 0 { break }
        }
        return count
    }

    private static func words(of output: BLAKE3Output) -> [UInt64] {
        [output.word0, output.word1, output.word2, output.word3]
    }
}
