/// A value that has one canonical Borsh encoding.
public protocol BorshEncodable {
    /// Appends the encoding of this value.
    func encode(into encoder: inout BorshEncoder)
}

/// A value that can be read from bytes that nobody has checked.
public protocol BorshDecodable {
    /// The fewest bytes that any value of this type takes, at least 1; it bounds what a claimed count may allocate.
    static var minimumEncodedSize: Int { get }

    /// Reads a value and leaves the decoder behind it.
    init(from decoder: inout BorshDecoder) throws(DecodingError)
}

/// A value that goes both ways.
public typealias BorshCodable = BorshEncodable & BorshDecodable

extension BorshDecodable {
    /// One byte: right for every type, tight for few.
    public static var minimumEncodedSize: Int { 1 }

    /// Reads a value that fills all the bytes.
    public init(decoding bytes: [UInt8]) throws(DecodingError) {
        var decoder = BorshDecoder(bytes)
        try self.init(from: &decoder)
        try decoder.finish()
    }
}

extension BorshEncodable {
    /// The canonical encoding.
    public var encoded: [UInt8] {
        var encoder = BorshEncoder()
        encode(into: &encoder)
        return encoder.bytes
    }
}

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
