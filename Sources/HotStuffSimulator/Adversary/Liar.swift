internal import HotStuff

/// A Byzantine replica around an honest one: its key, its memory, and what it shares with the other liars.
struct Liar {
    let world: SimulatedWorld
    /// Its own key, and no other.
    let pen: Pen
    var random: RandomSource
    /// What was heard and said lately, the newest last.
    private(set) var memory = Memory()
    /// The view in which its honest inside stands.
    var view = View.genesis
    /// The highest certificates of its honest inside.
    var certificates: CertificatePair
    /// The time that a view is given, in microseconds.
    let viewTimeout: UInt64
    /// How often it lied.
    var acts = 0
    private var strategies: [any Strategy]

    init(world: SimulatedWorld, pen: Pen, strategies: [any Strategy], viewTimeout: UInt64, random: RandomSource) {
        self.world = world
        self.pen = pen
        self.random = random
        self.strategies = strategies
        self.viewTimeout = viewTimeout
        certificates = CertificatePair(quorum: world.committee.genesisCertificate, timeout: nil)
    }

    /// All replicas but itself.
    var others: [ReplicaID] { world.replicas.filter { $0 != pen.replica } }

    /// What leaves instead of a message of the honest inside.
    mutating func bend(_ message: Message, to recipients: Recipients) -> [Letter] {
        memory.note(message)
        var letters: [Letter] =
            switch recipients {
            case .everyone: others.map { Letter(message, to: $0) }
            case .replica(let receiver): [Letter(message, to: receiver)]
            }
        with { strategy, liar in strategy.bend(&letters, as: &liar) }
        return letters
    }

    /// What it says because it heard something.
    mutating func hear(_ message: Message, from sender: ReplicaID) -> [Letter] {
        memory.note(message)
        var letters: [Letter] = []
        with { strategy, liar in strategy.hear(message, from: sender, as: &liar, answers: &letters) }
        return letters
    }

    /// What it says unasked.
    mutating func passTime() -> [Letter] {
        var letters: [Letter] = []
        with { strategy, liar in strategy.passTime(as: &liar, letters: &letters) }
        return letters
    }

    private mutating func with(_ body: (inout any Strategy, inout Liar) -> Void) {
        var strategies = self.strategies
        for index in strategies.indices { body(&strategies[index], &self) }
        self.strategies = strategies
    }
}

/// What a liar has heard and said lately.
struct Memory {
    private static let capacity = 48

    /// Messages of any kind, the newest last.
    private(set) var messages: [Message] = []
    /// Quorum certificates, the newest last.
    private(set) var certificates: [QuorumCertificate] = []
    /// Timeout certificates, the newest last.
    private(set) var timeouts: [TimeoutCertificate] = []
    /// Blocks, the newest last.
    private(set) var blocks: [Block] = []
    /// The votes of others, the newest last.
    private(set) var votes: [Vote] = []

    mutating func note(_ message: Message) {
        Memory.keep(message, in: &messages)
        switch message {
        case .proposal(let proposal):
            note(proposal.block)
            if let timeout = proposal.timeoutCertificate { note(timeout) }
        case .vote(let vote): Memory.keep(vote, in: &votes)
        case .timeout(let timeout): note(timeout.certificates)
        case .certificates(let pair): note(pair)
        case .blockResponse(let response): for block in response.blocks { note(block) }
        case .commands, .blockRequest: break
        }
    }

    /// The block of a name, if it was heard of lately.
    func block(_ id: Digest) -> Block? { blocks.last { $0.id == id } }

    private mutating func note(_ pair: CertificatePair) {
        note(pair.quorum)
        if let timeout = pair.timeout { note(timeout) }
    }

    private mutating func note(_ certificate: TimeoutCertificate) {
        if timeouts.last?.view != certificate.view { Memory.keep(certificate, in: &timeouts) }
        note(certificate.highest)
    }

    private mutating func note(_ certificate: QuorumCertificate) {
        if certificates.last?.view != certificate.view { Memory.keep(certificate, in: &certificates) }
    }

    private mutating func note(_ block: Block) {
        note(block.justify)
        if blocks.last?.id != block.id { Memory.keep(block, in: &blocks) }
    }

    private static func keep<Element>(_ element: Element, in list: inout [Element]) {
        list.append(element)
        if list.count > 2 * capacity { list.removeFirst(capacity) }
    }
}
