/// A request of a client to the replicated state machine.
///
/// Its body may lie in memory that it shares with other commands: those of a block lie in the block's encoding.
public struct Command: Sendable {
    /// The session and the number under which it is executed once.
    public let key: CommandKey
    /// What holds the body, beside other things.
    private let memory: [UInt8]
    private let start: UInt32
    private let byteCount: UInt32

    /// What the state machine is asked to do, in the state machine's own encoding; empty for an opening command.
    ///
    /// O(length), for it is copied out of the memory that it shares; `bodyDecoder` reads it where it is.
    public var body: [UInt8] {
        bodyByteCount == memory.count ? memory : Array(memory[bodyRange])
    }

    /// The number of bytes of the body.
    public var bodyByteCount: Int { Int(byteCount) }

    /// Reads the body where it is.
    public var bodyDecoder: BorshDecoder { BorshDecoder(memory, bodyRange) }

    private var bodyRange: Range<Int> { Int(start)..<Int(start) + Int(byteCount) }

    /// Creates a command.
    public init(key: CommandKey, body: [UInt8]) {
        self.key = key
        memory = body
        start = 0
        byteCount = UInt32(body.count)
    }

    /// A command whose body lies in some memory.
    private init(key: CommandKey, memory: [UInt8], body: Range<Int>) {
        self.key = key
        self.memory = memory
        start = UInt32(body.lowerBound)
        byteCount = UInt32(body.count)
    }

    /// Creates the command that opens a session.
    ///
    /// - Parameter nonce: a random number by which the sender knows the reply.
    /// - Returns: a command without a body.
    public static func openSession(nonce: UInt64) -> Command {
        Command(key: CommandKey(session: .none, sequence: nonce), body: [])
    }

    /// The bytes that are read at most for one body; a chain's own limit may be lower.
    public static let maximumBodyByteCount = 4 << 20

    /// The name of this command with all its bytes, by which a client knows that its own was executed.
    public var digest: Digest { Domain.command.digest(of: self) }

    /// The number of bytes of its encoding.
    public var encodedSize: Int { Command.minimumEncodedSize + bodyByteCount }
}

extension Command: Hashable {
    /// Whether keys and bodies are the same.
    public static func == (left: Command, right: Command) -> Bool {
        left.key == right.key && left.memory[left.bodyRange] == right.memory[right.bodyRange]
    }

    /// Feeds key and body.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(key)
        hasher.combine(memory[bodyRange])
    }
}

extension Command: BorshCodable {
    /// The key and a length.
    public static var minimumEncodedSize: Int { 24 }

    /// Appends key and body.
    public func encode(into encoder: inout BorshEncoder) {
        encoder.append(key)
        encoder.appendBytes(memory[bodyRange])
    }

    /// Reads key and body, into memory of its own.
    public init(from decoder: inout BorshDecoder) throws(DecodingError) {
        self.init(key: try decoder.read(), body: try decoder.readBytes(maximum: Command.maximumBodyByteCount))
    }

    /// Reads past a command and says where its body is.
    private static func skip(_ decoder: inout BorshDecoder) throws(DecodingError) -> (key: CommandKey, body: Range<Int>)
    {
        (try decoder.read(), try decoder.skipBytes(maximum: maximumBodyByteCount))
    }
}

extension Command {
    /// So many bytes of encodings share memory where commands may part: one that stays holds no more than that for its sake.
    private static let sharedByteCount = 4 << 10

    /// Reads a list of commands, several of which share memory.
    ///
    /// - Parameters:
    ///   - decoder: stands before the list.
    ///   - maximum: the most commands.
    /// - Returns: the commands.
    /// - Throws: what is wrong with the encoding.
    static func readList(from decoder: inout BorshDecoder, maximum: Int) throws(DecodingError) -> [Command] {
        let count = try decoder.readCount(maximum: maximum, elementSize: minimumEncodedSize)
        var commands: [Command] = []
        // The count was compared with the bytes that are left.
        commands.reserveCapacity(count)
        while commands.count < count {
            let begin = decoder.consumed
            var together = 0
            while commands.count + together < count {
                var next = decoder
                _ = try skip(&next)
                guard together == 0 || next.consumed - begin <= sharedByteCount else { break }
                decoder = next
                together += 1
            }
            var shared = BorshDecoder(decoder.bytes(from: begin))
            for _ in 0..<together { commands.append(try Command(sharing: &shared)) }
        }
        return commands
    }

    /// Reads the list of a block's commands, which share memory with its encoding.
    ///
    /// - Parameter decoder: stands before the list.
    /// - Returns: the commands and their encoding.
    /// - Throws: what is wrong with the encoding.
    static func readPayload(
        from decoder: inout BorshDecoder
    ) throws(DecodingError) -> (commands: [Command], encoding: [UInt8]) {
        let begin = decoder.consumed
        let count = try decoder.readCount(maximum: Payload.maximumCommandCount, elementSize: minimumEncodedSize)
        for _ in 0..<count { _ = try skip(&decoder) }
        let encoding = decoder.bytes(from: begin)
        var shared = BorshDecoder(encoding)
        _ = try shared.readUInt32()
        var commands: [Command] = []
        commands.reserveCapacity(count)
        for _ in 0..<count { commands.append(try Command(sharing: &shared)) }
        return (commands, encoding)
    }

    /// The same commands, with their bodies in an encoding of their list.
    static func sharing(_ commands: [Command], encoding: [UInt8]) -> [Command] {
        var position = Payload.minimumEncodedSize
        return commands.map { command in
            position += command.encodedSize
            return Command(key: command.key, memory: encoding, body: position - command.bodyByteCount..<position)
        }
    }

    /// Reads a command that goes on to hold what the decoder reads.
    private init(sharing decoder: inout BorshDecoder) throws(DecodingError) {
        let (key, body) = try Self.skip(&decoder)
        self.init(key: key, memory: decoder.source, body: body)
    }
}
