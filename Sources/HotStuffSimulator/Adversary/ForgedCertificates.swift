internal import HotStuff

/// Shows quorum certificates that prove nothing: too few signers, signatures of others, good ones beside garbage.
struct ForgedCertificates: Strategy {
    mutating func bend(_ letters: inout [Letter], as liar: inout Liar) {
        guard liar.random.chance(oneIn: 3), let first = letters.first else { return }
        if let proposal = first.proposal {
            let justify = forge(proposal.block.justify, as: &liar)
            let block = Block(header: proposal.block.header, payload: proposal.block.payload, justify: justify)
            insert(liar.proposal(block, after: proposal.timeoutCertificate), into: &letters, as: &liar)
        } else if let timeout = first.timeout {
            let forged = forge(timeout.certificates.quorum, as: &liar)
            let pair = CertificatePair(quorum: forged, timeout: timeout.certificates.timeout)
            insert(liar.timeout(timeout.statement.view, showing: pair), into: &letters, as: &liar)
        }
    }

    mutating func hear(_ message: Message, from sender: ReplicaID, as liar: inout Liar, answers: inout [Letter]) {
        // A certificate of the vote that was just heard, before a true one can exist: the receivers hold some of its votes.
        guard case .vote(let vote) = message, liar.random.chance(oneIn: 16) else { return }
        let early = QuorumCertificate(statement: vote.statement, signatures: padded(vote, as: &liar))
        liar.acts += 1
        answers += liar.toSome(.certificates(CertificatePair(quorum: early, timeout: nil)))
    }

    mutating func passTime(as liar: inout Liar, letters: inout [Letter]) {
        guard liar.random.chance(oneIn: 4) else { return }
        liar.acts += 1
        let pair = CertificatePair(quorum: forge(liar.certificates.quorum, as: &liar), timeout: nil)
        letters += liar.toSome(.certificates(pair))
    }

    private func insert(_ message: Message, into letters: inout [Letter], as liar: inout Liar) {
        liar.acts += 1
        for index in letters.indices where liar.random.chance(oneIn: 2) { letters[index].content = .message(message) }
    }

    private func padded(_ vote: Vote, as liar: inout Liar) -> SignatureSet {
        let digest = vote.statement.digest
        let mine = (liar.pen.replica, liar.pen.sign(digest))
        let known = liar.memory.votes.filter { $0.statement == vote.statement && $0.voter != liar.pen.replica }
        let garbage = liar.world.replicas.map {
            ($0, Signature([UInt8($0.index & 255)] + Array(repeating: 7, count: 16)))
        }
        return SignatureSet(known.map { ($0.voter, $0.signature) } + [mine] + garbage)
    }

    private func forge(_ certificate: QuorumCertificate, as liar: inout Liar) -> QuorumCertificate {
        let statement = certificate.statement
        let digest = statement.digest
        let mine = liar.pen.sign(digest)
        let signed = Array(zip(certificate.signatures.signers, certificate.signatures.signatures))
        var entries: [(signer: ReplicaID, signature: Signature)] = signed.map { (signer: $0.0, signature: $0.1) }
        switch liar.random.below(8) {
        case 0:
            // Too few.
            entries = Array(entries.dropLast())
        case 1:
            // Its own signature under everybody's bits.
            entries = liar.world.replicas.map { (signer: $0, signature: mine) }
        case 2:
            // One that is not valid beside good ones.
            entries = entries.map { $0.signer == entries.last?.signer ? ($0.signer, mine) : $0 }
        case 3:
            // A signer whom nobody knows.
            entries.append((ReplicaID(UInt16(liar.world.count)), mine))
        case 4:
            // Everybody's signatures, of another statement.
            let other = liar.changed(statement, commits: .some(statement.block))
            return QuorumCertificate(statement: other, signatures: certificate.signatures)
        case 5:
            // The statement of another certificate.
            let other = liar.memory.certificates.first?.statement ?? statement
            return QuorumCertificate(statement: other, signatures: certificate.signatures)
        case 6:
            // Valid without signatures, if it were the genesis.
            return QuorumCertificate(statement: statement, signatures: .empty)
        default:
            // The genesis with signatures, or called another view.
            let genesis = liar.world.committee.genesisCertificate.statement
            let later = liar.changed(genesis, view: statement.view)
            return liar.random.chance(oneIn: 2)
                ? QuorumCertificate(statement: genesis, signatures: SignatureSet([(liar.pen.replica, mine)]))
                : QuorumCertificate(statement: later, signatures: .empty)
        }
        return QuorumCertificate(statement: statement, signatures: SignatureSet(entries))
    }
}
