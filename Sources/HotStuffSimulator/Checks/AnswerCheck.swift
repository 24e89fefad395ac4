internal import HotStuff

/// Whether a replica tells clients only what it cannot forget: results of blocks whose commits are durable.
struct AnswerCheck {
    /// Where the journal has, or will have, the commits since the last start.
    private var positions: [Height: JournalPosition] = [:]

    /// A replica started again: all that it commits again was in its journal.
    mutating func restarted() { positions = [:] }

    /// A block became final, with its commit at a position of the journal.
    mutating func committed(_ height: Height, at position: JournalPosition) { positions[height] = position }

    /// A replica tells results while its journal is durable through a position.
    mutating func told(_ results: [CommandResult], by replica: ReplicaID, durable: JournalPosition) -> Violation? {
        for result in results {
            guard let position = positions[result.height], position > durable else { continue }
            return Violation(
                .durability,
                "replica \(replica) told a client a result of height \(result.height) before it was durable"
            )
        }
        return nil
    }
}
