internal import HotStuff

/// Judges messages as the design defines them: what an honest replica believes must be without fault.
final class MessageCheck {
    private let world: SimulatedWorld
    private let certificates: CertificateCheck
    /// The last certificates that were found to be good, for they come again and again.
    private var good: [QuorumCertificate] = []

    init(world: SimulatedWorld) {
        self.world = world
        certificates = CertificateCheck(world: world)
    }

    /// What is wrong with a message of a sender; nothing if all of it is true.
    func fault(of message: Message, from sender: ReplicaID) -> String? {
        switch message {
        case .proposal(let proposal): fault(of: proposal, from: sender)
        case .briefProposal(let brief): fault(of: brief, from: sender)
        case .vote(let vote): fault(of: vote, from: sender)
        case .timeout(let timeout): fault(of: timeout, from: sender)
        case .certificates(let pair): fault(of: pair)
        case .blockResponse(let response): fault(of: response)
        case .blockRange(let range): fault(of: range)
        case .echo(let echo): fault(of: echo)
        case .snapshotAnswer(let answer): fault(of: answer)
        case .commands, .blockRequest, .rangeRequest, .snapshotRequest, .plea: nil
        }
    }

    private func fault(of proposal: Proposal, from sender: ReplicaID) -> String? {
        let header = proposal.block.header
        if header.proposer != sender { return "a proposal of another than its sender" }
        if !world.keys.isValid(proposal.signature, on: proposal.statement.digest, by: sender) {
            return "a proposal with a wrong signature"
        }
        if let timeout = proposal.timeoutCertificate {
            if header.view.rawValue != timeout.view.rawValue + 1 { return "a proposal with another view's certificate" }
            if let fault = fault(of: timeout) { return fault }
        } else if header.view.rawValue != header.justifyView.rawValue + 1 {
            return "a proposal for a view that has not begun"
        }
        return fault(of: proposal.block)
    }

    /// All but what the certificate says, which is not there: whoever finds it judges that.
    private func fault(of brief: BriefProposal, from sender: ReplicaID) -> String? {
        let header = brief.header
        if header.proposer != sender { return "a brief proposal of another than its sender" }
        if !world.keys.isValid(brief.signature, on: brief.statement.digest, by: sender) {
            return "a brief proposal with a wrong signature"
        }
        if header.view.rawValue != header.justifyView.rawValue + 1 { return "a brief proposal that skips a view" }
        return faultOfContent(header, brief.payload)
    }

    private func fault(of block: Block) -> String? {
        let header = block.header
        let justify = block.justify.statement
        if header.parent != justify.block { return "a block on another parent than its certificate names" }
        if header.height.rawValue != justify.height.rawValue + 1 { return "a block of a wrong height" }
        if header.justifyView != justify.view || justify.view >= header.view {
            return "a block with a wrong justify view"
        }
        return faultOfContent(header, block.payload) ?? fault(of: block.justify)
    }

    private func faultOfContent(_ header: BlockHeader, _ payload: Payload) -> String? {
        if header.version != 1 { return "a block of version \(header.version)" }
        if header.chain != world.committee.chain { return "a block of another chain" }
        if header.epoch != world.committee.epoch { return "a block of epoch \(header.epoch)" }
        if header.proposer.index >= world.count { return "a block of a stranger" }
        if header.executed.height >= header.height { return "a block that claims what was not ordered" }
        if header.payloadDigest != payload.digest { return "a block with other commands than its header names" }
        return nil
    }

    private func fault(of vote: Vote, from sender: ReplicaID) -> String? {
        let statement = vote.statement
        if vote.voter != sender { return "a vote of another than its sender" }
        if statement.chain != world.committee.chain { return "a vote in another chain" }
        if statement.epoch != world.committee.epoch { return "a vote in epoch \(statement.epoch)" }
        if !world.keys.isValid(vote.signature, on: statement.digest, by: sender) {
            return "a vote with a wrong signature"
        }
        return nil
    }

    private func fault(of timeout: Timeout, from sender: ReplicaID) -> String? {
        let statement = timeout.statement
        if timeout.sender != sender { return "a timeout of another than its sender" }
        if statement.chain != world.committee.chain { return "a timeout in another chain" }
        if statement.epoch != world.committee.epoch { return "a timeout in epoch \(statement.epoch)" }
        if statement.highestCertifiedView != timeout.certificates.quorum.view {
            return "a timeout that names a certificate which it does not show"
        }
        if timeout.certificates.view >= statement.view { return "a timeout for a view that is over" }
        if !world.keys.isValid(timeout.signature, on: statement.digest, by: sender) {
            return "a timeout with a wrong signature"
        }
        return fault(of: timeout.certificates)
    }

    private func fault(of response: BlockResponse) -> String? {
        for (block, next) in zip(response.blocks, response.blocks.dropFirst()) where next.header.parent != block.id {
            return "blocks that do not follow one another"
        }
        return response.blocks.lazy.compactMap { self.fault(of: $0) }.first
    }

    private func fault(of range: BlockRange) -> String? {
        guard let certificate = range.certificate, let last = range.blocks.last else {
            return range.blocks.isEmpty && range.certificate == nil ? nil : "a range without blocks or without a proof"
        }
        var height = range.above.rawValue
        var parent: Digest?
        for block in range.blocks {
            height += 1
            if block.height.rawValue != height { return "a range with a block of a wrong height" }
            if let parent, block.header.parent != parent { return "a range of blocks that do not follow one another" }
            if let fault = faultOfContent(block.header, block.payload) { return fault }
            parent = block.id
        }
        if certificate.statement.commits != last.id {
            return "a range whose last block its certificate does not commit"
        }
        return fault(of: certificate)
    }

    private func fault(of answer: SnapshotAnswer) -> String? {
        switch answer {
        case .offer(let offer):
            let certificate = offer.certificate
            if offer.manifest.chain != world.committee.chain { return "an offer of another chain's snapshot" }
            if offer.manifest.point != certificate.point { return "an offer with another snapshot's certificate" }
            if certificate.finality.statement.commits != certificate.header.id {
                return "an offer whose certificate does not make its header final"
            }
            if !certificate.proof.holds(for: certificate.header.executed, interval: world.parameters.snapshotInterval) {
                return "an offer whose certified digest does not stand for the snapshot"
            }
            return fault(of: certificate.finality)
        case .outline(let outline):
            if outline.foundation.blocks.first?.height != outline.name.height {
                return "an outline without the block of its snapshot"
            }
            return fault(of: outline.foundation)
        case .chunk, .nothing: return nil
        }
    }

    private func fault(of pair: CertificatePair) -> String? {
        fault(of: pair.quorum) ?? pair.timeout.flatMap { fault(of: $0) }
    }

    private func fault(of echo: Echo) -> String? {
        if let vote = echo.vote, let fault = fault(of: vote, from: vote.voter) { return fault }
        guard let timeout = echo.timeout else { return nil }
        if timeout.statement.chain != world.committee.chain { return "an echo of a timeout in another chain" }
        if timeout.statement.epoch != world.committee.epoch { return "an echo of a timeout in another epoch" }
        return world.keys.isValid(timeout.signature, on: timeout.statement.digest, by: timeout.sender)
            ? nil : "an echo of a timeout with a wrong signature"
    }

    private func fault(of certificate: QuorumCertificate) -> String? {
        if good.contains(certificate) || certificate == world.committee.genesisCertificate { return nil }
        if let fault = certificates.fault(of: certificate) { return fault }
        good.append(certificate)
        if good.count > 8 { good.removeFirst() }
        return nil
    }

    private func fault(of certificate: TimeoutCertificate) -> String? {
        if let fault = certificates.fault(of: certificate) { return fault }
        return fault(of: certificate.highest)
    }
}
