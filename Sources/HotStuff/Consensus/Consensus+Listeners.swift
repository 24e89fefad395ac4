// Listeners: replicas that follow the chain without a vote.
extension Consensus {
    /// Whether this replica follows the chain without a vote.
    public var isListener: Bool { !committee.validators.contains(replica) }

    /// Whether a message may lead to anything, so that its signatures are worth verifying.
    ///
    /// Blocks that were not asked for do not, whoever sends them. Of a listener's messages only those do that ask for
    /// something, bring commands, or prove themselves.
    public func heeds(_ message: Message, from sender: ReplicaID) -> Bool {
        switch message {
        case .blockResponse(let response): awaits(response, from: sender)
        case .blockRange(let range): awaits(range, from: sender)
        case .snapshotAnswer(let answer): awaits(answer, from: sender)
        case .commands, .plea, .blockRequest, .rangeRequest, .snapshotRequest, .proposal, .briefProposal,
            .vote, .timeout, .certificates, .echo:
            Self.heedsAlways(message, from: sender)
        }
    }

    /// Whether a message may lead to something whatever a replica waits for.
    ///
    /// To be asked first: who calls `heeds` of a core that is kept in an object copies the core.
    public static func heedsAlways(_ message: Message, from sender: ReplicaID) -> Bool {
        switch message {
        case .blockResponse, .blockRange, .snapshotAnswer: false
        case .commands, .plea, .blockRequest, .rangeRequest, .snapshotRequest: true
        case .proposal, .briefProposal, .vote, .timeout, .certificates, .echo: !sender.isListener
        }
    }

    /// Takes in what a listener says: it asks, passes commands on, or gives final blocks that it was asked for.
    ///
    /// It has no say in anything else, and is heard only so often.
    mutating func onReceived(
        _ message: VerifiedMessage,
        fromListener sender: ReplicaID,
        into effects: inout [Effect]
    ) {
        switch message {
        case .blockRange(let range): return onBlockRange(range, from: sender, into: &effects)
        case .proposal, .briefProposal, .vote, .timeout, .certificates, .blockResponse, .snapshotAnswer, .echo: return
        case .commands, .blockRequest, .rangeRequest, .snapshotRequest, .plea: break
        }
        guard audience.admitsRequest(of: sender, at: now) else { return }
        switch message {
        case .commands(let commands): onCommands(commands)
        case .blockRequest(let request): onBlockRequest(request, from: sender, into: &effects)
        case .rangeRequest(let request): onRangeRequest(request, from: sender, into: &effects)
        case .snapshotRequest(let request): effects.append(.serveSnapshot(request, to: sender))
        case .plea(let view): if view < certificates.view { tell(sender, into: &effects) }
        case .proposal, .briefProposal, .vote, .timeout, .certificates, .blockResponse, .blockRange, .snapshotAnswer,
            .echo:
            break
        }
    }

    /// How long a client's command waits before the others are told of it: until it should have been proposed.
    ///
    /// At a listener, and where anybody may lead and so needs it, only until some have come together. Clients mostly tell everybody
    /// themselves: then it is proposed before that.
    var relayMicroseconds: UInt64 {
        isListener || leaders.wantsWork ? pace.patienceMicroseconds / 10 : pace.patienceMicroseconds
    }

    /// Asks one validator after the other where it stands, when a listener has heard nothing for as long as a view may take.
    ///
    /// What is lost on the way to a validator shows when a view takes too long. A listener has no such timer: without asking, it
    /// would not learn that the chain rests on a certificate that it never got.
    mutating func inquire(into effects: inout [Effect]) {
        guard isListener else { return }
        let patience = hasWork ? pace.viewTimeoutMilliseconds : pace.maximumTimeoutMilliseconds
        let latest = now.advanced(byMicroseconds: patience * 1_000)
        let hasHeard = certificates.view > heardView
        heardView = certificates.view
        let due = hasHeard ? latest : min(nextInquiry ?? latest, latest)
        nextInquiry = due
        guard now >= due else { return }
        nextInquiry = latest
        guard let peer = nextToAsk else { return }
        lastAsked = peer
        effects.append(.say(.plea(certificates.view), to: .replica(peer)))
    }

    /// The validator after the one that was asked last to which there is a connection.
    private var nextToAsk: ReplicaID? {
        let count = committee.validators.count
        return (1...count).lazy
            .map { ReplicaID(UInt16((lastAsked.index + $0) % count)) }
            .first { !isDisconnected[$0.index] }
    }
}
