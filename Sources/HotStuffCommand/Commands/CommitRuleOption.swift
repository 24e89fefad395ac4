import ArgumentParser
import HotStuff

/// Which blocks of a chain become final, as the command line says it.
enum CommitRuleOption: String, ExpressibleByArgument, CaseIterable {
    case threeChain = "three-chain"
    case twoChain = "two-chain"

    /// The same for the chain.
    var rule: CommitRule {
        switch self {
        case .threeChain: .threeChain
        case .twoChain: .twoChain
        }
    }

    /// The option that says a rule.
    init(_ rule: CommitRule) {
        switch rule {
        case .threeChain: self = .threeChain
        case .twoChain: self = .twoChain
        }
    }
}
