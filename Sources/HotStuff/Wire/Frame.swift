/// The envelope of every message: a format version, then one message, then nothing.
public enum Frame {
    /// The version of the wire format that this program speaks.
    public static let version: UInt16 = 1

    /// The most bytes of one frame; longer ones are refused unread.
    public static let maximumByteCount = 16 << 20

    /// The bytes of a message in its envelope.
    public static func encode(_ message: some BorshEncodable) -> [UInt8] {
        var encoder = BorshEncoder(capacity: 512)
        encoder.append(version)
        encoder.append(message)
        return encoder.finish()
    }

    /// The message in an envelope that nobody has checked.
    public static func decode<Content: BorshDecodable>(
        _ type: Content.Type = Content.self,
        from bytes: [UInt8]
    ) throws(DecodingError) -> Content {
        guard bytes.count <= maximumByteCount else { throw .tooLong(bytes.count, maximum: maximumByteCount) }
        var decoder = BorshDecoder(bytes)
        let version = try decoder.readUInt16()
        guard version == Frame.version else { throw .unknownVersion(version) }
        let content = try Content(from: &decoder)
        try decoder.finish()
        return content
    }
}
