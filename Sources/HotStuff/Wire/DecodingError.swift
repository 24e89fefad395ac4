/// Why bytes are not the encoding of a value.
public enum DecodingError: Error, Equatable, Sendable {
    /// The bytes end before the value does.
    case truncated
    /// So many bytes follow the value.
    case trailingBytes(Int)
    /// A tag that stands for nothing.
    case invalidTag(UInt8)
    /// A list or byte string claims more than its limit.
    case tooLong(Int, maximum: Int)
    /// A text is not UTF-8.
    case invalidText
    /// The bytes decode, but another encoding of the same value is the canonical one.
    case notCanonical
    /// A format version that this program does not speak.
    case unknownVersion(UInt16)
}

extension DecodingError: CustomStringConvertible {
    /// One clause that says what is wrong.
    public var description: String {
        switch self {
        case .truncated: "the bytes end early"
        case .trailingBytes(let count): "\(count) bytes too many"
        case .invalidTag(let tag): "unknown tag \(tag)"
        case .tooLong(let count, let maximum): "\(count) elements where at most \(maximum) are allowed"
        case .invalidText: "a text is not UTF-8"
        case .notCanonical: "not the canonical encoding"
        case .unknownVersion(let version): "unknown version \(version)"
        }
    }
}
