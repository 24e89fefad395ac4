internal import HotStuff
internal import HotStuffTransport
internal import PostQuantum

extension ReplicaConfiguration {
    /// How the validators sign, if a replica can run with this configuration.
    ///
    /// - Returns: the signature scheme of the chain.
    /// - Throws: what is wrong with it.
    func checkedScheme() throws(ReplicaError) -> SignatureScheme {
        guard let scheme = SignatureScheme(rawValue: genesis.signatureScheme) else {
            throw .configuration("the signature scheme \(genesis.signatureScheme) is unknown")
        }
        if let fault = genesis.parameters.fault ?? settings.fault { throw .configuration(fault) }
        let powers = genesis.validators.validators.map(\.power.rawValue)
        // An election of the user's own is the user's own affair.
        if leaders == nil, let obstacle = genesis.parameters.obstacle(among: powers) {
            throw .configuration("\(obstacle)")
        }
        if let threads = verificationThreads, !VerificationPool.threadCounts.contains(threads) {
            throw .configuration(
                "between 0 and \(VerificationPool.threadCounts.upperBound) threads can verify certificates, not \(threads)"
            )
        }
        if let threads = miningThreads, !Miner.threadCounts.contains(threads) {
            throw .configuration(
                "between \(Miner.threadCounts.lowerBound) and \(Miner.threadCounts.upperBound) threads can solve puzzles, not \(threads)"
            )
        }
        guard
            genesis.validators.contains(replica)
                || isListener && peers.contains(where: { $0.id == replica })
        else {
            throw .configuration("replica \(replica) is not among the validators or listeners")
        }
        let listeners = peers.filter(\.id.isListener)
        guard listeners.count <= ReplicaID.maximumListenerCount else {
            throw .configuration(
                "there are \(listeners.count) listeners, allowed are \(ReplicaID.maximumListenerCount)"
            )
        }
        for peer in peers
        where !peer.id.isListener
            && !(genesis.validators.contains(peer.id)
                && genesis.validators.validators[peer.id.index].verificationKey == peer.verificationKey)
        {
            throw .configuration("the key of replica \(peer.id) differs between its address and the validator set")
        }
        return scheme
    }
}
