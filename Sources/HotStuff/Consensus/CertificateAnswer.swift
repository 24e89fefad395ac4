/// When a replica or a listener was last told our certificates, and of which view they were.
struct CertificateAnswer: Sendable {
    /// The view of the certificates.
    var view = View.genesis
    /// Before this moment it is not told the same again.
    var notBefore = Instant(0)
}
