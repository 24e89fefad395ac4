internal import HotStuff

/// The beginning of a record.
///
///     kind 4 | length 4 | sequence 8 | index 4 | payload checksum 16 | head checksum 16
///
/// The head has a checksum of its own, so that a record can be found where the batch around it is not whole: whoever
/// looks for one hashes no payload that this journal did not write.
struct JournalRecordHead: Equatable {
    /// What a record is for; the first byte is the same in all.
    enum Kind: UInt32 {
        /// Kept once.
        case plain = 0x6472_01a7
        /// Kept twice; this is the one among the others.
        case precious = 0x6472_02a7
        /// The other of a record that is kept twice.
        case copy = 0x6472_03a7
        /// Nothing, so that the two are apart.
        case padding = 0x6472_04a7
    }

    static let byteCount = checkedByteCount + ShortSum.byteCount

    /// The number of bytes that the head's checksum covers.
    private static let checkedByteCount = 4 + 4 + 8 + 4 + ShortSum.byteCount

    var kind: Kind
    /// The number of bytes of the payload.
    var length: UInt32
    /// The place of its batch in the journal.
    var sequence: UInt64
    /// Its place in the batch; that of a copy is the place of what it is a copy of.
    var index: UInt32
    /// The checksum of the payload at this offset.
    var sum: ShortSum

    init(_ kind: Kind, of payload: [UInt8], sequence: UInt64, index: Int, at offset: UInt64, _ seal: JournalSeal) {
        self.kind = kind
        self.sequence = sequence
        // A batch has less than 2^32 bytes, so a payload in it too, and fewer records.
        length = UInt32(payload.count)
        self.index = UInt32(index)
        sum = Self.sum(of: payload[...], kind, at: offset, seal)
    }

    /// The checksum of a payload; that of padding is of no bytes, for all of them must be zero.
    private static func sum(
        of payload: ArraySlice<UInt8>,
        _ kind: Kind,
        at offset: UInt64,
        _ seal: JournalSeal
    ) -> ShortSum {
        let checked = kind == .padding ? payload.prefix(0) : payload
        return seal.shortSum(of: .record, at: offset, checked.span.bytes)
    }

    /// The bytes as they stand at some offset of the file.
    func bytes(at offset: UInt64, _ seal: JournalSeal) -> [UInt8] {
        var encoder = BorshEncoder(capacity: JournalRecordHead.byteCount)
        encoder.append(kind.rawValue)
        encoder.append(length)
        encoder.append(sequence)
        encoder.append(index)
        encoder.append(sum)
        encoder.append(seal.shortSum(of: .recordHead, at: offset, encoder.bytes.span.bytes))
        return encoder.bytes
    }

    /// Reads a head without believing it; nil if the bytes are too few or of no kind.
    init?(_ bytes: [UInt8]) {
        var decoder = BorshDecoder(bytes)
        guard let kind = (try? decoder.readUInt32()).flatMap(Kind.init), let length = try? decoder.readUInt32(),
            let sequence = try? decoder.readUInt64(), let index = try? decoder.readUInt32(),
            let sum = try? decoder.read(ShortSum.self), (try? decoder.read(ShortSum.self)) != nil
        else { return nil }
        self.kind = kind
        self.length = length
        self.sequence = sequence
        self.index = index
        self.sum = sum
    }

    /// Reads the head at some offset; nil unless it was written there, whole, by this journal.
    static func authentic(_ bytes: [UInt8], at offset: UInt64, _ seal: JournalSeal) -> JournalRecordHead? {
        guard let head = JournalRecordHead(bytes), head.bytes(at: offset, seal) == bytes else { return nil }
        return head
    }

    /// Whether a payload is what was written behind this head.
    func fits(_ payload: ArraySlice<UInt8>, at offset: UInt64, _ seal: JournalSeal) -> Bool {
        payload.count == Int(length) && (kind != .padding || payload.allSatisfy { $0 == 0 })
            && sum == Self.sum(of: payload, kind, at: offset, seal)
    }
}
