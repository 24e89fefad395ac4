internal import HotStuff

/// With what the journal of a replica ends: a checkpoint holds all that the segments before it held and that is still needed.
enum JournalEnd {
    /// Records that are in no checkpoint.
    case records
    /// A checkpoint of which more is to come.
    case beginning
    /// A checkpoint.
    case checkpoint

    /// Takes note of what the core wishes.
    mutating func note(_ effect: Effect) {
        switch (effect, self) {
        case (.startSegment, _): self = .beginning
        case (.append(.safety, _), .beginning): self = .checkpoint
        case (.append, .checkpoint): self = .records
        default: break
        }
    }
}
