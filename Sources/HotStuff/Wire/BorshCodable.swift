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
        var encoder = BorshEncoder(capacity: 256)
        encode(into: &encoder)
        return encoder.finish()
    }
}
