import HotStuff
import Testing

@Suite("A leader whose connection broke")
struct SuspicionTests {
    private let settings = PacemakerSettings(viewTimeoutMilliseconds: 1_000)
    private let validators: ValidatorSet

    init() throws {
        validators = try ValidatorSet(
            (0..<4).map { Validator(verificationKey: [UInt8($0)], power: VotingPower(1)) }
        )
    }

    @Test("is given a fiftieth of a view's time, counted from when there was work")
    func grace() {
        var pacemaker = PatientPacemaker(settings: settings, validators: validators)
        pacemaker.update(hasWork: true, prospect: .gone, now: Instant(10))
        #expect(pacemaker.deadline == Instant(20_010))
    }

    @Test("loses the rest of its time when the connection breaks in the middle of the view")
    func middle() {
        var pacemaker = PatientPacemaker(settings: settings, validators: validators)
        pacemaker.update(hasWork: true, prospect: .open, now: Instant(10))
        #expect(pacemaker.deadline == Instant(1_000_010))
        pacemaker.update(hasWork: true, prospect: .gone, now: Instant(700_000))
        let deadline = pacemaker.deadline
        #expect(deadline == Instant(20_010))
        let expired = pacemaker.expires(now: Instant(700_000))
        #expect(expired)
    }

    @Test(
        "where the votes of a quorum are divided, the slow ones have a fiftieth, or twice the time that views need, and more for every second view"
    )
    func divided() {
        var pacemaker = PatientPacemaker(settings: settings, validators: validators)
        func enter(after end: ViewEnd, ledBy leader: Int?, at time: UInt64) {
            pacemaker.enterView(
                after: end,
                ledBy: leader.map { ReplicaID(UInt16($0)) },
                wasHopeless: false,
                now: Instant(time)
            )
        }
        func given(_ prospect: ViewProspect, at time: UInt64) -> UInt64? {
            pacemaker.update(hasWork: true, prospect: .open, now: Instant(time))
            pacemaker.update(hasWork: true, prospect: prospect, now: Instant(time + 1))
            return pacemaker.deadline.map { $0.rawValue - time }
        }
        #expect(given(.doubtful, at: 0) == 20_000)
        enter(after: .timeout, ledBy: nil, at: 20_000)
        #expect(given(.doubtful, at: 20_000) == 20_000)
        enter(after: .join, ledBy: nil, at: 50_000)
        #expect(given(.open, at: 50_000) == 1_000_000, "the full time does not grow for that")
        #expect(given(.doubtful, at: 50_000) == 30_000)
        // Two leaders' views took long: twice that is what the slow ones have, from the first view that went well on.
        enter(after: .certificate, ledBy: 1, at: 150_000)
        #expect(given(.doubtful, at: 150_000) == 20_000)
        enter(after: .timeout, ledBy: nil, at: 170_000)
        #expect(given(.open, at: 170_000) == 1_000_000)
        enter(after: .certificate, ledBy: 2, at: 250_000)
        #expect(given(.doubtful, at: 250_000) == 160_000)
        // As many doubtful views in a row as make it longer than the full time count as any other.
        var time: UInt64 = 410_000
        for _ in 0..<16 {
            enter(after: .timeout, ledBy: nil, at: time)
            time += given(.doubtful, at: time) ?? 0
        }
        enter(after: .timeout, ledBy: nil, at: time)
        #expect(given(.open, at: time) ?? 0 > 1_000_000)
    }

    @Test("has all its time again when it comes back before it was given up")
    func back() {
        var pacemaker = PatientPacemaker(settings: settings, validators: validators)
        pacemaker.update(hasWork: true, prospect: .gone, now: Instant(0))
        pacemaker.update(hasWork: true, prospect: .open, now: Instant(10_000))
        #expect(pacemaker.deadline == Instant(1_000_000))
    }

    /// Found by the simulator: the commit of the work stopped the timer, another's timeout started it again.
    @Test("does not make them come faster either when the work goes away and comes back")
    func repetitionsAfterRest() {
        var pacemaker = PatientPacemaker(settings: settings, validators: validators)
        pacemaker.update(hasWork: true, prospect: .gone, now: Instant(0))
        let expired = pacemaker.expires(now: Instant(20_000))
        #expect(expired)
        pacemaker.update(hasWork: false, prospect: .gone, now: Instant(60_000))
        #expect(pacemaker.deadline == nil)
        pacemaker.update(hasWork: true, prospect: .gone, now: Instant(70_000))
        #expect(pacemaker.deadline == Instant(70_000 + 1_500_000))
    }

    @Test("does not make the repetitions of a timeout come faster")
    func repetitions() {
        var pacemaker = PatientPacemaker(settings: settings, validators: validators)
        pacemaker.update(hasWork: true, prospect: .gone, now: Instant(0))
        let expired = pacemaker.expires(now: Instant(20_000))
        #expect(expired)
        pacemaker.update(hasWork: true, prospect: .gone, now: Instant(20_001))
        #expect(pacemaker.deadline == Instant(1_520_000))
    }

    @Test("a commit in the middle of a view does not end it")
    func commit() {
        var pacemaker = PatientPacemaker(settings: settings, validators: validators)
        pacemaker.enterView(after: .timeout, ledBy: nil, wasHopeless: false, now: Instant(0))
        pacemaker.update(hasWork: true, prospect: .open, now: Instant(0))
        pacemaker.committed()
        pacemaker.update(hasWork: true, prospect: .open, now: Instant(1_200_000))
        #expect(pacemaker.deadline == Instant(1_500_000))
    }

    @Test("is given up by the core when there is work, and not when it has come back or nothing is to do")
    func core() {
        let genesis = Genesis(
            name: "test",
            validators: validators,
            signatureScheme: "none",
            parameters: ChainParameters()
        )
        // View 1 is led by replica 1.
        func wake(_ events: [Event]) -> [Instant?] {
            var consensus = Consensus(
                committee: Committee(genesis),
                replica: ReplicaID(0),
                parameters: genesis.parameters,
                settings: ConsensusSettings(pacemaker: settings)
            )
            var effects: [Effect] = []
            consensus.start(now: Instant(0), wall: Timestamp(0), into: &effects)
            for event in events { consensus.handle(event, into: &effects) }
            return effects.compactMap { if case .wake(let time) = $0 { .some(time) } else { nil } }
        }
        let work = Event.submitted([Command(key: CommandKey(session: .none, sequence: 1), body: [])])
        #expect(wake([.disconnected(ReplicaID(1))]) == [])
        #expect(wake([work]) == [Instant(500_000)])
        #expect(wake([work, .disconnected(ReplicaID(2))]) == [Instant(500_000)])
        #expect(wake([work, .disconnected(ReplicaID(1))]) == [Instant(500_000), Instant(20_000)])
        #expect(
            wake([.disconnected(ReplicaID(1)), work, .connected(ReplicaID(1))]) == [Instant(20_000), Instant(500_000)]
        )
        #expect(wake([work, .disconnected(ReplicaID(9))]) == [Instant(500_000)])
    }
}
