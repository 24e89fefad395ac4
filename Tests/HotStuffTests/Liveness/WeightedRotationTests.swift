import HotStuff
import HotStuffSimulator
import Testing

@Suite("Leaders by weight")
struct WeightedRotationTests {
    private func schedule(_ powers: [UInt64]) -> LeaderSchedule {
        let world = World(powers.count, powers: powers)
        return LeaderSchedule(WeightedRotation(), among: world.committee.validators, parameters: world.parameters)
    }

    private func leaders(_ powers: [UInt64], _ views: Range<UInt64>) -> [Int] {
        let schedule = schedule(powers)
        return views.compactMap { schedule.leader(of: View($0), after: nil)?.index }
    }

    @Test(
        "in any whole cycle of P views each leads exactly as many as it has power",
        arguments: [[1], [1, 1, 1, 1], [1, 2, 3, 4], [5, 1, 1, 1, 92], [7, 7, 7], [100, 1, 250, 13, 13, 64]]
            as [[UInt64]]
    )
    func fair(powers: [UInt64]) {
        let total = powers.reduce(0, +)
        for start in [0, 1, total / 2, 1_000_003, UInt64.max - total] as [UInt64] {
            let leaders = leaders(powers, start..<start + total)
            let shares = powers.indices.map { index in UInt64(leaders.count { $0 == index }) }
            #expect(shares == powers, "from view \(start)")
        }
    }

    @Test("any stretch of views gives each its share, but for a few views")
    func spread() {
        let powers: [UInt64] = [10, 20, 30, 40, 100, 1, 99]
        let total = Double(powers.reduce(0, +))
        for length in [10, 25, 50, 100, 150] as [UInt64] {
            for start in stride(from: UInt64(0), to: 600, by: 7) {
                let leaders = leaders(powers, start..<start + length)
                for (index, power) in powers.enumerated() {
                    let share = Double(power) * Double(length) / total
                    #expect(abs(Double(leaders.count { $0 == index }) - share) < 4, "\(index) in \(start)+\(length)")
                }
            }
        }
    }

    @Test("powers up to the largest total overflow nothing, and who holds nearly all leads nearly always")
    func large() {
        let most = ValidatorSet.maximumTotalPower.rawValue
        let leaders = leaders([1, most - 3, 1, 1], 0..<2_000)
        #expect(leaders.count == 2_000)
        // The places of the cycle's beginning are those of replica 0.
        #expect(leaders.count { $0 == 1 } == 1_999 && leaders[0] == 0)
        let halves = schedule([most / 2, most / 2])
        for view in [UInt64.max, UInt64.max - 1, most, most - 1] {
            #expect(halves.leader(of: View(view), after: nil) != nil)
        }
        #expect(
            (0..<1_000 as Range<UInt64>).count { halves.leader(of: View($0), after: nil) == ReplicaID(0) } / 10 == 50
        )
    }

    @Test("a place is held by the replica whose power reaches it")
    func places() throws {
        let set = World(4, powers: [2, 1, 5, 1]).committee.validators
        #expect((0..<9 as Range<UInt64>).map { set.holder(ofPlace: $0).rawValue } == [0, 0, 1, 2, 2, 2, 2, 2, 3])
    }
}
