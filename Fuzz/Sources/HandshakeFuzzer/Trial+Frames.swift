internal import FuzzKit
internal import HotStuff
@_spi(Fuzzing) internal import HotStuffTransport
internal import PostQuantum

extension Trial {
    /// What a message of a lane may have here; `sync` is closed.
    @Sendable
    private static func maximum(_ lane: Lane) -> Int? {
        switch lane {
        case .consensus: 70_000
        case .sync: nil
        case .commands: 100
        }
    }

    /// Sends frames whose content is the input's, some of them altered, to who has the same key.
    ///
    /// Exactly the messages that a plain reading of the format gives come out, up to the first frame that breaks a rule.
    static func frames(_ input: inout ByteReader) {
        let key = SecretBytes([UInt8](repeating: 7, count: 32))
        guard var sealer = try? FrameSealer(key: key),
            var connection = try? FuzzedConnection(key: key, maximumMessageByteCount: maximum)
        else { fail("32 bytes are no key") }
        var stream: [UInt8] = []
        var expected = ExpectedMessages(maximum: maximum)
        while !input.isEmpty {
            let plaintext = content(&input)
            guard var frame = sealed(plaintext, by: &sealer) else { fail("a frame cannot be sealed") }
            let sound = frame
            if input.byte() & 15 == 0 { Edits.apply(2, to: &frame, &input) }
            stream += frame
            // Bytes may have been put behind it.
            if frame.starts(with: sound) { expected.read(plaintext) }
            if frame != sound { expected.isCertain = false }
        }
        var received: [InboundMessage] = []
        var failure: ConnectionFailure?
        for piece in stream.pieces(&input) where failure == nil {
            let (messages, ended) = connection.receive(piece)
            received += messages
            failure = ended
        }
        require(received == expected.messages, "\(received.count) messages, not \(expected.messages.count)")
        if expected.isCertain {
            require((failure != nil) == expected.isBroken, "the connection ends with \(failure as Any)")
        }
    }

    /// Lane, flags and content of a frame, not all of them allowed.
    private static func content(_ input: inout ByteReader) -> [UInt8] {
        let choice = input.byte()
        let lane: UInt8 =
            switch choice & 7 {
            case 0: input.byte()
            case 1: 0xFF
            case 2: 1
            case 3, 4: 2
            default: 0
            }
        let flags = choice & 0x38 == 0 ? input.byte() : choice >> 3 & 1
        let count = choice >> 6 == 3 ? 65_536 - 8 + Int(input.byte() & 15) : Int(input.byte() & 63)
        let content = count < 64 ? input.bytes(count) : [UInt8](repeating: input.byte(), count: count)
        return choice & 0x3F == 0x3F ? Array(content.prefix(1)) : [lane, flags] + content
    }

    private static func sealed(_ plaintext: [UInt8], by sealer: inout FrameSealer) -> [UInt8]? {
        let count = UInt32(plaintext.count + FrameCipher.overhead)
        let header = (0..<4).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }
        guard let box = try? sealer.seal(plaintext, authenticating: header) else { return nil }
        return header + box
    }
}

/// What a connection must deliver, after a reading of the format in plain words.
private struct ExpectedMessages {
    let maximum: (Lane) -> Int?
    var messages: [InboundMessage] = []
    /// Whether a rule was broken: nothing comes behind it.
    private(set) var isBroken = false
    /// Whether every frame so far is as its sender sealed it; one that is not delivers nothing, and nothing comes behind it.
    var isCertain = true
    private var parts: [UInt8: [UInt8]] = [:]

    init(maximum: @escaping (Lane) -> Int?) {
        self.maximum = maximum
    }

    mutating func read(_ plaintext: [UInt8]) {
        guard !isBroken, isCertain else { return }
        isBroken = !accept(plaintext)
    }

    /// Whether the frame keeps to the rules.
    private mutating func accept(_ plaintext: [UInt8]) -> Bool {
        guard plaintext.count >= 2, plaintext.count <= 2 + 65_536 else { return false }
        let (code, flags, content) = (plaintext[0], plaintext[1], plaintext.dropFirst(2))
        if code == 0xFF { return flags == 0 && content.isEmpty }
        guard code <= 2, flags <= 1, flags == 1 || !content.isEmpty else { return false }
        guard let lane = Lane(rawValue: code), let maximum = maximum(lane) else { return false }
        let whole = parts[code, default: []] + content
        guard whole.count <= maximum else { return false }
        parts[code] = flags == 1 ? nil : whole
        if flags == 1 { messages.append(InboundMessage(lane: lane, bytes: whole)) }
        return true
    }
}
