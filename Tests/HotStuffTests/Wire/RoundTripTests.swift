import HotStuff
import Testing

@Suite("What is encoded comes back")
struct RoundTripTests {
    @Test("a value decodes to itself and encodes to the same bytes again", arguments: EncodedKind.all)
    func roundTrip(kind: EncodedKind) throws {
        for seed in UInt64(0)..<300 {
            var generator = SplitMix64(seed: seed)
            let fault = try kind.roundTripFault(&generator)
            try #require(fault == nil, "\(kind.name), seed \(seed): \(fault ?? "")")
        }
    }

    @Test("a message comes back from its frame", arguments: 0..<SplitMix64.messageKindCount)
    func frames(kind: Int) throws {
        for seed in UInt64(0)..<100 {
            var generator = SplitMix64(seed: seed)
            let message = generator.message(kind: kind)
            let frame = Frame.encode(message)
            try #require(frame == [1, 0] + message.encoded, "seed \(seed)")
            try #require(try Frame.decode(Message.self, from: frame) == message, "seed \(seed)")
        }
    }

    @Test("no claimed minimum is above the size of the smallest value")
    func smallestValues() throws {
        let nothing = VoteStatement(
            chain: .zero,
            epoch: .first,
            view: .genesis,
            block: .zero,
            height: .genesis,
            parentView: .genesis,
            commits: nil
        )
        let certificate = QuorumCertificate(statement: nothing, signatures: .empty)
        let header = BlockHeader(
            chain: .zero,
            epoch: .first,
            view: .genesis,
            height: .genesis,
            parent: .zero,
            justifyView: .genesis,
            proposer: ReplicaID(0),
            payloadDigest: .zero,
            executed: .genesis,
            time: Timestamp(0)
        )
        let block = Block(header: header, payload: .empty, justify: certificate)
        let key = CommandKey(session: .none, sequence: 0)

        #expect(nothing.encoded.count == VoteStatement.minimumEncodedSize)
        #expect(certificate.encoded.count == QuorumCertificate.minimumEncodedSize)
        #expect(
            CertificatePair(quorum: certificate, timeout: nil).encoded.count == CertificatePair.minimumEncodedSize
        )
        #expect(header.encoded.count == BlockHeader.minimumEncodedSize)
        #expect(block.encoded.count == Block.minimumEncodedSize)
        #expect(Payload.empty.encoded.count == Payload.minimumEncodedSize)
        #expect(Command(key: key, body: []).encoded.count == Command.minimumEncodedSize)
        #expect(
            CommandResult(key: key, command: .zero, height: .genesis, outcome: .unknownSession).encoded.count
                == CommandResult.minimumEncodedSize
        )
        #expect(Signature([]).encoded.count == Signature.minimumEncodedSize)
        #expect(SignatureSet.empty.encoded.count == SignatureSet.minimumEncodedSize)
        #expect(
            Validator(verificationKey: [], power: .zero).encoded.count == Validator.minimumEncodedSize
        )
        #expect(
            BlockRequest(target: .zero, at: .genesis, above: .genesis).encoded.count == BlockRequest.minimumEncodedSize
        )
        #expect(BlockResponse(target: .zero, blocks: []).encoded.count == BlockResponse.minimumEncodedSize)
        #expect(RangeRequest(above: .genesis, through: .genesis).encoded.count == RangeRequest.minimumEncodedSize)
        #expect(BlockRange(nothingAbove: .genesis).encoded.count == BlockRange.minimumEncodedSize)
        let name = SnapshotName(height: .genesis, root: .zero)
        #expect(name.encoded.count == SnapshotName.minimumEncodedSize)
        #expect(SnapshotRequest.offer(above: .genesis).encoded.count == SnapshotRequest.minimumEncodedSize)
        #expect(
            SnapshotOutline(name: name, digests: [], foundation: BlockRange(nothingAbove: .genesis)).encoded.count
                == SnapshotOutline.minimumEncodedSize
        )
        #expect(SnapshotChunk(name: name, index: 0, bytes: []).encoded.count == SnapshotChunk.minimumEncodedSize)
        #expect(
            SnapshotAnswer.nothing(.offer(above: .genesis)).encoded.count == SnapshotAnswer.minimumEncodedSize
        )
        let response = BlockResponse(target: .zero, blocks: [block, block])
        #expect(try BlockResponse(decoding: response.encoded) == response, "the smallest blocks fit into a response")
    }

    @Test("texts, options and Booleans come back")
    func primitives() throws {
        var encoder = BorshEncoder()
        encoder.appendText("Grüße, 世界")
        encoder.appendOptional(View?.none)
        encoder.appendOptional(View(7))
        encoder.append(true)
        encoder.append(false)
        encoder.append(UInt8(9))
        encoder.appendRaw([1, 2])
        var decoder = BorshDecoder(encoder.bytes)
        #expect(try decoder.readText(maximum: 20) == "Grüße, 世界")
        #expect(try decoder.readOptional(View.self) == nil)
        #expect(try decoder.readOptional(View.self) == View(7))
        #expect(try decoder.readBool())
        #expect(try decoder.readBool() == false)
        #expect(try decoder.readUInt8() == 9)
        #expect(try decoder.readRaw(count: 2) == [1, 2])
        #expect(decoder.consumed == encoder.bytes.count)
        #expect(decoder.remaining == 0)
        try decoder.finish()
    }

    @Test("a decoder over a slice reads the slice from its start")
    func slices() throws {
        let bytes: [UInt8] = [9, 9, 1, 0, 9]
        var decoder = BorshDecoder(bytes[2..<4])
        #expect(try decoder.readUInt16() == 1)
        try decoder.finish()
    }
}
