import HotStuff

/// Bytes that a liar sends to one replica.
struct Lie {
    let bytes: [UInt8]
    let receiver: ReplicaID
}

/// A Byzantine replica: it runs the protocol, and bends what it says.
struct Liar {
    /// How it lies.
    enum Kind: CaseIterable {
        /// Two blocks in each view that it leads, one for each half; votes for everything.
        case equivocates
        /// Shows its statements to a random few.
        case withholds
        /// Proposes blocks with wrong results of execution.
        case misexecutes
        /// Sends garbage, mutated and old messages beside its own.
        case babbles
        /// Gives up views far ahead of everybody.
        case hurries
    }

    let kind: Kind
    let world: World
    let id: ReplicaID
    private var heard: [[UInt8]] = []
    private var echoed: Set<Digest> = []

    init(kind: Kind, world: World, id: ReplicaID) {
        self.kind = kind
        self.world = world
        self.id = id
    }

    private var others: [ReplicaID] { world.committee.validators.replicas.filter { $0 != id } }

    /// What it says in place of a statement of its own.
    mutating func corrupt(_ message: Message, generator: inout SplitMix64) -> [Lie] {
        let bytes = Frame.encode(message)
        switch kind {
        case .equivocates:
            guard case .proposal(let proposal) = message else { break }
            let other = Frame.encode(Message.proposal(twin(of: proposal)))
            return others.map { Lie(bytes: $0.index.isMultiple(of: 2) ? bytes : other, receiver: $0) }
        case .withholds:
            return others.filter { _ in generator.chance(oneIn: 3) }.map { Lie(bytes: bytes, receiver: $0) }
        case .misexecutes:
            guard case .proposal(let proposal) = message else { break }
            let false1 = Frame.encode(Message.proposal(misexecuted(proposal)))
            return others.map { Lie(bytes: false1, receiver: $0) }
        case .babbles:
            var mutated = bytes
            mutated[generator.below(mutated.count)] ^= UInt8(1 << generator.below(8))
            return others.flatMap { [Lie(bytes: mutated, receiver: $0), Lie(bytes: bytes, receiver: $0)] }
        case .hurries:
            guard case .timeout(let timeout) = message else { break }
            let early = world.timeout(
                generator.number(),
                by: id.index,
                showing: timeout.certificates
            )
            let lie = Frame.encode(Message.timeout(early))
            return others.flatMap { [Lie(bytes: lie, receiver: $0), Lie(bytes: bytes, receiver: $0)] }
        }
        return others.map { Lie(bytes: bytes, receiver: $0) }
    }

    /// What it says because of a message that it heard.
    mutating func hear(_ bytes: [UInt8], generator: inout SplitMix64) -> [Lie] {
        heard.append(bytes)
        if heard.count > 64 { heard.removeFirst(32) }
        switch kind {
        case .equivocates:
            // Votes for everything that others vote for, whatever it voted for before.
            guard let message = try? Frame.decode(Message.self, from: bytes), case .vote(let vote) = message,
                echoed.insert(vote.statement.digest).inserted
            else { return [] }
            let own = Frame.encode(Message.vote(world.vote(vote.statement, by: id.index, variant: 200)))
            return others.map { Lie(bytes: own, receiver: $0) }
        case .babbles:
            guard generator.chance(oneIn: 4), heard.count < 60 else { return [] }
            let old = heard[generator.below(heard.count)]
            let receiver = others[generator.below(others.count)]
            return [
                Lie(bytes: old, receiver: receiver), Lie(bytes: generator.bytes(fewerThan: 300), receiver: receiver),
            ]
        case .withholds, .misexecutes, .hurries: return []
        }
    }

    private func twin(of proposal: Proposal) -> Proposal {
        // It may not bring work of its own, or the chain would never come to rest.
        signed(
            proposal.block,
            payload: .empty,
            executed: proposal.block.header.executed,
            time: Timestamp(proposal.block.header.time.rawValue + 1),
            after: proposal.timeoutCertificate
        )
    }

    private func misexecuted(_ proposal: Proposal) -> Proposal {
        let block = proposal.block
        let claim = ExecutedState(height: block.header.executed.height, digest: Digest.hash(of: [1]))
        return signed(
            block,
            payload: block.payload,
            executed: claim,
            time: block.header.time,
            after: proposal.timeoutCertificate
        )
    }

    private func signed(
        _ block: Block,
        payload: Payload,
        executed: ExecutedState,
        time: Timestamp,
        after timeout: TimeoutCertificate?
    ) -> Proposal {
        let header = block.header
        let twin = BlockHeader(
            chain: header.chain,
            epoch: header.epoch,
            view: header.view,
            height: header.height,
            parent: header.parent,
            justifyView: header.justifyView,
            proposer: header.proposer,
            payloadDigest: payload.digest,
            executed: executed,
            time: time
        )
        return world.proposal(Block(header: twin, payload: payload, justify: block.justify), after: timeout)
    }
}
