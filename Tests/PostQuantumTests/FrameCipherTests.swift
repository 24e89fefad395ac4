import Testing

@testable import PostQuantum

@Suite("Frame cipher")
struct FrameCipherTests {
    private let key = SecretBytes.random(count: 32)

    private func seal(_ plaintext: [UInt8], header: [UInt8], with sealer: inout FrameSealer) throws -> [UInt8] {
        try sealer.seal(plaintext, authenticating: header)
    }

    private func open(_ frame: [UInt8], header: [UInt8], with opener: inout FrameOpener) throws -> [UInt8] {
        try opener.open(frame, authenticating: header)
    }

    @Test("frames open in order, with 16 bytes of overhead", arguments: [0, 1, 16, 1_000, 65_536])
    func roundTrip(count: Int) throws {
        var sealer = try FrameSealer(key: key)
        var opener = try FrameOpener(key: key)
        for number in UInt8(0)..<3 {
            let plaintext = [UInt8](repeating: number, count: count)
            let frame = try seal(plaintext, header: [number], with: &sealer)
            #expect(frame.count == count + FrameCipher.overhead)
            #expect(try open(frame, header: [number], with: &opener) == plaintext)
        }
    }

    @Test("frames are sealed and opened behind what the output already holds")
    func spans() throws {
        var sealer = try FrameSealer(key: key)
        var opener = try FrameOpener(key: key)
        let plaintext: [UInt8] = [5, 6, 7]
        let header: [UInt8] = [1]
        let frames = [UInt8](unsafeUninitializedCapacity: 64) { memory, count in
            var output = OutputRawSpan(buffer: UnsafeMutableRawBufferPointer(memory), initializedCount: 0)
            output.append(9, as: UInt8.self)
            for _ in 0..<2 {
                try? sealer.seal(plaintext.span.bytes, authenticating: header.span.bytes, into: &output)
            }
            count = output.byteCount
        }
        #expect(frames.count == 1 + 2 * 19)
        #expect(frames.first == 9)
        #expect(try open(Array(frames[1..<20]), header: header, with: &opener) == plaintext)
        #expect(try open(Array(frames[20...]), header: header, with: &opener) == plaintext)
    }

    @Test("the same plaintext never looks the same")
    func noncesDiffer() throws {
        var sealer = try FrameSealer(key: key)
        let first = try seal([1, 2, 3], header: [], with: &sealer)
        let second = try seal([1, 2, 3], header: [], with: &sealer)
        #expect(first != second)
    }

    @Test("a replayed frame is refused")
    func replay() throws {
        var sealer = try FrameSealer(key: key)
        var opener = try FrameOpener(key: key)
        let frame = try seal([1], header: [], with: &sealer)
        #expect(try open(frame, header: [], with: &opener) == [1])
        #expect(throws: FrameCipherError.notAuthentic) { try open(frame, header: [], with: &opener) }
    }

    @Test("a frame that overtakes another is refused")
    func reorder() throws {
        var sealer = try FrameSealer(key: key)
        var opener = try FrameOpener(key: key)
        _ = try seal([1], header: [], with: &sealer)
        let second = try seal([2], header: [], with: &sealer)
        #expect(throws: FrameCipherError.notAuthentic) { try open(second, header: [], with: &opener) }
    }

    @Test("a frame with any bit flipped is refused")
    func tamper() throws {
        var sealer = try FrameSealer(key: key)
        var opener = try FrameOpener(key: key)
        let frame = try seal(Array(0..<40), header: [9], with: &sealer)
        for position in frame.indices {
            var altered = frame
            altered[position] ^= 1 << UInt8(position % 8)
            #expect(throws: FrameCipherError.notAuthentic) { try open(altered, header: [9], with: &opener) }
        }
        #expect(throws: FrameCipherError.notAuthentic) { try open(frame, header: [8], with: &opener) }
        #expect(throws: FrameCipherError.notAuthentic) { try open(frame, header: [], with: &opener) }
        #expect(try open(frame, header: [9], with: &opener) == Array(0..<40))
    }

    @Test("a truncated or extended frame is refused")
    func truncation() throws {
        var sealer = try FrameSealer(key: key)
        var opener = try FrameOpener(key: key)
        let frame = try seal(Array(0..<40), header: [], with: &sealer)
        for count in 0..<frame.count {
            let expected: FrameCipherError = count < FrameCipher.overhead ? .truncated : .notAuthentic
            #expect(throws: expected) { try open(Array(frame[..<count]), header: [], with: &opener) }
        }
        #expect(throws: FrameCipherError.notAuthentic) { try open(frame + [0], header: [], with: &opener) }
    }

    @Test("another key opens nothing")
    func otherKey() throws {
        var sealer = try FrameSealer(key: key)
        var opener = try FrameOpener(key: .random(count: 32))
        let frame = try seal([1], header: [], with: &sealer)
        #expect(throws: FrameCipherError.notAuthentic) { try open(frame, header: [], with: &opener) }
    }

    @Test("a key seals and opens 2^32 frames and no more")
    func exhaustion() throws {
        let last = FrameCipher.maximumFrameCount - 1
        var sealer = try FrameSealer(key: key, counter: last)
        var opener = try FrameOpener(key: key, counter: last)
        let frame = try seal([1], header: [], with: &sealer)
        #expect(try open(frame, header: [], with: &opener) == [1])
        #expect(throws: FrameCipherError.exhausted) { try seal([1], header: [], with: &sealer) }
        #expect(throws: FrameCipherError.exhausted) { try open(frame, header: [], with: &opener) }
    }

    @Test("a key of another length is an error", arguments: [1, 16, 31, 33])
    func keyLength(count: Int) {
        #expect(throws: KeyError.wrongLength(count, expected: 32)) { try FrameSealer(key: .random(count: count)) }
        #expect(throws: KeyError.wrongLength(count, expected: 32)) { try FrameOpener(key: .random(count: count)) }
    }
}
