internal import HotStuff

extension HaltReason {
    /// What happened, for the operator.
    var summary: String {
        switch self {
        case .contradiction(let certificate, let committed, let height):
            "a certificate of view \(certificate.view) finalises \(certificate.statement.commits ?? .zero), but block "
                + "\(committed) is committed at height \(height): more than a third of the voting power lies"
        case .sharedKey(let view):
            "a signature of this replica's key is in view \(view), which this replica did not make: another process signs with a "
                + "copy of the key, or of the data directory; stop one of them"
        case .divergence(let certified, let ours):
            "a quorum executed height \(certified.height) with digest \(certified.digest), this replica with \(ours): "
                + "its application is not deterministic or its state is damaged"
        }
    }
}
