internal import HotStuff

/// What execution has to hear of the journal.
///
/// The journal is written several times for a block, and execution waits for one of these writes, that of the commit. It is told no more
/// than that: each further awakening costs more than the command that was executed.
struct JournalNews: Sendable {
    /// Up to where the journal is durable.
    private var durable = JournalPosition.start
    /// The last commit that execution has, or is about to have.
    private var awaited = JournalPosition.start
    /// Up to where execution knows the journal to be durable.
    private var told = JournalPosition.start

    /// Notes that execution waits for the commit at a position.
    mutating func expect(_ position: JournalPosition) { awaited = max(awaited, position) }

    /// Notes that the journal is durable through a position, whether anybody waits for it yet or not.
    mutating func reach(_ position: JournalPosition) { durable = max(durable, position) }

    /// What execution has to be told now, which it then knows: nothing while it waits for nothing, or for what is not durable yet.
    mutating func take() -> JournalPosition? {
        guard told < awaited, told < durable else { return nil }
        told = durable
        return durable
    }
}
