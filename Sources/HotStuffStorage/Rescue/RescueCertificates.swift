internal import HotStuff

/// Judges the certificates of all directories, each once.
struct RescueCertificates {
    private var verifier: MessageVerifier
    /// The statements whose certificates were found to be valid, with any signatures.
    private var valid: Set<Digest> = []

    init(verifier: MessageVerifier) { self.verifier = verifier }

    /// What a quorum says by a certificate; nil if it is not valid, or stands for one that is missing.
    mutating func statement(of certificate: QuorumCertificate) -> VoteStatement? {
        guard !certificate.signatures.isEmpty else { return nil }
        let identity = certificate.identity
        if valid.contains(identity) { return certificate.statement }
        guard (try? verifier.verify(CertificatePair(quorum: certificate, timeout: nil))) != nil else { return nil }
        valid.insert(identity)
        return certificate.statement
    }
}
