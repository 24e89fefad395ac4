internal import HotStuff

/// How the loop of a replica ended.
enum LoopEnd: Sendable {
    /// The replica has ended, or is to.
    case ended
    /// It starts again, with what its data directory holds.
    case startsAgain
}

/// A replica's loop and the threads around it, from one start to the next.
struct Incarnation: Sendable {
    /// The height of the last block that was committed before the start; none if blocks have to be repaired before.
    let recoveredHeight: Height?
    /// Runs the loop, on the calling thread, until it ends.
    let run: @Sendable () -> LoopEnd
    /// Writes what is decided, and ends the threads.
    let close: @Sendable () -> Void
}
