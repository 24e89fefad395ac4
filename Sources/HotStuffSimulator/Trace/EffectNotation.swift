package import HotStuff

/// Effects, messages and records in one line each, for scripts and traces.
package enum EffectNotation {
    /// An effect.
    package static func line(_ effect: Effect) -> String {
        switch effect {
        case .append(let record, let position): "append \(position) \(text(record))"
        case .sign(let request): "sign #\(request.number)"
        case .send(let released, let recipients): "send \(text(released.message)) -> \(text(recipients))"
        case .say(let courtesy, let recipients): "say \(text(courtesy.message)) -> \(text(recipients))"
        case .serve(let request, let pending, let peer):
            "serve \(text(.blockRequest(request))) pending=\(names(pending)) -> r\(peer)"
        case .serveRange(let request, let peer): "serve \(text(.rangeRequest(request))) -> r\(peer)"
        case .repair(let block, _): "repair \(text(block))"
        case .serveSnapshot(let request, let peer): "serve \(text(.snapshotRequest(request))) -> r\(peer)"
        case .beginSnapshot(let plan): "begin snapshot h\(plan.name.height) of \(plan.digests.count) chunks"
        case .keepChunk(let chunk): "keep chunk \(chunk.index) of snapshot h\(chunk.name.height)"
        case .adoptSnapshot(let name): "adopt snapshot h\(name.height)"
        case .commit(let block, _, let position): "commit \(text(block)) at \(position)"
        case .refuse(let keys): "refuse \(keys.map { String($0.sequence) })"
        case .answer(let commands): "answer \(commands.map { String($0.key.sequence) })"
        case .wake(let instant): "wake \(instant.map { "at \($0.rawValue / 1_000)" } ?? "never")"
        case .enter(let view, let leader, let end):
            "enter v\(view) led by \(leader.map { "r\($0)" } ?? "whoever it is") after \(end)"
        case .gaveUp(let view): "gave up v\(view)"
        case .mine(let puzzle?): "mine v\(puzzle.view) on b=\(puzzle.parent.short) with \(puzzle.difficulty) bits"
        case .mine(nil): "mine nothing"
        case .ignoredProof(let prover, let view): "ignored the proof of r\(prover) for v\(view)"
        case .report(.votes(let first, let second)):
            "report r\(first.voter): votes \(first.statement.block.short), \(second.statement.block.short) in v\(first.statement.view)"
        case .report(.proposals(let first, let second)):
            "report r\(first.block.header.proposer): proposals \(first.block.id.short), \(second.block.id.short) in v\(first.block.view)"
        case .startSegment(let height): "start a segment at h\(height)"
        case .amnesia(let view): "amnesia through \(view.map { "v\($0)" } ?? "?")"
        case .halt(.sharedKey(let view)): "halt: another signed in v\(view)"
        case .halt(.contradiction(let certificate, let committed, let height)):
            "halt: \(text(certificate)) contradicts \(committed.short) at h\(height)"
        case .halt(.divergence(let certified, let ours)):
            "halt: executed \(certified.digest.short) at h\(certified.height), ours \(ours.short)"
        }
    }

    /// A message.
    package static func text(_ message: Message) -> String {
        switch message {
        case .proposal(let proposal):
            "proposal \(text(proposal.block)) on \(text(proposal.block.justify))"
                + (proposal.timeoutCertificate.map { " after \(text($0))" } ?? "")
        case .briefProposal(let brief):
            "brief proposal \(text(brief.header, brief.payload)) on qc v\(brief.header.justifyView) "
                + "b=\(brief.header.parent.short)"
        case .vote(let vote): "vote \(text(vote.statement))"
        case .timeout(let timeout):
            "timeout v\(timeout.statement.view) qc=v\(timeout.statement.highestCertifiedView) by \(text(timeout.certificates))"
        case .certificates(let pair): "certificates \(text(pair))"
        case .commands(let commands): "commands \(commands.map { String($0.key.sequence) }.joined(separator: ","))"
        case .blockRequest(let request): "request b=\(request.target.short) above h\(request.above)"
        case .rangeRequest(let request): "range request h\(request.above)...h\(request.through)"
        case .blockRange(let range):
            "range above h\(range.above) \(names(range.blocks))" + (range.certificate.map { " by \(text($0))" } ?? "")
        case .snapshotRequest(let request): text(request)
        case .snapshotAnswer(let answer): text(answer)
        case .echo(let echo): "echo v\(echo.view.map { "\($0)" } ?? "-")"
        case .plea(let view): "plea v\(view)"
        case .blockResponse(let response): "response b=\(response.target.short) \(names(response.blocks))"
        }
    }

    private static func text(_ request: SnapshotRequest) -> String {
        switch request {
        case .offer(let height): "snapshot request above h\(height)"
        case .outline(let name): "snapshot request outline h\(name.height)"
        case .chunk(let name, let index): "snapshot request chunk \(index) h\(name.height)"
        }
    }

    private static func text(_ answer: SnapshotAnswer) -> String {
        switch answer {
        case .offer(let offer): "snapshot offer h\(offer.manifest.height)"
        case .outline(let outline): "snapshot outline h\(outline.name.height) of \(outline.digests.count) chunks"
        case .chunk(let chunk): "snapshot chunk \(chunk.index) h\(chunk.name.height)"
        case .nothing(let request): "nothing for \(text(request))"
        }
    }

    private static func text(_ record: JournalRecord) -> String {
        switch record {
        case .block(let block): "block \(text(block))"
        case .quorumCertificate(let certificate): text(certificate)
        case .timeoutCertificate(let certificate): text(certificate)
        case .safety(let record):
            "safety voted=\(record.lastVotedView) timedOut=\(record.lastTimedOutView) locked=\(record.lockedView)"
                + (record.lastProposal.map { " proposed=\($0.view)" } ?? "")
        case .commit(let height, let block): "commit h\(height) b=\(block.short)"
        case .checkpoint(let checkpoint): "checkpoint \(text(checkpoint.committed))"
        }
    }

    /// A block: view, height, the beginning of its name, and the numbers of its commands.
    package static func text(_ block: Block) -> String { text(block.header, block.payload) }

    private static func text(_ header: BlockHeader, _ payload: Payload) -> String {
        "v\(header.view) h\(header.height) b=\(header.id.short)"
            + (payload.isEmpty
                ? "" : " [\(payload.commands.map { String($0.key.sequence) }.joined(separator: ","))]")
            + (header.work == .none ? "" : " work=\(header.work.difficulty)/\(header.work.nonce)")
            + (header.executed.height > .genesis ? " executed=h\(header.executed.height)" : "")
    }

    private static func text(_ statement: VoteStatement) -> String {
        "v\(statement.view) b=\(statement.block.short)" + (statement.commits.map { " commits \($0.short)" } ?? "")
    }

    /// A quorum certificate.
    package static func text(_ certificate: QuorumCertificate) -> String {
        "qc v\(certificate.view) b=\(certificate.block.short)"
    }

    /// A timeout certificate.
    package static func text(_ certificate: TimeoutCertificate) -> String {
        "tc v\(certificate.view) qc=v\(certificate.highest.view)"
    }

    /// A pair of certificates.
    package static func text(_ pair: CertificatePair) -> String {
        text(pair.quorum) + (pair.timeout.map { " + \(text($0))" } ?? "")
    }

    private static func text(_ recipients: Recipients) -> String {
        switch recipients {
        case .everyone: "everyone"
        case .validators: "validators"
        case .listeners: "listeners"
        case .replica(let replica): "r\(replica)"
        }
    }

    private static func names(_ blocks: [Block]) -> String {
        "[\(blocks.map(\.id.short).joined(separator: ","))]"
    }
}
