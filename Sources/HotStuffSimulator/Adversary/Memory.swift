internal import HotStuff

/// What a liar has heard and said lately; in every list the newest is the last.
struct Memory {
    private static let capacity = 48

    /// Messages of any kind.
    private(set) var messages: [Message] = []
    /// Quorum certificates.
    private(set) var certificates: [QuorumCertificate] = []
    /// Timeout certificates.
    private(set) var timeouts: [TimeoutCertificate] = []
    /// Blocks.
    private(set) var blocks: [Block] = []
    /// Proposals.
    private(set) var proposals: [Proposal] = []
    /// Votes of everybody.
    private(set) var votes: [Vote] = []
    /// Timeouts of everybody.
    private(set) var givenUp: [Timeout] = []

    /// Takes note of a message; if it is not trusted, its certificates may be worth nothing and are forgotten.
    mutating func note(_ message: Message, isTrusted: Bool = true) {
        Memory.keep(message, in: &messages)
        guard isTrusted else {
            if case .proposal(let proposal) = message { keep(proposal.block) }
            return
        }
        switch message {
        case .proposal(let proposal):
            Memory.keep(proposal, in: &proposals)
            note(proposal.block)
            if let timeout = proposal.timeoutCertificate { note(timeout) }
        case .vote(let vote): Memory.keep(vote, in: &votes)
        case .timeout(let timeout):
            Memory.keep(timeout, in: &givenUp)
            note(timeout.certificates)
        case .certificates(let pair): note(pair)
        case .blockResponse(let response): for block in response.blocks { note(block) }
        case .blockRange(let range):
            if let certificate = range.certificate { note(CertificatePair(quorum: certificate, timeout: nil)) }
        case .briefProposal, .commands, .blockRequest, .rangeRequest, .snapshotRequest, .snapshotAnswer, .echo, .plea:
            break
        }
    }

    /// The block of a name, if it was heard of lately.
    func block(_ id: Digest) -> Block? { blocks.last { $0.id == id } }

    /// The certificate of a block, if it was heard of lately.
    func certificate(of block: Digest) -> QuorumCertificate? { certificates.last { $0.block == block } }

    /// A certificate that shows that a view was given up.
    func timeout(of view: View) -> TimeoutCertificate? { timeouts.last { $0.view == view } }

    private mutating func note(_ pair: CertificatePair) {
        note(pair.quorum)
        if let timeout = pair.timeout { note(timeout) }
    }

    private mutating func note(_ certificate: TimeoutCertificate) {
        if timeouts.last?.view != certificate.view { Memory.keep(certificate, in: &timeouts) }
        note(certificate.highest)
    }

    private mutating func note(_ certificate: QuorumCertificate) {
        guard certificates.last?.view != certificate.view, !certificate.signatures.isEmpty else { return }
        Memory.keep(certificate, in: &certificates)
    }

    private mutating func note(_ block: Block) {
        note(block.justify)
        keep(block)
    }

    private mutating func keep(_ block: Block) {
        if blocks.last?.id != block.id { Memory.keep(block, in: &blocks) }
    }

    private static func keep<Element>(_ element: Element, in list: inout [Element]) {
        list.append(element)
        if list.count > 2 * capacity { list.removeFirst(capacity) }
    }
}
