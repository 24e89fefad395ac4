import NIOCore
import PostQuantum

/// Seals fragments into frames, one behind the other, straight into the buffer that goes to the socket.
struct FrameWriter: Sendable {
    private var sealer: FrameSealer
    private var plaintext: [UInt8] = []

    init(sealer: FrameSealer) {
        self.sealer = sealer
        plaintext.reserveCapacity(FrameFormat.headerByteCount + FrameFormat.maximumFragmentByteCount)
    }

    /// Appends the frame of a fragment.
    mutating func write(_ fragment: Fragment, into buffer: inout ByteBuffer) throws(ConnectionFailure) {
        plaintext.removeAll(keepingCapacity: true)
        plaintext.append(fragment.lane.rawValue)
        plaintext.append(fragment.isLast ? FrameFormat.lastFragment : 0)
        plaintext.append(contentsOf: fragment.message[fragment.range])
        try seal(into: &buffer)
    }

    /// Appends a frame that carries nothing.
    mutating func writeKeepalive(into buffer: inout ByteBuffer) throws(ConnectionFailure) {
        plaintext.removeAll(keepingCapacity: true)
        plaintext.append(FrameFormat.keepalive)
        plaintext.append(0)
        try seal(into: &buffer)
    }

    private mutating func seal(into buffer: inout ByteBuffer) throws(ConnectionFailure) {
        let count = plaintext.count + FrameCipher.overhead
        precondition(FrameFormat.validLengths.contains(count), "a frame of \(count) bytes")
        let length = withUnsafeBytes(of: UInt32(truncatingIfNeeded: count).littleEndian) { Array($0) }
        buffer.writeBytes(length)
        // A copy, because the closure may not change one part of this value while it reads another.
        var sealer = sealer
        defer { self.sealer = sealer }
        do {
            try buffer.writeWithOutputRawSpan(minimumWritableBytes: count) { output throws(FrameCipherError) in
                try sealer.seal(plaintext.span.bytes, authenticating: length.span.bytes, into: &output)
            }
        } catch {
            throw error == .exhausted ? .keysExhausted : .notAuthentic
        }
    }
}
