import HotStuff
import PostQuantum
import Testing

@testable import HotStuffTransport

@Suite("Handshake against hostile bytes")
struct HandshakeInputTests {
    private let fixture: HandshakeFixture

    init() throws {
        fixture = try HandshakeFixture(count: 2)
    }

    @Test("with any byte of any flight changed, the handshake does not complete", arguments: Flight.allCases)
    func everyByteCounts(flight: Flight) {
        let length = HandshakeRun(fixture.initiator(0, to: 1), fixture.responder(1)).flights[flight.rawValue].count
        let border = HandshakeRecord.headerByteCount + ServerHello.byteCount
        // Every byte of the fixed fields, the border between the records, and a sample of keys, ciphertexts and signatures.
        var positions = Set(0..<16).union(stride(from: 16, to: 60, by: 3)).union(border..<border + 6)
        positions.formUnion(stride(from: 60, to: length, by: 197))
        positions.formUnion([length - 17, length - 16, length - 1])
        for position in positions.sorted() where position < length {
            let run = HandshakeRun(fixture.initiator(0, to: 1), fixture.responder(1)) { current, bytes in
                if current == flight { bytes[position] ^= 1 << UInt8(position % 8) }
            }
            #expect(run.responder.session == nil, "byte \(position)")
            if flight != .initiatorProof {
                #expect(run.initiator.session == nil, "byte \(position)")
            }
        }
    }

    @Test("with any flight cut short, the handshake does not complete", arguments: Flight.allCases)
    func truncation(flight: Flight) {
        let length = HandshakeRun(fixture.initiator(0, to: 1), fixture.responder(1)).flights[flight.rawValue].count
        for kept in [0, 1, 2, 3, 4, length / 2, length - 1] {
            let run = HandshakeRun(fixture.initiator(0, to: 1), fixture.responder(1)) { current, bytes in
                if current == flight { bytes = Array(bytes[..<kept]) }
            }
            #expect(run.responder.session == nil, "\(kept) bytes")
            if flight != .initiatorProof {
                #expect(run.initiator.session == nil, "\(kept) bytes")
            }
        }
    }

    @Test("nothing may follow a flight", arguments: Flight.allCases)
    func trailingBytes(flight: Flight) {
        let run = HandshakeRun(fixture.initiator(0, to: 1), fixture.responder(1)) { current, bytes in
            if current == flight { bytes.append(4) }
        }
        #expect(run.responder.session == nil)
        switch flight {
        case .clientHello: #expect(run.responder.failure != nil)
        case .serverHelloAndProof: #expect(run.initiator.failure == .malformed(.trailingBytes))
        case .initiatorProof: #expect(run.responder.failure == .malformed(.trailingBytes))
        }
    }

    @Test("bytes inside a record behind its content are refused")
    func trailingBytesInside() throws {
        let body = try hello { _ in }.encoded
        var responder = fixture.responder(1)
        let longer = HandshakeRecord(kind: .clientHello, body: body + [0])
        #expect(responder.receive(longer.encoded).verdict.failure == .malformed(.trailingBytes))
        var other = fixture.responder(1)
        let shorter = HandshakeRecord(kind: .clientHello, body: Array(body.dropLast()))
        #expect(other.receive(shorter.encoded).verdict.failure == .malformed(.truncatedRecord))
    }

    @Test("a record that announces more than its kind has is refused at its header")
    func oversized() {
        var responder = fixture.responder(1)
        #expect(responder.receive([1, 0xFF, 0xFF]).verdict.failure == .malformed(.oversizedRecord))
        var initiator = fixture.initiator(0, to: 1)
        _ = initiator.start()
        let tooMuch = UInt16(ServerHello.byteCount + 1)
        let header = [2, UInt8(tooMuch & 0xFF), UInt8(tooMuch >> 8)]
        #expect(initiator.receive(header).verdict.failure == .malformed(.oversizedRecord))
    }

    @Test(
        "other protocols and noise are refused at once",
        arguments: ["GET / HTTP/1.1\r\n\r\n", "SSH-2.0-x\r\n", "\0\0"]
    )
    func otherProtocols(text: String) {
        var responder = fixture.responder(1)
        let step = responder.receive(Array(text.utf8))
        #expect(step.verdict.failure == .malformed(.unexpectedRecord))
        #expect(step.output.isEmpty)
    }

    @Test("random bytes never trap and never complete a handshake")
    func randomBytes() {
        var generator = SplitMix(state: 7)
        for _ in 0..<500 {
            var bytes = (0..<Int.random(in: 0...3_000, using: &generator)).map { _ in
                UInt8.random(in: .min ... .max, using: &generator)
            }
            let kinds: [UInt8] = [1, 2, 3, 4, 255]
            if let kind = kinds.randomElement(using: &generator), !bytes.isEmpty { bytes[0] = kind }
            var responder = fixture.responder(1)
            #expect(responder.receive(bytes).verdict.session == nil)
            var initiator = fixture.initiator(0, to: 1)
            _ = initiator.start()
            #expect(initiator.receive(bytes).verdict.session == nil)
        }
    }

    @Test("an initiator that offers no version of ours is refused and told so")
    func unsupportedVersion() throws {
        for versions in [[], [2], [0, 2, 3], [256]] as [[UInt16]] {
            var responder = fixture.responder(1)
            let offered = try hello { $0.versions = versions }
            let step = responder.receive(HandshakeRecord(kind: .clientHello, body: offered.encoded).encoded)
            #expect(step.verdict.failure == .unsupportedVersion)
            let code = Refusal.unsupportedVersion.rawValue
            #expect(step.output == HandshakeRecord(kind: .refusal, body: [code]).encoded)
        }
    }

    @Test("an initiator that also speaks newer versions is answered in ours")
    func versionList() throws {
        var responder = fixture.responder(1)
        let offered = try hello { $0.versions = [3, 2, 1] }
        let step = responder.receive(HandshakeRecord(kind: .clientHello, body: offered.encoded).encoded)
        #expect(step.isWaiting)
        #expect(!step.output.isEmpty)
    }

    @Test("an initiator that announces more versions than it may is refused, not read as if it announced fewer")
    func tooManyVersions() throws {
        let most = ClientHello.maximumVersionCount
        var body = try hello { $0.versions = [UInt16](repeating: 1, count: most) }.encoded
        var responder = fixture.responder(1)
        #expect(responder.receive(HandshakeRecord(kind: .clientHello, body: body).encoded).isWaiting)
        for count in [most + 1, 255] {
            body[ClientHello.magic.count] = UInt8(count)
            var other = fixture.responder(1)
            let step = other.receive(HandshakeRecord(kind: .clientHello, body: body).encoded)
            #expect(step.verdict.failure == .malformed(.oversizedRecord), "\(count) versions")
        }
    }

    @Test("an initiator that tells more of its chain than it may is refused")
    func tooLongProfile() throws {
        let most = ChainProfile.maximumCount
        let allowed = try hello { $0.profile = [UInt64](repeating: .max, count: most) }.encoded
        var responder = fixture.responder(1)
        #expect(responder.receive(HandshakeRecord(kind: .clientHello, body: allowed).encoded).isWaiting)
        var body = try hello { _ in }.encoded
        body[ClientHello.magic.count + 3 + Digest.byteCount] = UInt8(most + 1)
        var other = fixture.responder(1)
        let step = other.receive(HandshakeRecord(kind: .clientHello, body: body).encoded)
        #expect(step.verdict.failure == .malformed(.oversizedRecord))
    }

    @Test("an answer in a version that was not offered, or of another chain, is refused")
    func wrongAnswer() throws {
        for (version, chain, expected) in [
            (2, HandshakeFixture.chain, .unsupportedVersion), (1, HandshakeFixture.otherChain, .wrongChain(nil)),
        ] as [(UInt16, Digest, ConnectionFailure)] {
            var initiator = fixture.initiator(0, to: 1)
            _ = initiator.start()
            let answer = ServerHello(
                version: version,
                chain: chain,
                nonce: [UInt8](repeating: 1, count: 32),
                ciphertext: [UInt8](repeating: 1, count: XWing.ciphertextByteCount)
            )
            let step = initiator.receive(HandshakeRecord(kind: .serverHello, body: answer.encoded).encoded)
            #expect(step.verdict.failure == expected)
        }
    }

    @Test("wrong magic, an unknown role and a broken public key are refused")
    func brokenHello() throws {
        let body = try hello { _ in }.encoded
        var magic = body
        magic[0] ^= 1
        var role = body
        role[ClientHello.magic.count + 3 + Digest.byteCount + 1] = 2
        var key = body
        for position in body.count - XWing.publicKeyByteCount..<body.count { key[position] = 0xFF }
        for (bytes, expected) in [
            (magic, .malformed(.magic)), (role, .malformed(.role)), (key, .keyAgreementFailed),
        ] as [([UInt8], ConnectionFailure)] {
            var responder = fixture.responder(1)
            let step = responder.receive(HandshakeRecord(kind: .clientHello, body: bytes).encoded)
            #expect(step.verdict.failure == expected)
        }
    }

    @Test("a refusal is believed only before the answer, and only if it has a meaning")
    func refusals() {
        for (body, expected) in [
            ([4], .refused(.busy)), ([9], .malformed(.truncatedRecord)), ([], .malformed(.truncatedRecord)),
        ] as [([UInt8], ConnectionFailure)] {
            var initiator = fixture.initiator(0, to: 1)
            _ = initiator.start()
            let record = HandshakeRecord(kind: .refusal, body: body)
            #expect(initiator.receive(record.encoded).verdict.failure == expected)
        }
        var responder = fixture.responder(1)
        let refusal = HandshakeRecord(kind: .refusal, body: [1])
        #expect(responder.receive(refusal.encoded).verdict.failure == .malformed(.unexpectedRecord))
    }

    private func hello(_ change: (inout ClientHello) -> Void) throws -> ClientHello {
        let body = Array(fixture.clientHello()[HandshakeRecord.headerByteCount...])
        var hello = try ClientHello(decoding: body, supported: [1])
        change(&hello)
        return hello
    }
}

/// A small generator with a seed (Steele, Lea, Flood 2014).
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
