internal import HotStuff

/// One event at a replica with all that follows from it.
struct Step {
    /// Where the replica stands after it.
    let standing: Standing
    /// What happened; nothing where the replica starts.
    let event: Event?
    /// What the replica wishes because of it, in order.
    let effects: [Effect]
    /// The replica's clock.
    let now: Instant
    /// How long its views may take.
    let pace: PacemakerSettings

    /// Whether the replica stops for good.
    var isTheLast: Bool {
        effects.contains { if case .halt = $0 { true } else { false } }
    }
}
