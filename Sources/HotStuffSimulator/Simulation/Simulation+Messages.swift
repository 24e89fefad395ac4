internal import HotStuff

// How messages leave, travel and arrive, true ones and lies.
extension Simulation {
    func deliver(_ envelope: Envelope, from sender: ReplicaID, to index: Int) {
        let replica = replicas[index]
        guard replica.isUp else { return }
        let slowness = SwarmOptions.value(of: options.slowness, for: replica.id)
        if isFaulty, slowness > 0 {
            busyUntil[index] = time + slowness
        }
        tellTime(replica)
        guard let message = envelope.message else {
            coverage.count(.rejectedMessages)
            return
        }
        if isLiar(index), !sender.isListener {
            lie(index) { $0.hear(message, from: sender) }
        }
        if case .blockResponse(let response) = message, !response.blocks.isEmpty, isHonest(sender) {
            coverage.count(.servedBlocks)
        }
        if case .blockRange(let range) = message, !range.blocks.isEmpty, isHonest(sender) {
            coverage.count(.servedRanges)
        }
        if case .snapshotAnswer(.chunk) = message, isHonest(sender) { coverage.count(.servedChunks) }
        isHearing = true
        defer { isHearing = false }
        let judge = inspector.messages
        if let failure = replica.receive(
            message,
            from: sender,
            fault: envelope.fault { judge.fault(of: $0, from: sender) }
        ) {
            coverage.count(.rejectedMessages)
            if replica.isHonest, isHonest(sender) {
                inspector.report(
                    Violation(
                        .refused,
                        "replica \(replica.id) refused of replica \(sender) \(EffectNotation.text(message)): \(failure)"
                    )
                )
            }
            note { "r\(index) refuses of r\(sender): \(EffectNotation.text(message)): \(failure)" }
        } else {
            note { "r\(index) hears r\(sender): \(EffectNotation.text(message))" }
        }
    }

    /// Whether a replica follows the protocol and its disk is whole.
    func isHonest(_ id: ReplicaID) -> Bool {
        bodies(of: id).allSatisfy { replicas[$0].isHonest && !damaged.contains($0) }
    }

    func send(_ message: Message, isStatement: Bool, to recipients: Recipients, from replica: SimulatedReplica) {
        if isLiar(replica.index) {
            // A liar has nothing to say to those who have no vote.
            if recipients == .listeners { return }
            if case .replica(let peer) = recipients, peer.isListener { return }
            lie(replica.index) { $0.bend(message, to: recipients) }
            return
        }
        let envelope = Envelope(message)
        switch recipients {
        case .everyone:
            for peer in world.replicas where peer != replica.id { post(envelope, from: replica.index, to: peer) }
            for listener in isStatement ? listeners : [] { post(envelope, from: replica.index, to: listener.id) }
        case .validators:
            for peer in world.replicas where peer != replica.id { post(envelope, from: replica.index, to: peer) }
        case .listeners: for listener in listeners { post(envelope, from: replica.index, to: listener.id) }
        case .replica(let peer): post(envelope, from: replica.index, to: peer)
        }
    }

    /// Whether a replica lies; a look at the value would copy it.
    private func isLiar(_ index: Int) -> Bool { liars.keys.contains(index) }

    /// A liar acts, with its knowledge of its inside brought up to date.
    func lie(_ index: Int, _ act: (inout Liar) -> [Letter]) {
        // Taken out, so that it changes in place.
        guard var liar = liars.removeValue(forKey: index) else { return }
        if replicas[index].isUp {
            liar.view = replicas[index].standing.view
            liar.leader = replicas[index].standing.leader
            liar.certificates = replicas[index].certificates
        }
        let acts = liar.acts
        let letters = act(&liar)
        coverage.count(.byzantineActs, liar.acts - acts)
        liars[index] = liar
        mail(letters, from: index)
    }

    func passTime(of index: Int) {
        if replicas[index].isUp, !excluded.contains(index) { lie(index) { $0.passTime() } }
        agenda.add(.lie(index), at: time + 1_000 + random.number(below: 400_000))
    }

    func mail(_ letters: [Letter], from index: Int) {
        for letter in letters where letter.receiver != replicas[index].id && letter.receiver.index < world.count {
            let envelope =
                switch letter.content {
                case .message(let message): Envelope(message)
                case .bytes(let bytes): Envelope(bytes)
                }
            if letter.delay > 0 {
                agenda.add(.post(envelope, from: index, to: letter.receiver), at: time + letter.delay)
            } else {
                post(envelope, from: index, to: letter.receiver)
            }
        }
    }

    func post(_ envelope: Envelope, from index: Int, to peer: ReplicaID) {
        for body in bodies(of: peer) where isConnected(index, body) {
            let (first, second, overtakes) = network.arrivals(
                of: envelope.bytes.count,
                from: index,
                to: body,
                at: time,
                random: &random
            )
            guard let first else {
                coverage.count(.lostMessages)
                continue
            }
            if overtakes { coverage.count(.overtakingMessages) }
            agenda.add(.deliver(envelope, from: replicas[index].id, to: body), at: first)
            if let second {
                coverage.count(.duplicatedMessages)
                agenda.add(.deliver(envelope, from: replicas[index].id, to: body), at: second)
            }
        }
    }
}
