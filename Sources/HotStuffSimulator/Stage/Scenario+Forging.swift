internal import HotStuff

// Certificates whose signatures are true, and were given for something else:
//
//     relabel N view V                            disguise votes N | disguise timeouts V as N
//
// `relabel` gives the certificate of a block another view; it is called `N!`. `disguise` takes the votes for a block for
// timeouts of its view (a certificate that `after` names), or the timeouts of a view for votes for a block (`N!`).
extension Scenario {
    func forge(_ line: ScenarioLine) throws(ScenarioProblem) {
        let stage = try requireStage()
        if line.verb == "relabel" {
            let name = try line.word(1)
            guard let view = try line.number(after: "view") else { throw ScenarioProblem("which view?") }
            certificates[name + "!"] = try certificate(name).relabelled(View(view))
        } else if line.words.count > 1, line.words[1] == "votes" {
            let votes = try certificate(try line.word(2))
            timeoutCertificates[votes.view] = TimeoutCertificate(
                chain: stage.world.committee.chain,
                epoch: stage.world.committee.epoch,
                view: votes.view,
                signatures: votes.signatures,
                certifiedViews: votes.signatures.signers.map { _ in stage.genesisCertificate.view },
                highest: stage.genesisCertificate
            )
        } else {
            let view = View(try ScenarioLine.number(try line.word(2)))
            guard let name = line.value(after: "as") else { throw ScenarioProblem("as votes for which block?") }
            guard let gathered = stage.timeoutCertificate(of: view, signers: stage.liars + stage.honest) else {
                throw ScenarioProblem("there are not enough timeouts of view \(view)")
            }
            certificates[name + "!"] = QuorumCertificate(
                statement: stage.knowledge.statement(for: try block(name)),
                signatures: gathered.signatures
            )
        }
    }
}

extension Message {
    /// A proposal whose own signature is none.
    var garbled: Message {
        guard case .proposal(let proposal) = self else { return self }
        return .proposal(
            Proposal(
                block: proposal.block,
                timeoutCertificate: proposal.timeoutCertificate,
                signature: Signature([UInt8](repeating: 7, count: 17))
            )
        )
    }
}

extension TimeoutCertificate {
    /// The same timeouts, with another certificate than the highest that they name.
    func hiding(behind other: QuorumCertificate) -> TimeoutCertificate {
        TimeoutCertificate(
            chain: chain,
            epoch: epoch,
            view: view,
            signatures: signatures,
            certifiedViews: certifiedViews,
            highest: other
        )
    }
}

extension QuorumCertificate {
    /// The same signatures, said to be of another view.
    fileprivate func relabelled(_ view: View) -> QuorumCertificate {
        QuorumCertificate(
            statement: VoteStatement(
                chain: statement.chain,
                epoch: statement.epoch,
                view: view,
                block: statement.block,
                height: statement.height,
                parentView: statement.parentView,
                commits: statement.commits
            ),
            signatures: signatures
        )
    }
}
