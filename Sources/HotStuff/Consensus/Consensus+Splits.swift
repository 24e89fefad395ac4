// Views whose votes are divided.
extension Consensus {
    /// Gives up the current view at once if its votes can make no quorum any more, whoever else votes.
    ///
    /// Several who solved a puzzle at the same time divide the votes, as does a leader that makes two proposals. As long as all honest replicas
    /// vote for one block, no liar's vote can look like this: the honest ones that have not been heard of count for that block.
    mutating func giveUpIfSplit(into effects: inout [Effect]) {
        guard !isHalted, votes.conflictingView >= view, mayGiveUp, rules.record.lastTimedOutView < view,
            !votes.canCertify(view), !mutant("wait-for-split-view")
        else { return }
        splitView = view
        giveUp(view, into: &effects)
    }

    /// What may still come of the current view: little if its leader is gone, or who collects its votes.
    ///
    /// Where nobody is expected: if its votes are divided, and those on whom it depends are gone, or slower than a quorum. What was given up once
    /// is repeated no faster for that.
    var prospect: ViewProspect {
        if leaders.wantsWork {
            guard rules.record.lastTimedOutView < view, votes.conflictingView >= view else { return .open }
            if !votes.canCertify(view, without: isDisconnected) { return .gone }
            return votes.isDivided(view) && !mutant("wait-for-slow-votes") ? .doubtful : .open
        }
        // To know the collector takes a walk along the chain, which is not worth it as long as all are here.
        let isGone = isDisconnected(leader) || isDisconnected.contains(true) && isDisconnected(awaitedCollector)
        return isGone ? .gone : .open
    }

    /// Whether a view was given up although no time was too short.
    func wasHopeless(_ ended: View) -> Bool { splitView == ended || wasGone(ended) }

    private func wasGone(_ ended: View) -> Bool {
        if leaders.wantsWork {
            return votes.conflictingView >= ended && !votes.canCertify(ended, without: isDisconnected)
        }
        if let vote = rules.record.lastVote, vote.view == ended, isDisconnected(collector(of: vote)) { return true }
        return isDisconnected(leaders.leader(of: ended, after: history(upTo: certificates.quorum.block)))
    }
}
