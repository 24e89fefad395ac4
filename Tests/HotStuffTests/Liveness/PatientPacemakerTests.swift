import Testing

@testable import HotStuff

@Suite("The pacemaker of the house")
struct PatientPacemakerTests {
    private let validators: ValidatorSet

    init() throws {
        validators = try ValidatorSet(
            (0..<4).map { Validator(verificationKey: [UInt8($0)], power: VotingPower(1)) }
        )
    }

    private func pacemaker(
        _ milliseconds: UInt64 = 1_000,
        maximum: UInt64 = 10_000,
        growth: UInt64 = 150
    ) -> PatientPacemaker {
        PatientPacemaker(
            settings: PacemakerSettings(
                viewTimeoutMilliseconds: milliseconds,
                growthPercent: growth,
                maximumTimeoutMilliseconds: maximum
            ),
            validators: validators
        )
    }

    @Test("the timer runs while there is work, and from when the work came")
    func runsWithWork() {
        var pacemaker = pacemaker()
        pacemaker.update(hasWork: false, prospect: .open, now: Instant(5))
        #expect(pacemaker.deadline == nil)
        pacemaker.update(hasWork: true, prospect: .open, now: Instant(7))
        pacemaker.update(hasWork: true, prospect: .open, now: Instant(9_000))
        #expect(pacemaker.deadline == Instant(1_000_007))
        pacemaker.update(hasWork: false, prospect: .open, now: Instant(9_001))
        #expect(pacemaker.deadline == nil)
        let expired = pacemaker.expires(now: Instant(.max))
        #expect(!expired)
    }

    @Test("the time grows with each failed view and with each repetition, is capped, and falls back on a commit")
    func grows() {
        var pacemaker = pacemaker()
        var times: [UInt64] = []
        for _ in 0..<8 {
            times.append(pacemaker.timeoutMicroseconds)
            pacemaker.enterView(after: .timeout, ledBy: nil, wasHopeless: false, now: Instant(0))
        }
        #expect(times == [1_000_000, 1_500_000, 2_250_000, 3_375_000, 5_062_500, 7_593_750, 10_000_000, 10_000_000])
        pacemaker.enterView(after: .certificate, ledBy: nil, wasHopeless: false, now: Instant(0))
        #expect(pacemaker.timeoutMicroseconds == 10_000_000)
        pacemaker.committed()
        #expect(pacemaker.timeoutMicroseconds == 1_000_000)
        pacemaker.update(hasWork: true, prospect: .open, now: Instant(0))
        #expect(pacemaker.expires(now: Instant(1_000_000)) == true)
        #expect(pacemaker.deadline == Instant(2_500_000))
        #expect(pacemaker.expires(now: Instant(2_499_999)) == false)
        #expect(pacemaker.expires(now: Instant(2_500_000)) == true)
        #expect(pacemaker.deadline == Instant(4_750_000))
    }

    @Test("the timer of an old view does not end the new one")
    func forgetsOldView() {
        var pacemaker = pacemaker()
        pacemaker.update(hasWork: true, prospect: .open, now: Instant(0))
        pacemaker.enterView(after: .certificate, ledBy: nil, wasHopeless: false, now: Instant(0))
        #expect(pacemaker.expires(now: Instant(5_000_000)) == false)
        pacemaker.update(hasWork: true, prospect: .open, now: Instant(5_000_000))
        #expect(pacemaker.deadline == Instant(6_000_000))
    }

    @Test("a time of one millisecond is not cut to nothing, and a million failures overflow nothing")
    func extremes() {
        var short = pacemaker(1, maximum: 2)
        short.update(hasWork: true, prospect: .open, now: Instant(0))
        #expect(short.deadline == Instant(1_000))
        #expect(short.settings.patienceMicroseconds == 500)
        var long = pacemaker(3_600_000, maximum: 3_600_000, growth: 1_000)
        for _ in 0..<100_000 { long.enterView(after: .timeout, ledBy: nil, wasHopeless: false, now: Instant(0)) }
        #expect(long.timeoutMicroseconds == 3_600_000_000)
        var flat = pacemaker(5, maximum: 3_600_000, growth: 100)
        for _ in 0..<100_000 { flat.enterView(after: .timeout, ledBy: nil, wasHopeless: false, now: Instant(0)) }
        #expect(flat.timeoutMicroseconds == 5_000)
        long.update(hasWork: true, prospect: .open, now: Instant(.max))
        #expect(long.deadline == Instant(.max))
    }

    /// Lets views end well that took so long, each led by one replica, the last one's time being what counts.
    private func run(_ pacemaker: inout PatientPacemaker, _ views: [(leader: UInt16, milliseconds: UInt64)]) {
        var now = Instant(0)
        for (leader, milliseconds) in views {
            pacemaker.update(hasWork: true, prospect: .open, now: now)
            now = now.advanced(byMicroseconds: milliseconds * 1_000)
            pacemaker.enterView(after: .certificate, ledBy: ReplicaID(leader), wasHopeless: false, now: now)
            pacemaker.committed()
        }
    }

    @Test(
        "a view is given twice the time that views need which go well, also after a commit, and less when they need less"
    )
    func measures() {
        var pacemaker = pacemaker()
        run(&pacemaker, [(0, 800), (1, 900), (2, 700), (3, 800)])
        #expect(pacemaker.timeoutMicroseconds == 1_600_000)
        run(&pacemaker, [(0, 30), (1, 30), (2, 700)])
        #expect(pacemaker.timeoutMicroseconds == 1_400_000)
        run(&pacemaker, [(2, 20), (3, 20)])
        #expect(pacemaker.timeoutMicroseconds == 1_000_000)
    }

    @Test("f leaders who take all the time they have do not get more of it")
    func slowLeader() {
        var pacemaker = pacemaker()
        for _ in 0..<10 { run(&pacemaker, [(0, 50), (1, 999), (2, 60), (3, 40)]) }
        #expect(pacemaker.timeoutMicroseconds == 1_000_000)
        run(&pacemaker, [(0, .max / 2_000)])
        #expect(pacemaker.timeoutMicroseconds == 1_998_000)
        run(&pacemaker, [(1, .max / 2_000)])
        #expect(pacemaker.timeoutMicroseconds == 10_000_000)
        run(&pacemaker, [(0, 1), (9, 5_000)])
        #expect(pacemaker.timeoutMicroseconds == 1_000_000)
    }

    @Test("a view that waited for work is measured from when that came")
    func waited() {
        var pacemaker = pacemaker()
        for leader in 0..<4 as Range<UInt16> {
            pacemaker.update(hasWork: false, prospect: .open, now: Instant(0))
            pacemaker.update(hasWork: true, prospect: .open, now: Instant(8_000_000))
            let end = Instant(8_600_000)
            pacemaker.enterView(after: .certificate, ledBy: ReplicaID(leader), wasHopeless: false, now: end)
        }
        #expect(pacemaker.timeoutMicroseconds == 1_200_000)
    }

    @Test("a gone leader's views make the next ones no longer")
    func goneLeader() {
        var pacemaker = pacemaker()
        pacemaker.enterView(after: .timeout, ledBy: ReplicaID(1), wasHopeless: true, now: Instant(0))
        #expect(pacemaker.timeoutMicroseconds == 1_000_000)
        pacemaker.enterView(after: .join, ledBy: ReplicaID(2), wasHopeless: false, now: Instant(0))
        #expect(pacemaker.timeoutMicroseconds == 1_500_000)
    }
}
