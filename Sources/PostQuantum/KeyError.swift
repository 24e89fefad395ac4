/// Why bytes are not a key.
public enum KeyError: Error, Equatable, Sendable {
    /// A key or seed of this kind has another length.
    case wrongLength(Int, expected: Int)
    /// The length is right, the content is not.
    case malformed
    /// The implementation that was asked for does not know the scheme.
    case notImplemented(SignatureScheme, SignatureImplementation)
}

extension KeyError: CustomStringConvertible {
    /// One clause that says what is wrong.
    public var description: String {
        switch self {
        case .wrongLength(let count, let expected): "the key has \(count) bytes where \(expected) are expected"
        case .malformed: "the bytes are not a key"
        case .notImplemented(let scheme, let implementation): "\(implementation) does not implement \(scheme)"
        }
    }
}
