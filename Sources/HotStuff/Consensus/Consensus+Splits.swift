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

    /// Whether the current view gets only a small part of its time, for its leader is gone, or who collects its votes.
    ///
    /// Where nobody is expected: its votes are divided, and those on whom it depends are gone. What was given up once is repeated no
    /// faster for that.
    var suspectsLeader: Bool {
        if leaders.wantsWork {
            return rules.record.lastTimedOutView < view && votes.conflictingView >= view
                && !votes.canCertify(view, without: isDisconnected)
        }
        // To know the collector takes a walk along the chain, which is not worth it as long as all are here.
        return isDisconnected(leader) || isDisconnected.contains(true) && isDisconnected(awaitedCollector)
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
