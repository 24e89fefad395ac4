/// A message of the handshake on the wire: one byte of kind, two of length, little-endian, and the body.
struct HandshakeRecord: Equatable, Sendable {
    enum Kind: UInt8, Sendable {
        case clientHello = 1
        case serverHello = 2
        case responderProof = 3
        case initiatorProof = 4
        case refusal = 255

        /// The longest body of this kind; it is known before a byte of the body is kept.
        func maximumByteCount(signature: Int) -> Int {
            switch self {
            case .clientHello: ClientHello.maximumByteCount
            case .serverHello: ServerHello.byteCount
            case .responderProof, .initiatorProof: IdentityProof.byteCount(signature: signature)
            case .refusal: RefusalRecord.maximumByteCount
            }
        }
    }

    static let headerByteCount = 3

    let kind: Kind
    let body: [UInt8]

    /// The bytes on the wire, all of which enter the transcript.
    var encoded: [UInt8] {
        precondition(body.count <= UInt16.max, "a handshake record of \(body.count) bytes")
        let count = UInt16(truncatingIfNeeded: body.count)
        return [kind.rawValue, UInt8(truncatingIfNeeded: count), UInt8(truncatingIfNeeded: count >> 8)] + body
    }
}

/// Cuts the handshake's byte stream into records.
struct HandshakeRecordReader: Sendable {
    private var buffer: [UInt8] = []

    /// Whether nothing follows the records that were read.
    var isEmpty: Bool { buffer.isEmpty }

    mutating func append(_ bytes: [UInt8]) {
        buffer.append(contentsOf: bytes)
    }

    /// The next whole record, or nothing until more bytes come; only the kinds named may come at all.
    mutating func next(
        expecting kinds: [HandshakeRecord.Kind],
        signatureByteCount: Int
    ) throws(ConnectionFailure) -> HandshakeRecord? {
        guard let first = buffer.first else { return nil }
        guard let kind = HandshakeRecord.Kind(rawValue: first), kinds.contains(kind) else {
            throw .malformed(.unexpectedRecord)
        }
        guard buffer.count >= HandshakeRecord.headerByteCount else { return nil }
        let count = Int(buffer[1]) | Int(buffer[2]) << 8
        guard count <= kind.maximumByteCount(signature: signatureByteCount) else { throw .malformed(.oversizedRecord) }
        let end = HandshakeRecord.headerByteCount + count
        guard buffer.count >= end else { return nil }
        let body = Array(buffer[HandshakeRecord.headerByteCount..<end])
        buffer.removeFirst(end)
        return HandshakeRecord(kind: kind, body: body)
    }
}
