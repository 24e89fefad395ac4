// Getting blocks that are certified but not here, and giving blocks to those who lack them.
extension Consensus {
    /// How many blocks may wait for execution before no more are fetched.
    private static let maximumBacklog: UInt64 = 1_024

    /// Seeks the certified block that the next step needs: that of the highest certificate, or the parked proposal's parent.
    mutating func seekMissing(into effects: inout [Effect]) {
        var missing: [BlockFetcher.Target] = []
        func add(_ certificate: QuorumCertificate) {
            let statement = certificate.statement
            guard statement.height > tree.root.height, !tree.contains(statement.block),
                !missing.contains(where: { $0.block == statement.block })
            else { return }
            missing.append(BlockFetcher.Target(statement.block, at: statement.height))
        }
        add(certificates.quorum)
        if let parked { add(parked.block.content.justify) }
        if tree.root.height.rawValue > executionHistory.last.height.rawValue + Consensus.maximumBacklog { missing = [] }
        // On this way a quorum's certificate has to be verified for each block.
        if stateSync.isLoading || isFarBehind && chainSync.isFruitful { missing = [] }
        if mutant("never-fetch") { missing = [] }
        fetcher.seek(missing, from: informant, now: now)
        for errand in fetcher.errands(now: now, above: tree.root.height) {
            effects.append(.say(.blockRequest(errand.request), to: .replica(errand.peer)))
        }
    }

    mutating func onBlockRequest(_ request: BlockRequest, from sender: ReplicaID, into effects: inout [Effect]) {
        // The last final block itself may not have reached the archive yet.
        let isRoot = request.target == tree.root.id && tree.root.height > committee.genesis.height
        let pending = isRoot ? [tree.root] : tree.ancestry(of: request.target)?.pending ?? []
        if mutant("never-serve") { return }
        effects.append(.serve(request, pending: pending, to: sender))
    }

    /// Whether blocks were asked for, and of this replica: others are ignored, so their certificates need not be verified.
    public func awaits(_ response: BlockResponse, from sender: ReplicaID) -> Bool {
        fetcher.expects(response.target, from: sender)
    }

    /// Takes in blocks that were asked for.
    ///
    /// Each is certified by the next one's certificate, the last by that which we hold.
    mutating func onBlockResponse(
        _ response: Verified<BlockResponse>,
        from sender: ReplicaID,
        into effects: inout [Effect]
    ) {
        let target = response.content.target
        guard fetcher.expects(target, from: sender) else { return }
        var reached: Height?
        for (index, block) in response.blocks.enumerated() {
            let isCertified = index + 1 < response.blocks.count || block.content.id == target
            guard isCertified, !isHalted else { break }
            observe(block.justify, into: &effects)
            tree.insert(block.content, isJournaled: false, protecting: protected + [block.content.id])
            // Also what was here already counts: whoever answers from the beginning of a run cannot know.
            if tree.contains(block.content.id) { reached = block.content.height }
            carryOutFinality(into: &effects)
        }
        if let reached {
            fetcher.advance(target, with: sender, above: reached, now: now)
        } else {
            fetcher.fail(target, with: sender, now: now)
        }
    }
}
