import Kernels
import PostQuantum
import Testing

/// Our own ML-DSA against swift-crypto's, and our kernels against each other.
@Suite("ML-DSA by several implementations")
struct DifferentialTests {
    private static let rounds = 8

    /// Random material for one round; lengths of messages lie around the blocks of SHAKE256.
    private struct Material: CustomStringConvertible {
        let round: UInt64
        let seed: [UInt8]
        let message: [UInt8]
        let context: [UInt8]
        let randomness: [UInt8]

        init(scheme: SignatureScheme, round: UInt64) {
            var generator = SplitMix64(seed: round)
            self.round = round
            seed = generator.bytes(scheme.seedByteCount)
            message = generator.bytes(Int.random(in: 0...300, using: &generator))
            context = generator.bytes(Int.random(in: 0...255, using: &generator))
            randomness = generator.bytes(32)
        }

        var description: String { "round \(round)" }
    }

    @Test("one seed gives one public key in every implementation", arguments: SignatureScheme.allCases)
    func keys(scheme: SignatureScheme) throws {
        for round in 0..<UInt64(Self.rounds) {
            let material = Material(scheme: scheme, round: round)
            let keys = try Pairing.all.filter { $0.scheme == scheme }.map { pairing in
                try pairing.makeSigner(seed: material.seed).verificationKey
            }
            #expect(Set(keys).count == 1, "\(material)")
            #expect(keys.count >= Kernel.available.count)
        }
    }

    @Test("every kernel makes the same signature of the same randomness", arguments: SignatureScheme.allCases)
    func signatures(scheme: SignatureScheme) throws {
        for round in 100..<UInt64(100 + Self.rounds) {
            let material = Material(scheme: scheme, round: round)
            let signatures = try Pairing.native.filter { $0.scheme == scheme }.map { pairing in
                let key = try pairing.makeKey(seed: material.seed)
                return try key.sign(material.message, context: material.context, randomness: material.randomness)
            }
            #expect(Set(signatures).count == 1, "\(material)")
            #expect(signatures.count == Kernel.available.count)
        }
    }

    @Test("what one implementation signs, every one accepts, and none with a bit flipped", arguments: Pairing.all)
    func crosswise(pairing: Pairing) throws {
        let others = Pairing.all.filter { $0.scheme == pairing.scheme }
        for round in 200..<UInt64(200 + Self.rounds) {
            let material = Material(scheme: pairing.scheme, round: round)
            let signer = try pairing.makeSigner(seed: material.seed)
            let signature = try signer.sign(material.message, context: material.context)
            var generator = SplitMix64(seed: round)
            var altered = signature
            let position = Int.random(in: altered.indices, using: &generator)
            altered[position] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            for other in others {
                let verifier = try other.makeVerifier(key: signer.verificationKey.bytes)
                #expect(
                    verifier.isValid(signature, for: material.message, context: material.context),
                    "\(material), verified: \(other.testDescription)"
                )
                #expect(
                    !verifier.isValid(altered, for: material.message, context: material.context),
                    "\(material), verified: \(other.testDescription), byte \(position) altered"
                )
            }
        }
    }

    @Test("every implementation gives one verdict about keys and signatures of any bytes", arguments: Extreme.allCases)
    func extremes(extreme: Extreme) throws {
        for scheme in SignatureScheme.allCases {
            let key = extreme.bytes(scheme.verificationKeyByteCount)
            let signature = extreme.bytes(scheme.signatureByteCount)
            for pairing in Pairing.all where pairing.scheme == scheme {
                let verifier = try pairing.makeVerifier(key: key)
                #expect(!verifier.isValid(signature, for: [1], context: []), "\(pairing.testDescription)")
            }
        }
    }

    /// Bytes that random ones never are.
    enum Extreme: CaseIterable {
        case zeros
        case ones
        case alternating
        case counting

        func bytes(_ count: Int) -> [UInt8] {
            switch self {
            case .zeros: [UInt8](repeating: 0, count: count)
            case .ones: [UInt8](repeating: 0xFF, count: count)
            case .alternating: [UInt8](repeating: 0xAA, count: count)
            case .counting: (0..<count).map { UInt8(truncatingIfNeeded: $0) }
            }
        }
    }
}
