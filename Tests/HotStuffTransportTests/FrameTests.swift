import NIOCore
import Testing

@testable import HotStuffTransport
@testable import PostQuantum

@Suite("Frames")
struct FrameTests {
    private let key = SecretBytes.random(count: 32)

    private func makeWriter() throws -> FrameWriter {
        FrameWriter(sealer: try FrameSealer(key: key))
    }

    private func makeReader() throws -> FrameReader {
        FrameReader(opener: try FrameOpener(key: key))
    }

    private func fragment(_ bytes: [UInt8], lane: Lane = .sync) -> Fragment {
        Fragment(lane: lane, message: bytes, range: 0..<bytes.count)
    }

    /// Seals a frame whose inside no writer of ours would make.
    private func rawFrame(_ inside: [UInt8]) throws -> ByteBuffer {
        var sealer = try FrameSealer(key: key)
        let count = UInt32(inside.count + FrameCipher.overhead)
        let header = withUnsafeBytes(of: count.littleEndian) { Array($0) }
        return ByteBuffer(bytes: header + (try sealer.seal(inside, authenticating: header)))
    }

    @Test("frames come out as they went in, in pieces of any size", arguments: [1, 7, 1_000, 70_000])
    func pieces(size: Int) throws {
        var writer = try makeWriter()
        var buffer = ByteBuffer()
        let messages: [[UInt8]] = [[], [1, 2, 3], [UInt8](repeating: 5, count: 1 << 16), Array(0..<200)]
        for message in messages {
            try writer.write(fragment(message), into: &buffer)
        }
        try writer.writeKeepalive(into: &buffer)
        #expect(buffer.readableBytes == messages.reduce(22) { $0 + $1.count + FrameFormat.overhead })
        var reader = try makeReader()
        var frames: [InboundFrame] = []
        while let piece = buffer.readSlice(length: min(size, buffer.readableBytes)), piece.readableBytes > 0 {
            reader.append(piece)
            while let frame = try reader.next() {
                frames.append(frame)
            }
        }
        #expect(frames == messages.map { .fragment(.sync, isLast: true, bytes: $0[...]) } + [.keepalive])
    }

    @Test("a length that no frame has is refused before its bytes come", arguments: [0, 1, 17, 65_555, 0xFFFF_FFFF])
    func lengths(length: UInt32) throws {
        var reader = try makeReader()
        var buffer = ByteBuffer()
        buffer.writeInteger(length, endianness: .little)
        reader.append(buffer)
        #expect(throws: ConnectionFailure.malformed(.frameLength)) { try reader.next() }
    }

    @Test("the longest frame is the one with 64 KiB of content")
    func longest() throws {
        #expect(FrameFormat.validLengths == 18...65_554)
    }

    @Test("a frame with any byte changed is refused")
    func tampering() throws {
        var writer = try makeWriter()
        var sealed = ByteBuffer()
        try writer.write(fragment([1, 2, 3]), into: &sealed)
        let bytes = Array(sealed.readableBytesView)
        for position in bytes.indices {
            var altered = bytes
            altered[position] ^= 2
            var reader = try makeReader()
            reader.append(ByteBuffer(bytes: altered + [UInt8](repeating: 0, count: 1 << 17)))
            #expect(throws: ConnectionFailure.self, "byte \(position)") { try reader.next() }
        }
    }

    @Test("replayed, reordered and lost frames are refused")
    func order() throws {
        var writer = try makeWriter()
        var frames: [ByteBuffer] = []
        for number in UInt8(0)..<3 {
            var buffer = ByteBuffer()
            try writer.write(fragment([number]), into: &buffer)
            frames.append(buffer)
        }
        for (sequence, good) in [([0, 0], 1), ([1], 0), ([0, 2], 1), ([0, 1, 1], 2)] {
            var reader = try makeReader()
            for (place, index) in sequence.enumerated() {
                reader.append(frames[index])
                if place < good {
                    let frame = try reader.next()
                    #expect(frame != nil)
                } else {
                    #expect(throws: ConnectionFailure.notAuthentic) { try reader.next() }
                }
            }
        }
    }

    @Test("a key that has sealed or opened its last frame ends the connection")
    func exhaustion() throws {
        let end = FrameCipher.maximumFrameCount
        var writer = FrameWriter(sealer: try FrameSealer(key: key, counter: end - 1))
        var buffer = ByteBuffer()
        try writer.writeKeepalive(into: &buffer)
        #expect(throws: ConnectionFailure.keysExhausted) { try writer.writeKeepalive(into: &buffer) }
        var reader = FrameReader(opener: try FrameOpener(key: key, counter: end))
        reader.append(buffer)
        #expect(throws: ConnectionFailure.keysExhausted) { try reader.next() }
    }

    @Test("authentic frames that break the format are refused")
    func format() throws {
        for (inside, expected) in [
            ([3, 1], .malformed(.lane)), ([0xFE, 1, 2], .malformed(.lane)), ([0, 2, 1], .malformed(.flags)),
            ([0, 0], .malformed(.emptyFragment)), ([0xFF, 1], .malformed(.flags)),
            ([0xFF, 0, 1], .malformed(.trailingBytes)), ([0], .malformed(.frameLength)), ([], .malformed(.frameLength)),
        ] as [([UInt8], ConnectionFailure)] {
            var reader = try makeReader()
            reader.append(try rawFrame(inside))
            #expect(throws: expected) { try reader.next() }
        }
    }
}

@Suite("Fragments")
struct FragmentTests {
    private func add(
        _ bytes: [UInt8],
        isLast: Bool,
        lane: Lane,
        to assembler: inout FragmentAssembler
    ) throws(ConnectionFailure) -> InboundMessage? {
        try assembler.add(bytes[...], isLast: isLast, lane: lane)
    }

    @Test("fragments of different lanes interleave and join, each lane in its order")
    func interleaving() throws {
        var assembler = FragmentAssembler { _ in 100 }
        #expect(try add([1, 2], isLast: false, lane: .sync, to: &assembler) == nil)
        #expect(
            try add([9], isLast: true, lane: .consensus, to: &assembler) == InboundMessage(lane: .consensus, bytes: [9])
        )
        #expect(try add([7], isLast: false, lane: .commands, to: &assembler) == nil)
        #expect(try add([3], isLast: false, lane: .sync, to: &assembler) == nil)
        #expect(
            try add([8], isLast: true, lane: .commands, to: &assembler)
                == InboundMessage(lane: .commands, bytes: [7, 8])
        )
        #expect(
            try add([4], isLast: true, lane: .sync, to: &assembler) == InboundMessage(lane: .sync, bytes: [1, 2, 3, 4])
        )
        #expect(try add([], isLast: true, lane: .sync, to: &assembler) == InboundMessage(lane: .sync, bytes: []))
    }

    @Test("a message may be as long as its lane allows and not a byte longer")
    func maximum() throws {
        var assembler = FragmentAssembler { $0 == .sync ? 4 : 100 }
        #expect(try add([1, 2], isLast: false, lane: .sync, to: &assembler) == nil)
        #expect(try add([3, 4], isLast: true, lane: .sync, to: &assembler)?.bytes == [1, 2, 3, 4])
        #expect(try add([1, 2, 3], isLast: false, lane: .sync, to: &assembler) == nil)
        #expect(throws: ConnectionFailure.messageTooLarge(.sync, maximum: 4)) {
            try add([4, 5], isLast: false, lane: .sync, to: &assembler)
        }
        #expect(try add([UInt8](repeating: 0, count: 100), isLast: true, lane: .commands, to: &assembler) != nil)
    }

    @Test("a lane without a limit is closed")
    func closedLane() {
        var assembler = FragmentAssembler { $0 == .consensus ? nil : 100 }
        #expect(throws: ConnectionFailure.laneNotAllowed(.consensus)) {
            try add([1], isLast: true, lane: .consensus, to: &assembler)
        }
    }
}
