public import HotStuff

/// What does not go on, as far as the directories tell.
///
/// What other replicas have made final above the last restored block is lost too, and nobody can know what it was.
public struct RescueLosses: Sendable {
    /// The highest block that is known to be final, if it is above the last restored one: all between is lost.
    public internal(set) var finalHeight: Height?
    /// The heights and views of blocks that a quorum certified, and that are in none of the directories.
    public internal(set) var certified: [VoteStatement] = []
    /// How many recorded blocks above the last final one no certificate leads to.
    public internal(set) var uncertifiedBlocks = 0
    /// The commands of those blocks that were not executed in another one.
    public internal(set) var commands: [CommandKey] = []
    /// How many of those blocks' commands would have opened a session.
    public internal(set) var openings = 0
}
