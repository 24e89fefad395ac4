/// Why a signature is not valid.
public enum SignatureFault: Error, Equatable, Sendable {
    /// A signature of the scheme has another length.
    case wrongLength(Int, expected: Int)
    /// The context has more than 255 bytes, and so has no signature.
    case contextTooLong(Int)
    /// The hint is not in the one form that is allowed.
    case malformedHint
    /// The response z has a coefficient that no signer lets out.
    case outOfRange
    /// The signature is well formed, and not of this message, context and key.
    case mismatch
}

extension SignatureFault: CustomStringConvertible {
    /// One clause that says what is wrong.
    public var description: String {
        switch self {
        case .wrongLength(let count, let expected): "the signature has \(count) bytes where \(expected) are expected"
        case .contextTooLong(let count): "a signature's context has at most 255 bytes, not \(count)"
        case .malformedHint: "the hint of the signature is not in canonical form"
        case .outOfRange: "the response of the signature is out of range"
        case .mismatch: "the signature is not of this message, context and key"
        }
    }
}
