internal import HotStuff

/// Hides some kinds of messages from some replicas, always the same ones for a while.
struct Withholding: Strategy {
    private var remaining = 0
    private var hidden: [Bool] = []
    private var fromWhom: [Bool] = []

    mutating func bend(_ letters: inout [Letter], as liar: inout Liar) {
        if remaining == 0 {
            remaining = 10 + liar.random.below(80)
            hidden = Kind.allCases.map { _ in liar.random.chance(oneIn: 2) }
            fromWhom = liar.world.replicas.map { _ in liar.random.chance(oneIn: 2) }
        }
        remaining -= 1
        let before = letters.count
        letters.removeAll { fromWhom[$0.receiver.index] && hidden[Kind($0.message).rawValue] }
        liar.acts += before - letters.count
    }

    private enum Kind: Int, CaseIterable {
        case proposal, vote, timeout, certificates, other

        init(_ message: Message?) {
            switch message {
            case .proposal, .briefProposal: self = .proposal
            case .vote: self = .vote
            case .timeout: self = .timeout
            case .certificates: self = .certificates
            case .commands, .blockRequest, .blockResponse, .rangeRequest, .blockRange, .snapshotRequest,
                .snapshotAnswer, .echo, .plea, nil:
                self = .other
            }
        }
    }
}
