internal import HotStuff

/// A message on its way: bytes, which all receivers decode alike, so that they are decoded once.
final class Envelope {
    /// What crosses the network.
    let bytes: [UInt8]
    /// A digest of the bytes for the trace: not cryptographic, but every byte counts.
    let mark: UInt64
    private var decoded: Message?
    private var isDecoded = false
    private var judgement: String??

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        mark = Envelope.mark(of: bytes)
    }

    convenience init(_ message: Message) { self.init(Frame.encode(message)) }

    /// The message; none if the bytes are no message.
    var message: Message? {
        if !isDecoded {
            decoded = try? Frame.decode(Message.self, from: bytes)
            isDecoded = true
        }
        return decoded
    }

    /// What is not true in the message, which is judged once for all receivers.
    func fault(by judge: (Message) -> String?) -> String? {
        if let judgement { return judgement }
        let fault = message.flatMap(judge)
        judgement = .some(fault)
        return fault
    }

    static func mark(of bytes: [UInt8]) -> UInt64 {
        var mark = UInt64(bytes.count) &* 0x9e37_79b9_7f4a_7c15
        bytes.withUnsafeBytes { buffer in
            var offset = 0
            // Eight bytes are loaded only where eight are left.
            while buffer.count - offset >= 8 {
                mark = (mark ^ buffer.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) &* 0xff51_afd7_ed55_8ccd
                mark ^= mark >> 32
                offset += 8
            }
            while offset < buffer.count {
                mark = (mark ^ UInt64(buffer[offset])) &* 0xff51_afd7_ed55_8ccd
                mark ^= mark >> 32
                offset += 1
            }
        }
        return mark
    }
}
