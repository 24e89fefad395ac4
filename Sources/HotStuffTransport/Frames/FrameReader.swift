import NIOCore
import PostQuantum

/// What one frame carries.
enum InboundFrame: Equatable, Sendable {
    /// Nothing; its sender lives.
    case keepalive
    /// A fragment of a message.
    case fragment(Lane, isLast: Bool, bytes: ArraySlice<UInt8>)
}

/// Cuts a connection's byte stream into frames and opens them.
///
/// It keeps the bytes of at most one unfinished frame and of what one read brought.
struct FrameReader: Sendable {
    private var opener: FrameOpener
    private var buffer = ByteBuffer()

    init(opener: FrameOpener) {
        self.opener = opener
    }

    /// Takes bytes as they come, in pieces of any size.
    mutating func append(_ bytes: ByteBuffer) {
        if buffer.readableBytes == 0 {
            buffer = bytes
        } else {
            buffer.discardReadBytes()
            buffer.writeImmutableBuffer(bytes)
        }
    }

    /// The next whole frame, or nothing until more bytes come.
    mutating func next() throws(ConnectionFailure) -> InboundFrame? {
        guard let length = buffer.getInteger(at: buffer.readerIndex, endianness: .little, as: UInt32.self) else {
            return nil
        }
        let count = Int(length)
        guard FrameFormat.validLengths.contains(count) else { throw .malformed(.frameLength) }
        let end = FrameFormat.lengthByteCount + count
        guard buffer.readableBytes >= end else { return nil }
        let plaintext: [UInt8]
        // A reference of its own, because one part of this value may not change while another is read.
        let received = buffer
        do {
            let bytes = received.readableBytesSpan
            plaintext = try opener.open(
                bytes.extracting(FrameFormat.lengthByteCount..<end),
                authenticating: bytes.extracting(0..<FrameFormat.lengthByteCount)
            )
        } catch {
            throw error == .exhausted ? .keysExhausted : .notAuthentic
        }
        buffer.moveReaderIndex(forwardBy: end)
        return try parse(plaintext)
    }

    private func parse(_ plaintext: [UInt8]) throws(ConnectionFailure) -> InboundFrame {
        guard plaintext.count >= FrameFormat.headerByteCount else { throw .malformed(.frameLength) }
        let code = plaintext[0]
        let flags = plaintext[1]
        let content = plaintext[FrameFormat.headerByteCount...]
        guard code != FrameFormat.keepalive else {
            guard flags == 0 else { throw .malformed(.flags) }
            guard content.isEmpty else { throw .malformed(.trailingBytes) }
            return .keepalive
        }
        guard let lane = Lane(rawValue: code) else { throw .malformed(.lane) }
        guard flags & ~FrameFormat.lastFragment == 0 else { throw .malformed(.flags) }
        let isLast = flags == FrameFormat.lastFragment
        guard isLast || !content.isEmpty else { throw .malformed(.emptyFragment) }
        return .fragment(lane, isLast: isLast, bytes: content)
    }
}
