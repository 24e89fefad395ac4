/// The ways to lie, by name.
enum StrategyName: String, CaseIterable, Sendable {
    case silent

    /// A fresh liar's value of the strategy.
    var strategy: any Strategy {
        switch self {
        case .silent: Silence()
        }
    }
}
