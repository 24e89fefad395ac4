import BLAKE3
import HotStuff

/// The running hash over every byte that both sides have sent, in order.
///
/// Keys and signatures are made from it, so that whoever changes a byte on the way ends up with other keys.
struct Transcript: Sendable {
    private var hasher = BLAKE3(derivingKeyFrom: "hotstuff transport 1 transcript")

    mutating func append(_ record: HandshakeRecord) {
        hasher.update(record.encoded)
    }

    /// The hash over what was appended so far, 32 bytes.
    var hash: [UInt8] { hasher.finalize().bytes }
}
