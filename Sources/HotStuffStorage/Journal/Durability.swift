/// What a journal's answer "durable" means: the kind of crash that it survives.
public enum Durability: String, Sendable, CaseIterable {
    /// Synced to the medium: it survives a loss of power.
    case powerLoss = "power-loss"
    /// Written, not synced: it survives the end of the process, however violent, not that of the machine.
    case processCrash = "process-crash"
}
