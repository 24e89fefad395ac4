public import HotStuff

/// What proves that a block is final: a certificate that makes it or a descendant final, and the way to that descendant.
public struct FinalityProof: Hashable, Sendable {
    /// The block that is proved final, then those above it up to the one that the certificate commits.
    public let path: [Block]
    /// A certificate whose statement commits the last block of the path; its signatures are for a verifier to judge.
    public let certificate: QuorumCertificate

    /// Creates a proof; whether it holds is for `proves(_:)` and a verifier to say.
    public init(path: [Block], certificate: QuorumCertificate) {
        self.path = path
        self.certificate = certificate
    }

    /// Whether, if its signatures are valid, the certificate makes a block final.
    public func proves(_ block: Digest) -> Bool {
        path.first?.id == block && path.last?.id == certificate.statement.commits
            && zip(path, path.dropFirst()).allSatisfy { below, above in above.header.parent == below.id }
    }

    /// How many blocks are read at most to find one: as many as a range can show.
    public static let maximumSearch = BlockRange.maximumPathCount
}

extension BlockArchiveReader {
    /// Proves that a block is final, with the first certificate at or above it that does.
    ///
    /// It is one that was stored with a block, or the justification of one.
    ///
    /// - Parameter height: the height of the block.
    /// - Returns: the proof; none if no certificate is found in `FinalityProof.maximumSearch` blocks.
    /// - Throws: why a block on the way cannot be read.
    public func finality(of height: Height) throws(ArchiveError) -> FinalityProof? {
        var path: [Block] = []
        // Stored certificates may commit a block that is still to come on the way.
        var stored: [Digest: QuorumCertificate] = [:]
        let last = self.height
        var next: Height? = height
        while let height = next, path.isEmpty || height <= last, path.count < FinalityProof.maximumSearch {
            let entry = try entry(at: height)
            if let place = place(of: entry.block.justify, on: path) {
                return FinalityProof(path: Array(path[...place]), certificate: entry.block.justify)
            }
            path.append(entry.block)
            if let certificate = entry.certificate, let final = certificate.statement.commits {
                stored[final] = certificate
            }
            if let certificate = stored[entry.block.id] {
                return FinalityProof(path: path, certificate: certificate)
            }
            next = height.next
        }
        return nil
    }

    private func place(of certificate: QuorumCertificate, on path: [Block]) -> Int? {
        guard let final = certificate.statement.commits else { return nil }
        return path.lastIndex { $0.id == final }
    }
}
