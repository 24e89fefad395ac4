package import HotStuff

/// A message that waits on its link until somebody delivers it.
package struct MailItem {
    /// Who sent it.
    package let sender: Int
    /// To whom.
    package let receiver: Int
    /// What it says.
    package let message: Message
}

/// The kinds of messages, by which they are picked.
package enum MailKind: String, Sendable, CaseIterable {
    /// A leader's block.
    case proposals
    /// Votes.
    case votes
    /// Views given up.
    case timeouts
    /// Where somebody stands.
    case certificates
    /// Commands of clients.
    case commands
    /// Requests for blocks.
    case requests
    /// Answers to these.
    case responses
    /// Requests for final blocks by height.
    case rangeRequests
    /// Answers to these.
    case ranges
    /// Questions about snapshots.
    case snapshotRequests
    /// Answers to these.
    case snapshotAnswers
    /// What is held of the receiver's own statements.
    case echoes
    /// Requests to go on.
    case pleas

    /// The kind of a message.
    package init(_ message: Message) {
        self =
            switch message {
            case .proposal, .briefProposal: .proposals
            case .vote: .votes
            case .timeout: .timeouts
            case .certificates: .certificates
            case .commands: .commands
            case .blockRequest: .requests
            case .blockResponse: .responses
            case .rangeRequest: .rangeRequests
            case .blockRange: .ranges
            case .snapshotRequest: .snapshotRequests
            case .snapshotAnswer: .snapshotAnswers
            case .echo: .echoes
            case .plea: .pleas
            }
    }
}

/// Which messages are meant; what is not said does not matter.
package struct MailFilter: Sendable {
    /// Of which kind.
    package var kind: MailKind?
    /// Sent by one of these.
    package var senders: [Int]?
    /// To one of these.
    package var receivers: [Int]?
    /// Of which view, if they have one.
    package var view: View?

    /// Every message is meant.
    package init() {}

    /// Whether a message is meant.
    package func matches(_ item: MailItem) -> Bool {
        if let kind, kind != MailKind(item.message) { return false }
        if let senders, !senders.contains(item.sender) { return false }
        if let receivers, !receivers.contains(item.receiver) { return false }
        if let view, view != item.message.view { return false }
        return true
    }
}

extension Message {
    /// The view of a statement or of certificates.
    fileprivate var view: View? {
        switch self {
        case .proposal(let proposal): proposal.block.view
        case .briefProposal(let brief): brief.header.view
        case .vote(let vote): vote.statement.view
        case .timeout(let timeout): timeout.statement.view
        case .certificates(let pair): pair.view
        case .echo(let echo): echo.view
        case .plea(let view): view
        case .commands, .blockRequest, .blockResponse, .rangeRequest, .blockRange, .snapshotRequest, .snapshotAnswer:
            nil
        }
    }
}
