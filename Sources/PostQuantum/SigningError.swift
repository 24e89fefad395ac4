/// Why a message was not signed.
public enum SigningError: Error, Equatable, Sendable {
    /// The context has more than 255 bytes.
    case contextTooLong(Int)
    /// The randomness has not 32 bytes.
    case wrongRandomness(Int)
    /// The implementation gave no signature, or one that proved invalid and was not released.
    case failed
}

extension SigningError: CustomStringConvertible {
    /// One clause that says what is wrong.
    public var description: String {
        switch self {
        case .contextTooLong(let count): "a signature's context has at most 255 bytes, not \(count)"
        case .wrongRandomness(let count): "a signature needs 32 bytes of randomness, not \(count)"
        case .failed: "the message could not be signed"
        }
    }
}
