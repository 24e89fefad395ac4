// The certificates of a stored chain.
extension ChainAudit {
    /// How many certificates are remembered.
    private static let recentCount = 16
    /// How many blocks are awaited at most.
    private static let awaitedCount = 1_024

    /// Checks a certificate that was stored; its signatures may wait.
    ///
    /// - Parameters:
    ///   - certificate: the certificate.
    ///   - height: the height of the block with which it was found.
    ///   - source: where it was found.
    /// - Throws: the lowest fault up to here.
    package mutating func take(
        _ certificate: QuorumCertificate,
        at height: Height,
        in source: String
    ) throws(ChainFault) {
        counts.certificates += 1
        guard !recent.contains(certificate) else { return }
        var found: [SignedDigest] = []
        do {
            try certificateRules.read(certificate, into: &found)
        } catch {
            throw try lowest(ChainFault(at: height, in: source, .certificate(error)))
        }
        recent.append(certificate)
        if recent.count > Self.recentCount { recent.removeFirst() }
        try add(found, at: height, in: source)
        guard let final = certificate.statement.commits else { return }
        // No chain of this program ends an epoch, so it is the block of C1 or C2 itself.
        let (place, underflow) = certificate.statement.height.rawValue.subtractingReportingOverflow(rule.depth)
        if !underflow { try settle(final, at: Height(place), in: source) }
    }

    /// Checks the certificates with which a replica stood somewhere; signatures may wait.
    ///
    /// - Parameters:
    ///   - pair: the certificates.
    ///   - height: the height of the block with which they were found.
    ///   - source: where they were found.
    /// - Throws: the lowest fault up to here.
    package mutating func take(_ pair: CertificatePair, at height: Height, in source: String) throws(ChainFault) {
        try take(pair.quorum, at: height, in: source)
        guard let timeout = pair.timeout else { return }
        counts.certificates += 1
        var found: [SignedDigest] = []
        do {
            try certificateRules.read(timeout, beside: pair.quorum, into: &found)
        } catch {
            throw try lowest(ChainFault(at: height, in: source, .certificate(error)))
        }
        try add(found, at: height, in: source)
    }

    /// Compares the block of a height with the one that a certificate makes final, now or when it comes.
    mutating func settle(_ final: Digest, at height: Height, in source: String) throws(ChainFault) {
        guard height <= self.height else {
            if awaited.count < Self.awaitedCount { awaited[height] = final }
            return
        }
        guard let first = links.first, height >= first.height else { return }
        guard links[Int(height.rawValue - first.height.rawValue)].id == final else {
            throw try lowest(ChainFault(at: height, in: source, .otherBlockFinal(final)))
        }
        provedHeight = max(provedHeight, height)
    }

    private mutating func add(_ found: [SignedDigest], at height: Height, in source: String) throws(ChainFault) {
        signed += found
        waiting += repeatElement(Waiting(height: height, source: source), count: found.count)
        if signed.count >= Self.batchCount { try finish() }
    }
}
