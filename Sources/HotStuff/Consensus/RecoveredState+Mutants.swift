extension RecoveredState {
    /// What a replica remembers of what it found: all of it, unless a mutant makes it forget.
    func remembered(by committee: Committee) -> RecoveredState {
        var state = self
        if mutant("forget-vote-on-restart") {
            state.record.lastVotedView = committee.genesis.view
            state.record.lastVote = nil
        }
        if mutant("forget-timeout-on-restart") {
            state.record.lastTimedOutView = committee.genesis.view
            state.record.lastTimeout = nil
            state.timeoutCertificates = nil
        }
        if mutant("forget-proposal-on-restart") { state.record.lastProposal = nil }
        if mutant("forget-lock-on-restart") {
            let genesis = Verified<QuorumCertificate>(genesisOf: committee)
            state.record.lockedView = committee.genesis.view
            // Or the certificates would lock again.
            state.certificates = Verified<CertificatePair>(quorum: genesis, timeout: nil)
        }
        if mutant("drop-uncommitted-tail") { state.pending = [] }
        return state
    }
}
