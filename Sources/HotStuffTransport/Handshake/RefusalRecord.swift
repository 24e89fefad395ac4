import HotStuff

/// What a responder says in the open before it closes: a reason, and for another chain in what that differs.
///
/// Nothing proves it, and no code believes it.
struct RefusalRecord: Equatable, Sendable {
    /// A part of the chain that is another one here.
    struct Difference: Equatable, Sendable {
        /// The part's place in the profile.
        let place: Int
        /// Its number at the one who refuses.
        let value: UInt64
    }

    /// A reason; for another chain the place of a part, and its number.
    static let maximumByteCount = 1 + 1 + 8

    let reason: Refusal
    let difference: Difference?

    init(_ reason: Refusal, difference: Difference? = nil) {
        self.reason = reason
        self.difference = difference
    }

    /// Reads a refusal; a difference may be left out.
    init(decoding body: [UInt8]) throws(ConnectionFailure) {
        var decoder = BorshDecoder(body)
        do {
            guard let reason = Refusal(rawValue: try decoder.readUInt8()) else {
                throw ConnectionFailure.malformed(.truncatedRecord)
            }
            self.reason = reason
            if body.count > 1, reason == .wrongChain {
                difference = Difference(place: Int(try decoder.readUInt8()), value: try decoder.readUInt64())
            } else {
                difference = nil
            }
            try decoder.finish()
        } catch {
            throw ConnectionFailure(decoding: error)
        }
    }

    /// The record on the wire.
    var record: HandshakeRecord {
        var encoder = BorshEncoder(capacity: RefusalRecord.maximumByteCount)
        encoder.append(reason.rawValue)
        if let difference {
            encoder.append(UInt8(truncatingIfNeeded: difference.place))
            encoder.append(difference.value)
        }
        return HandshakeRecord(kind: .refusal, body: encoder.bytes)
    }
}

extension ConnectionFailure {
    /// The failure that a refusal in the open stands for.
    ///
    /// - Parameters:
    ///   - record: what came.
    ///   - profile: the chain here.
    init(refusal record: HandshakeRecord, of profile: ChainProfile) {
        do throws(ConnectionFailure) {
            let refusal = try RefusalRecord(decoding: record.body)
            let difference = refusal.difference.flatMap {
                profile.description(ofDifferenceAt: $0.place, value: $0.value)
            }
            self = difference.map { .refusedChain($0) } ?? .refused(refusal.reason)
        } catch {
            self = error
        }
    }
}
