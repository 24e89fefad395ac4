import HotStuff
import Testing

/// A value whose bytes lie in a golden file, erased so that one table holds all of them.
struct GoldenCase: Sendable, CustomTestStringConvertible {
    let name: String
    /// The domain of the value's digest; none for what is never hashed behind a tag.
    let domain: Domain?
    let encoding: @Sendable () throws -> [UInt8]
    /// The digest as the type itself computes it.
    let digest: @Sendable () throws -> Digest
    /// Whether some bytes decode to the value; none for a type that is never read.
    let isDecoded: (@Sendable ([UInt8]) throws -> Bool)?

    var testDescription: String { name }

    /// A value without a digest of its own: the golden digest is the plain hash of its bytes.
    init<Value: BorshCodable & Equatable & Sendable>(_ name: String, _ value: Value) {
        self.init(name, nil, value) { Digest.hash(of: $0.encoded) }
    }

    init<Value: BorshCodable & Equatable & Sendable>(
        _ name: String,
        _ domain: Domain?,
        _ value: Value,
        digest: @escaping @Sendable (Value) -> Digest
    ) {
        self.name = name
        self.domain = domain
        encoding = { value.encoded }
        self.digest = { digest(value) }
        isDecoded = { try Value(decoding: $0) == value }
    }

    /// The genesis document, which is hashed but never read.
    private init(genesis name: String) {
        self.name = name
        domain = .genesis
        encoding = { try GoldenValues.genesis().encoded }
        digest = { try GoldenValues.genesis().chain }
        isDecoded = nil
    }

    static let all: [GoldenCase] = statements + messages + client

    private static let statements = [
        GoldenCase("block-header", .blockHeader, GoldenValues.header) { $0.id },
        GoldenCase("vote-statement", .vote, GoldenValues.voteStatement) { $0.digest },
        GoldenCase("vote-statement-committing-nothing", .vote, GoldenValues.barrenVoteStatement) { $0.digest },
        GoldenCase("timeout-statement", .timeout, GoldenValues.timeoutStatement) { $0.digest },
        GoldenCase("proposal-statement", .proposal, GoldenValues.proposalStatement) { $0.digest },
        GoldenCase("command", .command, GoldenValues.command) { $0.digest },
        GoldenCase("payload", .payload, GoldenValues.payload) { $0.digest },
        GoldenCase(genesis: "genesis"),
    ]

    private static let messages = [
        GoldenCase(
            "message-proposal",
            Message.proposal(
                Proposal(block: GoldenValues.block, timeoutCertificate: nil, signature: GoldenValues.signature)
            )
        ),
        GoldenCase(
            "message-proposal-after-timeout",
            Message.proposal(
                Proposal(
                    block: GoldenValues.block,
                    timeoutCertificate: GoldenValues.timeoutCertificate,
                    signature: GoldenValues.signature
                )
            )
        ),
        GoldenCase(
            "message-brief-proposal",
            Message.briefProposal(
                BriefProposal(
                    header: GoldenValues.block.header,
                    payload: GoldenValues.block.payload,
                    signature: GoldenValues.signature
                )
            )
        ),
        GoldenCase("message-vote", Message.vote(GoldenValues.vote)),
        GoldenCase("message-timeout", Message.timeout(GoldenValues.timeout)),
        GoldenCase(
            "message-certificates",
            Message.certificates(CertificatePair(quorum: GoldenValues.quorumCertificate, timeout: nil))
        ),
        GoldenCase("message-commands", Message.commands([GoldenValues.command, GoldenValues.opening])),
        GoldenCase(
            "message-block-request",
            Message.blockRequest(
                BlockRequest(target: GoldenValues.digest(from: 0x30), at: Height(0x0102), above: Height(64))
            )
        ),
        GoldenCase(
            "message-block-response",
            Message.blockResponse(
                BlockResponse(target: GoldenValues.digest(from: 0x30), blocks: [GoldenValues.block])
            )
        ),
        GoldenCase(
            "message-range-request",
            Message.rangeRequest(RangeRequest(above: Height(0x0102), through: Height(0x0304)))
        ),
        GoldenCase(
            "message-block-range",
            Message.blockRange(
                BlockRange(
                    above: Height(0x0102),
                    blocks: [GoldenValues.block],
                    certificate: GoldenValues.quorumCertificate
                )
            )
        ),
        GoldenCase("message-snapshot-request-offer", Message.snapshotRequest(.offer(above: Height(0x0102)))),
        GoldenCase("message-snapshot-request-outline", Message.snapshotRequest(.outline(GoldenValues.snapshotName))),
        GoldenCase(
            "message-snapshot-request-chunk",
            Message.snapshotRequest(.chunk(GoldenValues.snapshotName, 0x0102_0304))
        ),
        GoldenCase("message-snapshot-offer", Message.snapshotAnswer(.offer(GoldenValues.snapshotOffer))),
        GoldenCase("message-snapshot-outline", Message.snapshotAnswer(.outline(GoldenValues.snapshotOutline))),
        GoldenCase("message-snapshot-chunk", Message.snapshotAnswer(.chunk(GoldenValues.snapshotChunk))),
        GoldenCase("message-snapshot-nothing", Message.snapshotAnswer(.nothing(.offer(above: Height(0x0102))))),
        GoldenCase("message-echo", Message.echo(Echo(vote: GoldenValues.vote, timeout: GoldenValues.timeout))),
        GoldenCase("message-plea", Message.plea(View(0x0102_0304))),
    ]

    private static let client = [
        GoldenCase("client-request-submit", ClientRequest.submit([GoldenValues.opening])),
        GoldenCase("client-request-status", ClientRequest.status),
        GoldenCase("client-response-results", ClientResponse.results(GoldenValues.results)),
        GoldenCase("client-response-busy", ClientResponse.busy([GoldenValues.key])),
        GoldenCase("client-response-refused", ClientResponse.refused([GoldenValues.key, GoldenValues.opening.key])),
        GoldenCase("client-response-status", ClientResponse.status(GoldenValues.status)),
    ]
}

@Suite("Golden bytes")
struct GoldenTests {
    @Test("a value has the bytes and the digest that it always had", arguments: GoldenCase.all)
    func golden(golden: GoldenCase) throws {
        let file = try GoldenFile(named: golden.name)
        #expect(Hexadecimal.encode(try golden.encoding()) == Hexadecimal.encode(file.encoding))
        if let isDecoded = golden.isDecoded { #expect(try isDecoded(file.encoding)) }
        #expect(try golden.digest() == file.digest)
        #expect(file.domain == golden.domain?.rawValue ?? "none")
        let tag = golden.domain.map { Array($0.rawValue.utf8) } ?? []
        #expect(Digest.hash(of: tag + file.encoding) == file.digest, "the digest is the hash of tag and bytes")
    }

    @Test("every golden file has its value")
    func noStrayFiles() throws {
        #expect(try GoldenFile.names() == GoldenCase.all.map(\.name).sorted())
    }

    @Test("a frame is two bytes of version and the message")
    func frame() throws {
        let file = try GoldenFile(named: "message-vote")
        #expect(Frame.encode(Message.vote(GoldenValues.vote)) == [1, 0] + file.encoding)
    }

    private func run(from first: UInt8) -> [UInt8] { (0..<32).map { first + $0 } }

    @Test("the header's bytes are its fields, one after the other")
    func headerByHand() throws {
        var bytes: [UInt8] = [1, 0]  // version
        bytes += run(from: 0x10)  // chain
        bytes += [2, 0, 0, 0, 0, 0, 0, 0]  // epoch
        bytes += [8, 7, 6, 5, 4, 3, 2, 1]  // view
        bytes += [99, 0, 0, 0, 0, 0, 0, 0]  // height
        bytes += run(from: 0x30)  // parent
        bytes += [7, 0, 0, 0, 0, 0, 0, 0]  // justify view
        bytes += [3, 0]  // proposer
        bytes += run(from: 0x50)  // payload digest
        bytes += run(from: 0x70)  // next validator set
        bytes += [98, 0, 0, 0, 0, 0, 0, 0]  // executed height
        bytes += run(from: 0x90)  // executed digest
        bytes += [0x00, 0x68, 0xe5, 0xcf, 0x8b, 0x01, 0, 0]  // time, 1,700,000,000,000
        bytes += [16]  // difficulty
        bytes += [0x11, 0x10, 0x0f, 0x0e, 0x0d, 0x0c, 0x0b, 0x0a]  // nonce
        #expect(bytes.count == 221)
        #expect(GoldenValues.header.encoded == bytes)
        #expect(try GoldenFile(named: "block-header").encoding == bytes)
        #expect(GoldenValues.header.id == Digest.hash(of: Array("hotstuff/block/1".utf8) + bytes))
    }

    @Test("the vote statement's bytes are its fields, one after the other")
    func voteStatementByHand() throws {
        var bytes = run(from: 0x10)  // chain
        bytes += [2, 0, 0, 0, 0, 0, 0, 0]  // epoch
        bytes += [8, 7, 6, 5, 4, 3, 2, 1]  // view
        bytes += run(from: 0xb0)  // block
        bytes += [99, 0, 0, 0, 0, 0, 0, 0]  // height
        bytes += [7, 0, 0, 0, 0, 0, 0, 0]  // parent view
        bytes += [1] + run(from: 0xd0)  // commits
        #expect(GoldenValues.voteStatement.encoded == bytes)
        #expect(try GoldenFile(named: "vote-statement").encoding == bytes)
        #expect(GoldenValues.voteStatement.digest == Digest.hash(of: Array("hotstuff/vote_/1".utf8) + bytes))
    }

    @Test("the validator set is named by its domain and its validators")
    func validatorSet() throws {
        let bytes: [UInt8] = [2, 0, 0, 0, 2, 0, 0, 0, 0xf0, 0xf1] + littleEndian(UInt64(1)) + [1, 0, 0, 0, 0xf2]
        let set = try ValidatorSet(GoldenValues.validators)
        #expect(set.encoded == bytes + littleEndian(UInt64(300)))
        #expect(set.digest == Digest.hash(of: Array("hotstuff/valid/1".utf8) + set.encoded))
    }
}
