/// A replica that votes: its public key and the weight of its vote.
public struct Validator: Hashable, Sendable, BorshCodable {
    /// The public key with which its signatures are verified.
    public let verificationKey: [UInt8]
    /// The weight of its vote, at least 1.
    public let power: VotingPower

    /// The longest key that is read; ML-DSA-87 has 2,592 bytes.
    public static let maximumKeyByteCount = 2_592

    /// Creates a validator.
    public init(verificationKey: [UInt8], power: VotingPower) {
        self.verificationKey = verificationKey
        self.power = power
    }

    /// Twelve bytes: the length of the key and the power.
    public static var minimumEncodedSize: Int { 12 }

    /// Appends key and power.
    public func encode(into encoder: inout BorshEncoder) {
        encoder.appendBytes(verificationKey)
        encoder.append(power)
    }

    /// Reads key and power.
    public init(from decoder: inout BorshDecoder) throws(DecodingError) {
        verificationKey = try decoder.readBytes(maximum: Validator.maximumKeyByteCount)
        power = try decoder.read()
    }
}
