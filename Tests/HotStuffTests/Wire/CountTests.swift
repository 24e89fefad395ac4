import HotStuff
import Testing

@Suite("Counts from the wire")
struct CountTests {
    /// A list or byte string with the most elements that it may hold and the fewest bytes of one.
    struct Counted: Sendable, CustomTestStringConvertible {
        let name: String
        /// What comes before the count.
        let prefix: [UInt8]
        let maximum: Int
        /// Reads with the decoder from the start.
        let read: @Sendable (inout BorshDecoder) throws(DecodingError) -> Void

        var testDescription: String { name }

        init<Value: BorshDecodable & Sendable>(
            _ name: String,
            in type: Value.Type,
            after prefix: [UInt8] = [],
            maximum: Int
        ) {
            self.name = name
            self.prefix = prefix
            self.maximum = maximum
            read = { decoder throws(DecodingError) in _ = try decoder.read(Value.self) }
        }

        static let all: [Counted] = [
            Counted("signature", in: Signature.self, maximum: 4_627),
            Counted("bitmap", in: SignatureSet.self, maximum: 128),
            Counted("signatures", in: SignatureSet.self, after: [1, 0, 0, 0, 1], maximum: 1_024),
            Counted("command body", in: Command.self, after: zeros(20), maximum: 4 << 20),
            Counted("payload", in: Payload.self, maximum: 65_536),
            Counted(
                "certified views",
                in: TimeoutCertificate.self,
                after: zeros(48) + SignatureSet.empty.encoded,
                maximum: 1_024
            ),
            Counted("verification key", in: Validator.self, maximum: 2_592),
            Counted("validators", in: ValidatorSet.self, maximum: 1_024),
            Counted("blocks", in: BlockResponse.self, after: zeros(32), maximum: 64),
            Counted("blocks of a range", in: BlockRange.self, after: zeros(8), maximum: 1_536),
            Counted("digests of an outline", in: SnapshotOutline.self, after: zeros(40), maximum: 1 << 18),
            Counted("bytes of a chunk", in: SnapshotChunk.self, after: zeros(44), maximum: 1 << 20),
            Counted("steps of a proof", in: StateProof.self, after: zeros(72), maximum: 4_096),
            Counted("commands", in: Message.self, after: [5], maximum: 65_536),
            Counted("blocks of a message", in: Message.self, after: [7] + zeros(32), maximum: 64),
            Counted("submitted commands", in: ClientRequest.self, after: [1], maximum: 65_536),
            Counted("results", in: ClientResponse.self, after: [1], maximum: 65_536),
            Counted("busy keys", in: ClientResponse.self, after: [2], maximum: 65_536),
            Counted("refused keys", in: ClientResponse.self, after: [3], maximum: 65_536),
            Counted("reply", in: CommandOutcome.self, after: [0], maximum: 1 << 20),
        ]

        private static func zeros(_ count: Int) -> [UInt8] { Array(repeating: 0, count: count) }
    }

    /// The error and how far the decoder came.
    private func attempt(_ counted: Counted, claiming count: UInt32, behind: Int) -> (DecodingError?, consumed: Int) {
        let bytes = counted.prefix + littleEndian(count) + Array(repeating: 0, count: behind)
        var decoder = BorshDecoder(bytes)
        let error = refusal(of: try counted.read(&decoder))
        return (error, decoder.consumed)
    }

    @Test("a claim above the limit is refused with the limit, and nothing behind it is read", arguments: Counted.all)
    func tooLong(counted: Counted) {
        for count in [UInt32(counted.maximum) + 1, 1 << 31, .max] {
            let (error, consumed) = attempt(counted, claiming: count, behind: 40)
            #expect(error == .tooLong(Int(count), maximum: counted.maximum))
            #expect(consumed == counted.prefix.count + 4)
        }
    }

    @Test("a claim that the rest of the bytes cannot hold is refused before an element is read", arguments: Counted.all)
    func claimsMoreThanThereIs(counted: Counted) {
        let (error, consumed) = attempt(counted, claiming: UInt32(counted.maximum), behind: counted.maximum - 1)
        #expect(error == .truncated)
        #expect(consumed == counted.prefix.count + 4)
    }

    @Test("a list claims no more than its elements' smallest sizes allow")
    func smallestSizes() {
        // 100 commands take 2,400 bytes at least, so 2,399 are refused at the count.
        var decoder = BorshDecoder(littleEndian(UInt32(100)) + Array(repeating: 0, count: 2_399))
        #expect(refusal(of: try decoder.read(Payload.self)) == .truncated)
        #expect(decoder.consumed == 4)
        let empty = littleEndian(UInt32(100)) + Array(repeating: 0, count: 2_400)
        #expect((try? Payload(decoding: empty))?.commands.count == 100)
    }

    @Test("a signature of the longest length is read, a longer one is refused")
    func signatures() {
        let longest = Signature(Array(repeating: 7, count: Signature.maximumByteCount))
        #expect((try? Signature(decoding: longest.encoded)) == longest)
        let longer = Signature(Array(repeating: 7, count: Signature.maximumByteCount + 1))
        #expect(
            refusal(of: Signature.self, longer.encoded)
                == .tooLong(Signature.maximumByteCount + 1, maximum: Signature.maximumByteCount)
        )
    }

    @Test("a body, a reply and a key of the longest length are read, longer ones are refused")
    func byteStrings() {
        let body = [UInt8](repeating: 1, count: Command.maximumBodyByteCount)
        let key = CommandKey(session: .none, sequence: 1)
        #expect((try? Command(decoding: Command(key: key, body: body).encoded))?.body == body)
        #expect(
            refusal(of: Command.self, Command(key: key, body: body + [1]).encoded)
                == .tooLong(body.count + 1, maximum: body.count)
        )

        let reply = [UInt8](repeating: 2, count: Reply.maximumByteCount)
        #expect((try? CommandOutcome(decoding: CommandOutcome.executed(reply).encoded)) == .executed(reply))
        #expect(
            refusal(of: CommandOutcome.self, CommandOutcome.executed(reply + [2]).encoded)
                == .tooLong(reply.count + 1, maximum: reply.count)
        )

        let verificationKey = [UInt8](repeating: 3, count: Validator.maximumKeyByteCount)
        let validator = Validator(verificationKey: verificationKey, power: VotingPower(1))
        #expect((try? Validator(decoding: validator.encoded)) == validator)
        let longer = Validator(verificationKey: verificationKey + [3], power: VotingPower(1))
        #expect(
            refusal(of: Validator.self, longer.encoded)
                == .tooLong(verificationKey.count + 1, maximum: verificationKey.count)
        )
    }
}
