/// Decides when the current view has taken too long: a user's own may take the place of `PatientPacemaker`.
///
/// It knows no votes and no blocks, and safety never depends on it. Whatever it says, at most this replica's timeouts come early or
/// late: a view is given up by a quorum, and more than f who have given one up take the others along. What progress depends on is that
/// times grow while views fail, up to more than the network needs, and that a timeout is repeated while its view lasts, for it
/// may be lost.
///
/// It is told of every view and of every commit, reads no clock, and must say the same for the same calls.
public protocol Pacemaker: Sendable {
    /// When the current view is given up, or the last timeout is sent again; never while there is no work.
    var deadline: Instant? { get }

    /// Takes note that a view has begun.
    ///
    /// - Parameters:
    ///   - end: how the view before ended.
    ///   - leader: who led that, if it is known.
    ///   - wasHopeless: whether the view was given up although no time was too short: the connection to its leader had broken, or its
    ///     votes could make no quorum any more.
    ///   - now: the time.
    mutating func enterView(after end: ViewEnd, ledBy leader: ReplicaID?, wasHopeless: Bool, now: Instant)

    /// Takes note of a commit.
    mutating func committed()

    /// Runs the timer while there is work and stops it while there is none, so that an idle chain burns no views.
    ///
    /// - Parameters:
    ///   - hasWork: whether a command or a block waits for this view.
    ///   - prospect: what may still come of the view.
    ///   - now: the time.
    mutating func update(hasWork: Bool, prospect: ViewProspect, now: Instant)

    /// Whether the time is up; if so, the next time is set.
    mutating func expires(now: Instant) -> Bool
}
