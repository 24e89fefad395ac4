/// Which replicas signed, as a bitmap, and their signatures in the order of the replicas.
///
/// A replica cannot be in it twice: it has one bit. The bitmap has no byte of zeros at its end, so that every set has
/// one encoding.
public struct SignatureSet: Hashable, Sendable {
    /// Bit i of byte i/8 is set if replica i signed.
    private let bitmap: [UInt8]
    /// The signatures, in the order of their signers.
    public let signatures: [Signature]

    /// Nobody signed.
    public static let empty = SignatureSet([])

    /// Creates the set of some signatures; of two by one signer the first counts.
    public init(_ signed: [(signer: ReplicaID, signature: Signature)]) {
        var bitmap: [UInt8] = []
        var kept: [(signer: ReplicaID, signature: Signature)] = []
        for entry in signed.enumerated().sorted(by: {
            ($0.element.signer, $0.offset) < ($1.element.signer, $1.offset)
        }).map(\.element) where kept.last?.signer != entry.signer {
            kept.append(entry)
            let byte = entry.signer.index / 8
            while bitmap.count <= byte { bitmap.append(0) }
            bitmap[byte] |= 1 << UInt8(entry.signer.index % 8)
        }
        self.bitmap = bitmap
        signatures = kept.map(\.signature)
    }

    /// The signers, in order; as many as there are signatures.
    public var signers: [ReplicaID] {
        var signers: [ReplicaID] = []
        signers.reserveCapacity(signatures.count)
        for (index, byte) in bitmap.enumerated() where byte != 0 {
            for bit in 0..<8 where byte & (1 << UInt8(bit)) != 0 {
                signers.append(ReplicaID(UInt16(index * 8 + bit)))
            }
        }
        return signers
    }

    /// Whether a replica signed.
    ///
    /// Complexity: O(1).
    public func contains(_ replica: ReplicaID) -> Bool {
        let byte = replica.index / 8
        return byte < bitmap.count && bitmap[byte] & (1 << UInt8(replica.index % 8)) != 0
    }

    /// The number of signatures.
    public var count: Int { signatures.count }

    /// Whether nobody signed.
    public var isEmpty: Bool { signatures.isEmpty }
}

extension SignatureSet: BorshCodable {
    /// Two empty lists.
    public static var minimumEncodedSize: Int { 8 }

    /// Appends bitmap and signatures.
    public func encode(into encoder: inout BorshEncoder) {
        encoder.appendBytes(bitmap)
        encoder.appendList(signatures)
    }

    /// Reads a bitmap and exactly as many signatures as it has bits.
    public init(from decoder: inout BorshDecoder) throws(DecodingError) {
        bitmap = try decoder.readBytes(maximum: ValidatorSet.maximumCount / 8)
        guard bitmap.last != 0 else { throw .notCanonical }
        signatures = try decoder.readList(maximum: ValidatorSet.maximumCount)
        guard signatures.count == bitmap.reduce(0, { $0 + $1.nonzeroBitCount }) else { throw .notCanonical }
    }
}
