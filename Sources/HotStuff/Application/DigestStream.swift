internal import BLAKE3

/// The digest of values one after another, taken without holding all their encodings at once.
///
/// It equals the domain's digest of a value whose encoding is theirs in a row.
struct DigestStream {
    private static let bufferByteCount = 16 << 10

    private var hasher = BLAKE3()
    private var buffer: BorshEncoder

    /// Begins a digest of one kind.
    init(_ domain: Domain) {
        buffer = BorshEncoder(capacity: 2 * Self.bufferByteCount)
        buffer.appendRaw(Array(domain.rawValue.utf8))
    }

    /// Appends the encoding of a value.
    mutating func append(_ value: some BorshEncodable) {
        buffer.append(value)
        guard buffer.byteCount >= Self.bufferByteCount else { return }
        hasher.update(buffer.bytes)
        buffer.reset()
    }

    /// The digest of everything appended.
    func finalize() -> Digest {
        var last = hasher
        last.update(buffer.bytes)
        return Digest(last.finalize())
    }
}

extension Domain {
    /// The digest of values whose encodings follow each other in a row, as in `DigestStream`; that of none is one too.
    func digest<Value: BorshEncodable>(ofAll values: [Value]) -> Digest {
        var stream = DigestStream(self)
        for value in values { stream.append(value) }
        return stream.finalize()
    }
}
