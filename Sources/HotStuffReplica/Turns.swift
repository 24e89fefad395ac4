/// Whose turn it is to run the loop of a replica: one at a time, its own thread's or that of whoever brings it something meanwhile.
///
/// To wake a thread and to sleep again takes longer than most of what a message leads to. So who brings a message while nobody runs the loop
/// is lent a turn and runs it; the loop's own thread has its turn when a moment has come, or when what waits comes from those who have to go on.
struct Turns: Sendable {
    /// What a turn leaves behind.
    struct Rest: Sendable, Equatable {
        /// When there is something to do although nothing comes, in nanoseconds of the system's steady clock; 0 for at once.
        var deadline: UInt64?
        /// Whether word of what was executed is waited for; else it has time until something else comes.
        var awaitsExecution = true
        /// Whether the loop goes on.
        var goesOn = true

        /// The loop has ended.
        static let over = Rest(goesOn: false)
    }

    /// What somebody has to do who brought something, or has run the loop.
    enum Duty: Equatable {
        /// Nothing: whoever has the turn looks again at its end, or there is nothing to do.
        case nothing
        /// Wake the loop's own thread.
        case wake
        /// Run the loop.
        case serve
        /// Offer to run the loop again, when what was queued meanwhile has been done.
        case offer
    }

    /// How many turns a guest takes one after the other before it has to go on with its own work.
    static let maximumGuestTurns = 4

    /// Whether others than its own thread may run the loop.
    private var isLent = false
    /// Whether somebody has the turn.
    private(set) var isTaken = true
    /// Whether a guest's turn was the last.
    private(set) var isOver = false
    /// What the last turn left behind.
    private(set) var rest = Rest()
    /// Until when the loop's thread sleeps; nothing if it does so for ever.
    private var alarm: UInt64?

    /// Lends turns to those who bring something; by the loop's thread, which has the turn.
    mutating func lend() { isLent = true }

    /// Lends no more turns; by the loop's thread, which has the turn.
    mutating func withdraw() {
        isLent = false
        isOver = false
    }

    /// The loop's thread gives its turn back.
    mutating func end(_ rest: Rest) {
        isTaken = false
        self.rest = rest
    }

    /// Whether something is to be done by now, also if nothing has come.
    func isDue(at now: UInt64) -> Bool { rest.deadline.map { $0 <= now } ?? false }

    /// The loop's thread takes the turn, if nobody has it and there is something to do.
    ///
    /// - Returns: whether it has it now; else it is to sleep until `sleep`, which is noted.
    mutating func begin(hasMail: Bool, now: UInt64) -> Bool {
        guard !isTaken, hasMail || isOver || isDue(at: now) else {
            // Who has the turn wakes the thread for what is due sooner.
            alarm = isTaken ? nil : rest.deadline
            return false
        }
        isTaken = true
        return true
    }

    /// Until when the loop's thread is to sleep that did not get the turn.
    var sleep: UInt64? { alarm }

    /// What somebody has to do who brought something; whoever has to serve has the turn.
    ///
    /// - Parameter mayServe: whether the caller may run the loop, and what waits is nothing that its own thread has to see to.
    /// - Returns: what it has to do.
    mutating func duty(mayServe: Bool) -> Duty {
        guard !isTaken else { return .nothing }
        guard mayServe, isLent, !isOver else { return .wake }
        isTaken = true
        return .serve
    }

    /// A guest has run the loop.
    ///
    /// - Parameters:
    ///   - rest: what it left behind.
    ///   - hasMail: whether more has come.
    ///   - mayOffer: whether the guest may run the loop again.
    ///   - now: nanoseconds of the system's steady clock.
    /// - Returns: what it has to do.
    mutating func guestEnds(_ rest: Rest, hasMail: Bool, mayOffer: Bool, now: UInt64) -> Duty {
        end(rest)
        isOver = !rest.goesOn
        guard !isOver else { return .wake }
        guard !hasMail, !isDue(at: now) else { return mayOffer ? .offer : .wake }
        guard let deadline = rest.deadline else { return .nothing }
        return alarm.map { deadline < $0 } ?? true ? .wake : .nothing
    }
}
