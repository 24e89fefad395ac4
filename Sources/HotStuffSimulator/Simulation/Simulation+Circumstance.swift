internal import HotStuff

// What only certain runs have: more liars than the protocol bears, and an application that errs.
extension Simulation {
    /// Lets a quorum certify what contradicts a final block, and shows it to a replica that holds that block: it must stop.
    func contradict() {
        _ = run(until: time + 120_000_000) { inspector.chain.height.rawValue >= 3 + options.seed % 20 }
        let holders = honest.filter { $0.isUp && $0.standing.committedHeight.rawValue >= 1 }
        guard isSound, !holders.isEmpty else { return }
        let victim = holders[random.below(holders.count)]
        let height = victim.standing.committedHeight
        let view = victim.standing.view
        let statement = VoteStatement(
            chain: world.committee.chain,
            epoch: world.committee.epoch,
            view: view,
            block: Digest.hash(of: [1]),
            height: Height(height.rawValue + world.finalityDepth),
            parentView: View(view.rawValue - 1),
            commits: Digest.hash(of: [2])
        )
        let digest = statement.digest
        // A signature of its own that it never made would be another reason to stop; with few replicas it cannot be left out.
        let others = world.replicas.filter { $0 != victim.id }
        let signers = world.isQuorum(others) ? others : world.replicas
        let signatures = signers.map { ($0, world.keys.pen(of: $0).sign(digest)) }
        let certificate = QuorumCertificate(statement: statement, signatures: SignatureSet(signatures))
        let sender = world.replicas.first { $0 != victim.id } ?? victim.id
        note { "r\(victim.index) is shown what contradicts its block of height \(height)" }
        victim.receive(.certificates(CertificatePair(quorum: certificate, timeout: nil)), from: sender)
        guard world.count > 1 else { return }
        switch halts[victim.index] {
        case .contradiction: return
        case .sharedKey where signers.contains(victim.id): return
        case .sharedKey, .divergence, nil: break
        }
        inspector.report(
            Violation(
                .evidence,
                "replica \(victim.id) goes on although a certificate contradicts its block of height \(height)"
            )
        )
    }

    /// A replica whose application erred must have stopped when a quorum certified another result.
    func reportDivergence() {
        guard let erring = options.erring, isSound else { return }
        let replica = replicas[erring]
        guard replica.executor.execution.machine.hasErred else { return }
        if case .divergence = halts[erring] { return }
        inspector.report(
            Violation(.state, "replica \(replica.id) goes on although a quorum certified another result than its own")
        )
    }
}
