import ArgumentParser
import HotStuff

/// Who collects the votes of a chain, as the command line says it.
enum VoteRoutingOption: String, ExpressibleByArgument, CaseIterable {
    case everyone
    case nextLeader = "next-leader"

    /// The same for the chain.
    var routing: VoteRouting {
        switch self {
        case .everyone: .everyone
        case .nextLeader: .nextLeader
        }
    }
}
