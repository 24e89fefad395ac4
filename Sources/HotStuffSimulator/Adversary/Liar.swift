internal import HotStuff

/// A Byzantine replica around an honest one: its key, its memory, and what it shares with the other liars.
struct Liar {
    let world: SimulatedWorld
    /// Its own key.
    let pen: Pen
    /// What it shares with the other liars.
    let coven: Coven
    var random: RandomSource
    /// What was heard and said lately, the newest last.
    private(set) var memory = Memory()
    /// The view in which its honest inside stands.
    var view = View.genesis
    /// Who leads that view, as far as it knows.
    var leader: ReplicaID?
    /// The highest certificates of its honest inside.
    var certificates: CertificatePair
    /// The time that a view is given, in microseconds.
    let viewTimeout: UInt64
    /// How often it lied.
    var acts = 0
    private var strategies: [any Strategy]

    init(
        world: SimulatedWorld,
        pen: Pen,
        coven: Coven,
        strategies: [any Strategy],
        viewTimeout: UInt64,
        random: RandomSource
    ) {
        self.world = world
        self.pen = pen
        self.coven = coven
        self.random = random
        self.strategies = strategies
        self.viewTimeout = viewTimeout
        certificates = CertificatePair(quorum: world.committee.genesisCertificate, timeout: nil)
    }

    /// All replicas but itself.
    var others: [ReplicaID] { world.replicas.filter { $0 != pen.replica } }

    /// What leaves instead of a message of the honest inside.
    mutating func bend(_ message: Message, to recipients: Recipients) -> [Letter] {
        // The ways to lie begin with whole proposals; in the end some leave without their certificate, true ones and false ones.
        let message = whole(message)
        memory.note(message)
        var letters: [Letter] =
            switch recipients {
            case .everyone, .validators: others.map { Letter(message, to: $0) }
            case .listeners: []
            case .replica(let receiver): [Letter(message, to: receiver)]
            }
        with { strategy, liar in strategy.bend(&letters, as: &liar) }
        for index in letters.indices {
            guard let brief = letters[index].proposal?.brief, random.chance(oneIn: 2) else { continue }
            letters[index].content = .message(.briefProposal(brief))
        }
        return letters
    }

    /// A brief proposal with the certificate that it names, if the liar knows that.
    private func whole(_ message: Message) -> Message {
        guard case .briefProposal(let brief) = message else { return message }
        let known = [certificates.quorum, memory.certificate(of: brief.header.parent)].compactMap { $0 }
        guard
            let justify = known.first(where: { $0.block == brief.header.parent && $0.view == brief.header.justifyView })
        else { return message }
        return .proposal(brief.whole(with: justify))
    }

    /// What a client is told instead of the truth.
    mutating func bend(_ response: inout ClientResponse) {
        with { strategy, liar in strategy.bend(&response, as: &liar) }
    }

    /// What it says because it heard something.
    mutating func hear(_ message: Message, from sender: ReplicaID) -> [Letter] {
        let message = whole(message)
        // What other liars say may be forged.
        memory.note(message, isTrusted: !coven.contains(sender))
        if !coven.contains(sender) { coven.note(message) }
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
        // Taken out, so that they change in place.
        var strategies: [any Strategy] = []
        swap(&strategies, &self.strategies)
        for index in strategies.indices { body(&strategies[index], &self) }
        self.strategies = strategies
    }
}
