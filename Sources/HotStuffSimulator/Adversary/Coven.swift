internal import HotStuff

/// What the liars of one run share: their keys, and the statements that any of them has heard.
///
/// A certificate needs a quorum, so honest replicas must have signed most of it; but the liars may hold it earlier than
/// everybody else, with other signers, or alone, if they never send their own votes.
final class Coven {
    private static let capacity = 64

    /// The keys of all liars.
    private let pens: [Pen]
    private let world: SimulatedWorld
    private var ballots: [(statement: VoteStatement, signed: [(signer: ReplicaID, signature: Signature)])] = []
    private var surrenders: [(view: View, timeouts: [Timeout])] = []

    init(world: SimulatedWorld, pens: [Pen]) {
        self.world = world
        self.pens = pens
    }

    /// Whether a replica is one of the liars.
    func contains(_ replica: ReplicaID) -> Bool { pens.contains { $0.replica == replica } }

    /// A liar heard a vote or a timeout, which its inside may or may not believe.
    func note(_ message: Message) {
        switch message {
        case .vote(let vote): note(vote)
        case .timeout(let timeout): note(timeout)
        case .proposal, .briefProposal, .certificates, .commands, .blockRequest, .blockResponse, .rangeRequest,
            .blockRange,
            .snapshotRequest, .snapshotAnswer, .echo,
            .plea:
            break
        }
    }

    private func note(_ vote: Vote) {
        guard !contains(vote.voter) else { return }
        let entry = (signer: vote.voter, signature: vote.signature)
        if let index = ballots.lastIndex(where: { $0.statement == vote.statement }) {
            if !ballots[index].signed.contains(where: { $0.signer == vote.voter }) {
                ballots[index].signed.append(entry)
            }
            return
        }
        ballots.append((vote.statement, [entry]))
        if ballots.count > Coven.capacity { ballots.removeFirst(Coven.capacity / 2) }
    }

    private func note(_ timeout: Timeout) {
        guard !contains(timeout.sender) else { return }
        let view = timeout.statement.view
        if let index = surrenders.lastIndex(where: { $0.view == view }) {
            if !surrenders[index].timeouts.contains(where: { $0.sender == timeout.sender }) {
                surrenders[index].timeouts.append(timeout)
            }
            return
        }
        surrenders.append((view, [timeout]))
        if surrenders.count > Coven.capacity { surrenders.removeFirst(Coven.capacity / 2) }
    }

    /// The certificate of a block, made of the votes that were heard and of the liars' own; none if that is no quorum.
    func certificate(of block: Digest, variant: UInt8 = 0) -> QuorumCertificate? {
        ballots.last { $0.statement.block == block }.flatMap { certificate($0.statement, $0.signed, variant: variant) }
    }

    /// The highest certificate that votes and the liars' own signatures make.
    func highestCertificate(variant: UInt8 = 0) -> QuorumCertificate? {
        for ballot in ballots.sorted(by: { $0.statement.view > $1.statement.view }).prefix(6) {
            if let certificate = certificate(ballot.statement, ballot.signed, variant: variant) { return certificate }
        }
        return nil
    }

    private func certificate(
        _ statement: VoteStatement,
        _ signed: [(signer: ReplicaID, signature: Signature)],
        variant: UInt8
    ) -> QuorumCertificate? {
        let digest = statement.digest
        let all = pens.map { ($0.replica, $0.sign(digest, variant: variant)) } + signed
        guard world.isQuorum(all.map(\.0)) else { return nil }
        return QuorumCertificate(statement: statement, signatures: SignatureSet(all))
    }

    /// The lowest timeout certificate of a view that timeouts and the liars' own signatures make: of all who gave the view
    /// up, those with the highest certificates are left out as far as a quorum remains, and the liars name the lowest.
    func timeoutCertificate(of view: View) -> TimeoutCertificate? {
        guard let heard = surrenders.last(where: { $0.view == view }) else { return nil }
        var timeouts = heard.timeouts.sorted { $0.certificates.quorum.view < $1.certificates.quorum.view }
        func isQuorum(_ some: [Timeout]) -> Bool { world.isQuorum(pens.map(\.replica) + some.map(\.sender)) }
        guard isQuorum(timeouts), let lowest = timeouts.first?.certificates.quorum.view else { return nil }
        while isQuorum(timeouts.dropLast()), timeouts.count > 1 { timeouts.removeLast() }
        guard let highest = timeouts.last?.certificates.quorum, highest.view < view else { return nil }
        let statement = TimeoutStatement(
            chain: world.committee.chain,
            epoch: world.committee.epoch,
            view: view,
            highestCertifiedView: lowest
        )
        var signed = pens.map { (signer: $0.replica, signature: $0.sign(statement.digest), names: lowest) }
        signed += timeouts.map { ($0.sender, $0.signature, $0.statement.highestCertifiedView) }
        signed.sort { $0.signer < $1.signer }
        return TimeoutCertificate(
            chain: statement.chain,
            epoch: statement.epoch,
            view: view,
            signatures: SignatureSet(signed.map { ($0.signer, $0.signature) }),
            certifiedViews: signed.map(\.names),
            highest: highest
        )
    }

    /// The views that a quorum with the liars has given up, as far as they know.
    var givenUpViews: [View] { surrenders.map(\.view) }
}
