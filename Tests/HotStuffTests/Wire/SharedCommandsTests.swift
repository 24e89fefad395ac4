import HotStuff
import Testing

@Suite("Commands that share memory")
struct SharedCommandsTests {
    private static func commands(_ random: inout SplitMix64) -> [Command] {
        (0..<random.below(300)).map { number in
            let size = random.chance(oneIn: 20) ? random.below(20_000) : random.below(60)
            return command(session(3), UInt64(number), (0..<size).map { _ in UInt8(random.below(256)) })
        }
    }

    @Test(
        "are what they were before they were sent, in a request, a relay and a block",
        arguments: 0..<10 as Range<UInt64>
    )
    func roundTrips(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let commands = Self.commands(&random)
        guard case .submit(let submitted) = try ClientRequest(decoding: ClientRequest.submit(commands).encoded),
            case .commands(let relayed) = try Message(decoding: Message.commands(commands).encoded)
        else {
            Issue.record("another message")
            return
        }
        let made = Payload(commands)
        let read = try Payload(decoding: made.encoded)
        for others in [submitted, relayed, made.commands, read.commands] {
            #expect(others == commands && others.map(\.hashValue) == commands.map(\.hashValue))
            #expect(others.map(\.body) == commands.map(\.body) && others.map(\.digest) == commands.map(\.digest))
            #expect(others.map(\.encoded) == commands.map(\.encoded))
        }
        #expect(made == read && made.digest == read.digest)
        // One that comes out of a block goes into another.
        #expect(Payload(read.commands.reversed()).commands == commands.reversed())
    }

    @Test("a body is read where it is, and not beyond its end")
    func decoder() throws {
        let commands = try Payload(
            decoding: Payload([command(session(1), 1, [1, 2, 3]), command(session(1), 2, [4])]).encoded
        )
        .commands
        var decoder = commands[0].bodyDecoder
        #expect(decoder.remaining == 3)
        #expect(try decoder.readUInt16() == 0x0201)
        #expect(decoder.consumed == 2)
        let rest = decoder
        #expect(throws: DecodingError.truncated) {
            var decoder = rest
            return try decoder.readUInt16()
        }
        #expect(commands[0] != commands[1] && commands[1] == command(session(1), 2, [4]))
    }
}
