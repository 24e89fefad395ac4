import Testing

@testable import HotStuffReplica

@Suite("Whose turn it is to run the loop")
struct TurnsTests {
    private var turns = Turns()

    /// Begins with turns that guests may have, and the loop's own thread asleep until a moment.
    private mutating func lend(until deadline: UInt64?) {
        turns = Turns()
        turns.lend()
        turns.end(Turns.Rest(deadline: deadline))
        _ = turns.begin(hasMail: false, now: 0)
    }

    private mutating func duty(_ mayServe: Bool) -> Turns.Duty { turns.duty(mayServe: mayServe) }

    private mutating func begins(hasMail: Bool, now: UInt64) -> Bool { turns.begin(hasMail: hasMail, now: now) }

    private mutating func guestEnds(_ rest: Turns.Rest, hasMail: Bool, mayOffer: Bool, now: UInt64) -> Turns.Duty {
        turns.guestEnds(rest, hasMail: hasMail, mayOffer: mayOffer, now: now)
    }

    @Test("nobody else's, until the loop's own thread has lent it and ended its own")
    mutating func closed() {
        #expect(duty(true) == .nothing)
        turns.end(Turns.Rest())
        #expect(duty(true) == .wake)
        #expect(begins(hasMail: true, now: 0))
        turns.lend()
        #expect(duty(true) == .nothing)
        turns.end(Turns.Rest())
        #expect(duty(true) == .serve)
    }

    @Test("one's at a time")
    mutating func one() {
        lend(until: nil)
        #expect(duty(true) == .serve)
        #expect(duty(true) == .nothing)
        #expect(!begins(hasMail: true, now: .max))
        #expect(guestEnds(Turns.Rest(), hasMail: false, mayOffer: true, now: 0) == .nothing)
        #expect(begins(hasMail: true, now: 0))
        #expect(duty(true) == .nothing)
    }

    @Test("of the loop's own thread, when a moment has come or something has, and of nobody else's where only it may")
    mutating func owner() {
        lend(until: 10)
        #expect(turns.sleep == 10)
        #expect(duty(false) == .wake)
        #expect(!begins(hasMail: false, now: 9))
        #expect(begins(hasMail: false, now: 10))
        turns.withdraw()
        turns.end(Turns.Rest())
        #expect(duty(true) == .wake)
    }

    @Test(
        "the thread is woken for what is due before it wakes by itself, and for nothing else",
        arguments: [
            (UInt64?.none, UInt64?.none, Turns.Duty.nothing), (nil, 20, .wake), (20, nil, .nothing), (20, 20, .nothing),
            (20, 30, .nothing), (20, 19, .wake),
        ]
    )
    mutating func alarm(set: UInt64?, wanted: UInt64?, then: Turns.Duty) {
        lend(until: set)
        #expect(duty(true) == .serve)
        #expect(guestEnds(Turns.Rest(deadline: wanted), hasMail: false, mayOffer: true, now: 5) == then)
    }

    @Test("who woke while a guest had the turn is woken at its end for whatever there is a moment")
    mutating func sleptOver() {
        lend(until: 20)
        #expect(duty(true) == .serve)
        #expect(!begins(hasMail: false, now: 20))
        #expect(turns.sleep == nil)
        #expect(guestEnds(Turns.Rest(deadline: 30), hasMail: false, mayOffer: true, now: 21) == .wake)
    }

    @Test("a guest offers to go on where more has come or is due, or else leaves it to the thread")
    mutating func goesOn() {
        for (hasMail, deadline) in [(true, UInt64?.none), (false, 5)] {
            for mayOffer in [true, false] {
                lend(until: nil)
                #expect(duty(true) == .serve)
                let rest = Turns.Rest(deadline: deadline)
                let next = guestEnds(rest, hasMail: hasMail, mayOffer: mayOffer, now: 5)
                #expect(next == (mayOffer ? .offer : .wake))
                // In both cases somebody else may be quicker.
                #expect(begins(hasMail: hasMail, now: 5))
            }
        }
    }

    @Test("a loop that ends in a guest's turn is the thread's to close")
    mutating func over() {
        lend(until: nil)
        #expect(duty(true) == .serve)
        #expect(guestEnds(.over, hasMail: true, mayOffer: true, now: 0) == .wake)
        #expect(duty(true) == .wake)
        #expect(begins(hasMail: false, now: 0))
        #expect(turns.isOver)
        turns.withdraw()
        #expect(!turns.isOver)
    }
}
