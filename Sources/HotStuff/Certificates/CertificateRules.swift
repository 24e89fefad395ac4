/// What makes the parts of a certificate fit each other, and which signatures it rests on, whatever they are worth.
struct CertificateRules: Sendable {
    private let committee: Committee

    /// Creates the rules of an epoch.
    init(committee: Committee) { self.committee = committee }

    /// Checks that something is of this chain and epoch.
    func check(chain: Digest, epoch: Epoch) throws(VerificationFailure) {
        guard chain == committee.chain || mutant("foreign-chain") else { throw .wrongChain }
        guard epoch == committee.epoch || mutant("foreign-epoch") else { throw .wrongEpoch(epoch) }
    }

    /// Checks the fields of what is voted for.
    func check(_ statement: VoteStatement) throws(VerificationFailure) {
        try check(chain: statement.chain, epoch: statement.epoch)
        guard statement.parentView < statement.view, statement.parentView >= committee.genesis.view
        else { throw .inconsistentViews }
        guard statement.height > committee.genesis.height else { throw .brokenLink }
    }

    /// Checks that a signature is said to be a validator's, and adds it to those that must be valid.
    func read(_ signature: SignedDigest, into signed: inout [SignedDigest]) throws(VerificationFailure) {
        guard committee.validators.contains(signature.signer) else { throw .unknownReplica(signature.signer) }
        signed.append(signature)
    }

    /// Checks all of a pair of certificates but the signatures, and adds those that must be valid.
    func read(_ pair: CertificatePair, into signed: inout [SignedDigest]) throws(VerificationFailure) {
        try read(pair.quorum, into: &signed)
        if let timeout = pair.timeout { try read(timeout, beside: pair.quorum, into: &signed) }
    }

    /// Checks all of a quorum certificate but the signatures, and adds those that must be valid.
    func read(_ certificate: QuorumCertificate, into signed: inout [SignedDigest]) throws(VerificationFailure) {
        if certificate.signatures.isEmpty {
            // The genesis certificate is valid only as genesis, and nothing else is without signatures.
            guard certificate == committee.genesisCertificate || mutant("accept-unsigned-certificate")
            else { throw .noQuorum }
            return
        }
        try check(certificate.statement)
        let digest = certificate.statement.digest
        try read(certificate.signatures, on: repeatElement(digest, count: certificate.signatures.count), into: &signed)
    }

    /// Checks all of a timeout certificate but the signatures, and adds those that must be valid.
    ///
    /// It comes beside a quorum certificate that has been read, which is most often the one that it holds.
    func read(
        _ certificate: TimeoutCertificate,
        beside quorum: QuorumCertificate,
        into signed: inout [SignedDigest]
    ) throws(VerificationFailure) {
        try check(chain: certificate.chain, epoch: certificate.epoch)
        guard certificate.certifiedViews.max() == certificate.highest.view || mutant("unshown-certificate-claim"),
            certificate.highest.view < certificate.view,
            certificate.certifiedViews.count == certificate.signatures.count
        else { throw .inconsistentViews }
        var digests: [View: Digest] = [:]
        for view in certificate.certifiedViews where digests[view] == nil {
            digests[view] = certificate.statement(naming: view).digest
        }
        try read(certificate.signatures, on: certificate.certifiedViews.map { digests[$0] ?? .zero }, into: &signed)
        if certificate.highest != quorum { try read(certificate.highest, into: &signed) }
    }

    private func read(
        _ set: SignatureSet,
        on statements: some Collection<Digest>,
        into signed: inout [SignedDigest]
    ) throws(VerificationFailure) {
        let signers = set.signers
        if let stranger = signers.first(where: { !committee.validators.contains($0) }) {
            throw .unknownReplica(stranger)
        }
        guard committee.validators.power(of: signers) >= committee.validators.quorum else { throw .noQuorum }
        for ((signer, signature), statement) in zip(zip(signers, set.signatures), statements) {
            signed.append(SignedDigest(signature, on: statement, by: signer))
        }
    }
}
