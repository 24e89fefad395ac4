/// The last quorum certificates that were seen: what a brief proposal names is most often among them.
///
/// A proposal that comes late is of a view that is over, so the highest certificate alone is not enough.
struct RecentCertificates: Sendable {
    /// How many are kept, those of the highest views.
    static let capacity = 4

    private var certificates: [Verified<QuorumCertificate>] = []

    /// The number of certificates.
    var count: Int { certificates.count }

    /// Takes note of a certificate.
    mutating func note(_ certificate: Verified<QuorumCertificate>) {
        let view = certificate.content.view
        guard !certificates.contains(where: { $0.content.view == view }) else { return }
        certificates.append(certificate)
        guard certificates.count > Self.capacity else { return }
        let lowest = certificates.indices.min { certificates[$0].content.view < certificates[$1].content.view }
        if let lowest { certificates.remove(at: lowest) }
    }

    /// The certificate of a view, if it was seen lately; more than f have lied if there are two.
    func certificate(of view: View) -> Verified<QuorumCertificate>? {
        if mutant("believe-brief") { return certificates.max { $0.content.view < $1.content.view } }
        return certificates.first { $0.content.view == view }
    }
}
