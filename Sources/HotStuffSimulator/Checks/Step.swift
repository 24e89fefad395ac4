internal import HotStuff

/// One event at a replica with all that follows from it: a value, handed on by reference.
final class Step {
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

    init(standing: Standing, event: Event?, effects: [Effect], now: Instant, pace: PacemakerSettings) {
        self.standing = standing
        self.event = event
        self.effects = effects
        self.now = now
        self.pace = pace
    }

    /// Whether the replica stops for good.
    var isTheLast: Bool {
        effects.contains { if case .halt = $0 { true } else { false } }
    }
}
