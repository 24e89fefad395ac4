/// All that makes a stranger believe in a snapshot: a final header, the certificate that makes it final, and the steps between.
///
/// Whoever has the validators of the header's epoch verifies the signatures of `finality` and then asks `fault`. A replica
/// makes it when the first header that names the snapshot's height or a later one is final, and keeps it beside the snapshot.
public struct SnapshotCertificate: Hashable, Sendable {
    /// What is wrong with a certificate.
    public enum Fault: Hashable, Sendable {
        /// The header is of another chain.
        case anotherChain
        /// The certificate does not make the header's block final.
        case notFinal
        /// The header's execution digest does not stand for the snapshot.
        case proof
    }

    /// The steps from the snapshot to what the header says was executed.
    public let proof: StateProof
    /// The header of a final block.
    public let header: BlockHeader
    /// The certificate that makes it final.
    public let finality: QuorumCertificate

    /// Creates a certificate of its parts.
    public init(proof: StateProof, header: BlockHeader, finality: QuorumCertificate) {
        self.proof = proof
        self.header = header
        self.finality = finality
    }

    /// The snapshot that it is about.
    public var point: SnapshotPoint { proof.point }

    /// What is wrong with it, if the signatures are valid; nothing if its snapshot is that of the chain.
    public func fault(chain: Digest, interval: UInt64) -> Fault? {
        guard header.chain == chain, finality.statement.chain == chain, finality.statement.epoch == header.epoch else {
            return .anotherChain
        }
        guard finality.statement.commits == header.id else { return .notFinal }
        return proof.holds(for: header.executed, interval: interval) ? nil : .proof
    }
}

extension SnapshotCertificate: BorshCodable {
    /// Proof, header and certificate.
    public static var minimumEncodedSize: Int {
        StateProof.minimumEncodedSize + BlockHeader.minimumEncodedSize + QuorumCertificate.minimumEncodedSize
    }

    /// Appends proof, header and certificate.
    public func encode(into encoder: inout BorshEncoder) {
        encoder.append(proof)
        encoder.append(header)
        encoder.append(finality)
    }

    /// Reads proof, header and certificate.
    public init(from decoder: inout BorshDecoder) throws(DecodingError) {
        proof = try decoder.read()
        header = try decoder.read()
        finality = try decoder.read()
    }
}
