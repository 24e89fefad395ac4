internal import HotStuff

/// Judges certificates as a light client would: who signed, how much power they hold, and every signature.
struct CertificateCheck {
    private let world: SimulatedWorld
    /// Twice the total power, divided by three, and one more.
    private let quorum: UInt64

    init(world: SimulatedWorld) {
        self.world = world
        let total = world.committee.validators.validators.reduce(UInt64(0)) { $0 + $1.power.rawValue }
        quorum = SimulatedWorld.quorum(of: total)
    }

    /// What is wrong with a quorum certificate; nothing if it proves what it says.
    func fault(of certificate: QuorumCertificate) -> String? {
        let statement = certificate.statement
        if statement.chain != world.committee.chain { return "its certificate is of another chain" }
        if statement.epoch != world.committee.epoch { return "its certificate is of epoch \(statement.epoch)" }
        let digest = statement.digest
        return fault(of: certificate.signatures) { _ in digest }
    }

    /// What is wrong with a timeout certificate, but for the quorum certificate in it, which is judged for itself.
    func fault(of certificate: TimeoutCertificate) -> String? {
        if certificate.chain != world.committee.chain { return "its timeout certificate is of another chain" }
        if certificate.epoch != world.committee.epoch { return "its timeout certificate is of another epoch" }
        if certificate.highest.view >= certificate.view { return "its timeout certificate is not above what it holds" }
        if certificate.certifiedViews.max() != certificate.highest.view {
            return "its timeout certificate does not hold the highest certificate that it names"
        }
        guard certificate.certifiedViews.count == certificate.signatures.count else {
            return "its timeout certificate does not say what each signed"
        }
        var digests: [View: Digest] = [:]
        return fault(of: certificate.signatures) { place in
            let view = certificate.certifiedViews[place]
            if let digest = digests[view] { return digest }
            let digest = certificate.statement(naming: view).digest
            digests[view] = digest
            return digest
        }
    }

    /// What is wrong with who signed; the signer at each place signs a digest of its own.
    private func fault(of set: SignatureSet, digest: (Int) -> Digest) -> String? {
        let signers = set.signers
        guard signers.count == set.signatures.count else { return "its certificate lacks signatures" }
        var seen: Set<ReplicaID> = []
        var power: UInt64 = 0
        for (place, (signer, signature)) in zip(signers, set.signatures).enumerated() {
            guard signer.index < world.count else { return "its certificate is signed by a stranger" }
            guard seen.insert(signer).inserted else { return "replica \(signer) signed its certificate twice" }
            guard world.keys.isValid(signature, on: digest(place), by: signer) else {
                return "the signature of replica \(signer) in its certificate does not verify"
            }
            power += world.committee.validators.validators[signer.index].power.rawValue
        }
        guard power >= quorum else { return "its certificate has power \(power) of \(quorum)" }
        return nil
    }
}
