internal import HotStuff

/// Judges certificates as a light client would: who signed, how much power they hold, and every signature.
struct CertificateCheck {
    private let world: SimulatedWorld
    /// Twice the total power, divided by three, and one more.
    private let quorum: UInt64

    init(world: SimulatedWorld) {
        self.world = world
        let total = world.committee.validators.validators.reduce(UInt64(0)) { $0 + $1.power.rawValue }
        quorum = 2 * total / 3 + 1
    }

    /// What is wrong with a quorum certificate; nothing if it proves what it says.
    func fault(of certificate: QuorumCertificate) -> String? {
        let statement = certificate.statement
        if statement.chain != world.committee.chain { return "its certificate is of another chain" }
        if statement.epoch != world.committee.epoch { return "its certificate is of epoch \(statement.epoch)" }
        let signers = certificate.signatures.signers
        guard signers.count == certificate.signatures.signatures.count else {
            return "its certificate lacks signatures"
        }
        var seen: Set<ReplicaID> = []
        var power: UInt64 = 0
        let digest = statement.digest
        for (signer, signature) in zip(signers, certificate.signatures.signatures) {
            guard signer.index < world.count else { return "its certificate is signed by a stranger" }
            guard seen.insert(signer).inserted else { return "replica \(signer) signed its certificate twice" }
            guard world.keys.isValid(signature, on: digest, by: signer) else {
                return "the signature of replica \(signer) in its certificate does not verify"
            }
            power += world.committee.validators.validators[signer.index].power.rawValue
        }
        guard power >= quorum else { return "its certificate has power \(power) of \(quorum)" }
        return nil
    }
}
