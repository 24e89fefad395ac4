internal import HotStuff

/// Whether a replica tells others what it owes them: who connects, who lags, and who asks for blocks.
struct CourtesyCheck {
    private struct Told {
        var view: View
        var time: Instant
    }

    private let world: SimulatedWorld
    /// What each was told last because it lagged.
    private var told: [Told?]
    /// The view that this replica's certificates showed to be over before the event.
    private var certifiedView: View
    /// The blocks in its journal, which it need not ask for.
    private var journaled: [Digest: BlockHeader] = [:]

    /// The last requests for a block: whom it was asked of, above which height, and how often in a row.
    private var asked: [Digest: (peer: ReplicaID, above: Height, times: Int)] = [:]

    /// The last brief proposal of each that names a certificate which was not here, and when it came.
    private var briefs: [(view: View, justifyView: View, time: Instant)?]
    /// How often such a certificate was asked for.
    private(set) var requestCount = 0

    init(world: SimulatedWorld) {
        briefs = Array(repeating: nil, count: world.count)
        self.world = world
        told = Array(repeating: nil, count: world.count)
        certifiedView = world.committee.genesis.view
    }

    /// A replica started again and found blocks in its journal.
    mutating func restarted(with blocks: [Digest: BlockHeader]) { journaled = blocks }

    /// Judges an event with its effects.
    mutating func judge(_ step: Step) -> Violation? {
        let replica = step.standing.replica
        if step.event == nil {
            told = Array(repeating: nil, count: world.count)
            asked = [:]
            briefs = Array(repeating: nil, count: world.count)
        }
        let before = certifiedView
        certifiedView = step.standing.certificates.view
        if step.isTheLast { return nil }
        if let violation = missesCertificate(step) { return violation }
        for effect in step.effects {
            switch effect {
            case .append(.block(let block), _): journaled[block.id] = block.header
            case .say(.blockRequest(let request), .replica(let peer)):
                if isStubborn(request, peer) {
                    return Violation(
                        .courtesy,
                        "replica \(replica) asks only replica \(peer) for block \(request.target.short)"
                    )
                }
                if holds(request.target, step.standing) {
                    return Violation(
                        .courtesy,
                        "replica \(replica) asks for block \(request.target.short), which is in its journal"
                    )
                }
            case .append, .sign, .send, .say, .serve, .serveRange, .repair, .serveSnapshot, .beginSnapshot, .keepChunk,
                .adoptSnapshot, .commit, .refuse, .answer, .wake, .enter, .gaveUp,
                .mine, .ignoredProof, .report,
                .amnesia, .startSegment, .halt:
                continue
            }
        }
        switch step.event {
        case .connected(let peer):
            if greeting(to: peer, in: step) == nil {
                return Violation(
                    .courtesy,
                    "replica \(replica) does not tell replica \(peer) its certificates at first"
                )
            }
        case .received(.timeout(let timeout), let sender):
            return answer(to: sender, at: timeout.content.certificates.view, before: before, step)
        case .received(.certificates(let pair), let sender):
            return answer(to: sender, at: pair.content.view, before: before, step)
        case .received(.proposal, let sender), .received(.briefProposal, let sender):
            return answer(to: sender, at: .none, before: before, step)
        case .received(.plea, let sender):
            let isAnswered = step.effects.contains {
                if case .say(.echo, .replica(sender)) = $0 { true } else { false }
            }
            if !isAnswered {
                return Violation(.courtesy, "replica \(replica) does not tell replica \(sender) what it holds of it")
            }
        case .received(.blockRequest, let sender):
            let isServed = step.effects.contains {
                if case .serve(_, _, sender) = $0 { true } else { false }
            }
            if !isServed { return Violation(.courtesy, "replica \(replica) does not serve replica \(sender)") }
        case .received(.snapshotRequest, let sender):
            let isServed = step.effects.contains {
                if case .serveSnapshot(_, sender) = $0 { true } else { false }
            }
            if !isServed {
                return Violation(.courtesy, "replica \(replica) gives replica \(sender) no answer about snapshots")
            }
        case .received(.rangeRequest, let sender):
            let isServed = step.effects.contains {
                if case .serveRange(_, sender) = $0 { true } else { false }
            }
            if !isServed { return Violation(.courtesy, "replica \(replica) gives replica \(sender) no range") }
        case .received, .clock, .disconnected, .refused, .damaged, .submitted, .forgotten, .durable, .signed, .mined,
            .executed, .segmentIsFull, .snapshotBegun, .chunkKept, .snapshotFailed,
            nil:
            break
        }
        return nil
    }

    /// Whether a certificate that a leader's brief proposal names is neither here nor asked for.
    private mutating func missesCertificate(_ step: Step) -> Violation? {
        let standing = step.standing
        for peer in briefs.indices {
            guard let brief = briefs[peer] else { continue }
            if standing.highestCertifiedView >= brief.justifyView || standing.view > brief.view { briefs[peer] = nil }
        }
        for effect in step.effects {
            guard case .say(.certificates, .replica(let peer)) = effect, !peer.isListener, briefs[peer.index] != nil
            else {
                continue
            }
            briefs[peer.index] = nil
            if case .clock = step.event { requestCount += 1 }
        }
        switch step.event {
        case .received(.briefProposal(let brief), let sender):
            let header = brief.content.header
            // Of later views only a few are kept.
            guard world.leader(of: header.view) == sender, standing.highestCertifiedView < header.justifyView,
                header.view.rawValue <= standing.view.rawValue + 1, briefs[sender.index]?.view != header.view
            else { return nil }
            let since = briefs[sender.index]?.time ?? step.now
            briefs[sender.index] = (header.view, header.justifyView, since)
        case .clock:
            // A pause of the replica's own counts for nothing.
            let patience = step.pace.viewTimeoutMilliseconds * 500
            let late = briefs.indices.first { index in
                briefs[index].map { step.now.rawValue > $0.time.rawValue + patience } ?? false
            }
            guard let late else { return nil }
            return Violation(
                .courtesy,
                "replica \(standing.replica) waits for a certificate that replica \(late) names, and does not ask for it"
            )
        case .received, .connected, .disconnected, .refused, .damaged, .submitted, .forgotten, .durable, .signed,
            .executed,
            .segmentIsFull, .snapshotBegun, .chunkKept, .snapshotFailed, .mined, nil:
            break
        }
        return nil
    }

    /// Whether a block is in the journal with all blocks between it and the last final one; a branch that died may be gone.
    private func holds(_ target: Digest, _ standing: Standing) -> Bool {
        var id = target
        while let header = journaled[id], header.height > standing.committedHeight {
            id = header.parent
        }
        return id != target && id == standing.committedBlock
    }

    /// Whether one peer is asked for the same again and again although there are others.
    private mutating func isStubborn(_ request: BlockRequest, _ peer: ReplicaID) -> Bool {
        let last = asked[request.target]
        let isTheSame = last?.peer == peer && last?.above == request.above
        let times = isTheSame ? (last?.times ?? 0) + 1 : 1
        asked[request.target] = (peer, request.above, times)
        return times > 2 && world.count > 2
    }

    /// Whether one that lags was told, and not too often.
    private mutating func answer(to peer: ReplicaID, at view: View?, before: View, _ step: Step) -> Violation? {
        let replica = step.standing.replica
        let patience = step.pace.viewTimeoutMilliseconds * 500
        let last = told[peer.index]
        let isLimited = last.map { step.now.rawValue < $0.time.rawValue + patience } ?? false
        if let answer = greeting(to: peer, in: step) {
            if isLimited, let last, answer <= last.view {
                return Violation(.courtesy, "replica \(replica) tells replica \(peer) the same certificates too often")
            }
            told[peer.index] = Told(view: answer, time: step.now)
        } else if let view, view < before, !isLimited || last.map({ $0.view < before }) ?? true {
            return Violation(
                .courtesy,
                "replica \(replica) does not tell replica \(peer), which lags, its certificates"
            )
        }
        return nil
    }

    /// The view of the certificates that one was told in this step.
    private func greeting(to peer: ReplicaID, in step: Step) -> View? {
        for effect in step.effects {
            if case .say(.certificates(let pair), .replica(peer)) = effect { return pair.view }
        }
        return nil
    }
}
