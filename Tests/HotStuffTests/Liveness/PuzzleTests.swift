import HotStuff
import Testing

@Suite("Puzzles")
struct PuzzleTests {
    private func puzzle(
        chain: UInt8 = 0x10,
        epoch: UInt64 = 2,
        view: UInt64 = 3,
        parent: UInt8 = 0x30,
        justifyView: UInt64 = 1,
        proposer: UInt16 = 4,
        difficulty: UInt8 = 8
    ) -> Puzzle {
        Puzzle(
            chain: GoldenValues.digest(from: chain),
            epoch: Epoch(epoch),
            view: View(view),
            parent: GoldenValues.digest(from: parent),
            justifyView: View(justifyView),
            proposer: ReplicaID(proposer),
            difficulty: difficulty
        )
    }

    @Test("zero bits are counted from the first byte's highest bit on, over all words")
    func zeroBits() {
        func count(_ first: [UInt8]) -> Int? {
            Digest(bytes: first + Array(repeating: 0xff, count: 32 - first.count))?.leadingZeroBitCount
        }
        #expect(count([]) == 0 && count([0x7f]) == 1 && count([0x01]) == 7)
        #expect(count([0, 0x80]) == 8 && count([0, 0, 0x10]) == 19)
        #expect(count(Array(repeating: 0, count: 8)) == 64 && count(Array(repeating: 0, count: 8) + [0x3f]) == 66)
        #expect(Digest.zero.leadingZeroBitCount == 256)
    }

    @Test("a solution is a number whose digest, behind that of everything but the difficulty, begins with zeros")
    func byHand() {
        let puzzle = puzzle(difficulty: 6)
        var statement = Array("hotstuff/puzzl/1".utf8)
        statement += (0x10..<0x30) + [2, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0]
        statement += (0x30..<0x50) + [1, 0, 0, 0, 0, 0, 0, 0, 4, 0]
        let seed = Digest.hash(of: statement)
        var solutions = 0
        for nonce in 0..<2_000 as Range<UInt64> {
            let tried =
                Array("hotstuff/nonce/1".utf8) + seed.bytes
                + (0..<8).map { UInt8(truncatingIfNeeded: nonce >> (8 * $0)) }
            let isSolution = Digest.hash(of: tried).bytes[0] < 4
            solutions += isSolution ? 1 : 0
            #expect(puzzle.isSolved(by: nonce) == isSolution, "\(nonce)")
        }
        // One of 64.
        #expect((15...55).contains(solutions))
    }

    @Test("many numbers tried together give what each gives alone, also over the highest number")
    func together() {
        for (first, difficulty) in [(0, 9), (12_345, 10), (UInt64.max - 100, 9), (.max, 1)] as [(UInt64, UInt8)] {
            let puzzle = puzzle(difficulty: difficulty)
            var attempts = puzzle.attempts
            for batch in 0..<8 as Range<UInt64> {
                let start = first &+ batch &* UInt64(PuzzleAttempts.batchCount)
                let expected = (0..<UInt64(PuzzleAttempts.batchCount)).map { start &+ $0 }.first(where: puzzle.isSolved)
                #expect(attempts.solution(from: start) == expected)
            }
        }
    }

    @Test("a solution is of no use to another, in another view, above another block or on another chain")
    func bound() {
        let mine = puzzle(difficulty: 12)
        let nonce = mine.anySolution
        #expect(mine.isSolved(by: nonce))
        let others = [
            puzzle(chain: 0x11, difficulty: 12), puzzle(epoch: 3, difficulty: 12), puzzle(view: 4, difficulty: 12),
            puzzle(parent: 0x31, difficulty: 12), puzzle(justifyView: 2, difficulty: 12),
            puzzle(proposer: 5, difficulty: 12),
        ]
        for other in others { #expect(!other.isSolved(by: nonce)) }
        // A harder puzzle's solution solves an easier one.
        #expect(puzzle(difficulty: 11).isSolved(by: nonce))
    }
}
