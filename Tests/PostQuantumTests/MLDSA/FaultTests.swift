import Kernels
import Testing

@testable import PostQuantum

@Suite("What is wrong with a signature")
struct FaultTests {
    @Test("is said for each kind of fault, by every kernel", arguments: SignatureScheme.allCases, Kernel.available)
    func faults(scheme: SignatureScheme, kernel: Kernel) throws {
        let parameters = scheme.parameters
        let key = try SigningKey(scheme: scheme, seed: SecretBytes([UInt8](repeating: 3, count: 32)), kernel: kernel)
        let (message, context): ([UInt8], [UInt8]) = ([1, 2, 3], [4])
        let signature = try key.sign(message, context: context)
        func fault(_ change: (inout [UInt8]) -> Void) -> SignatureFault? {
            var changed = signature
            change(&changed)
            return key.verifier.fault(of: changed, for: message, context: context)
        }
        let expected = parameters.signatureByteCount
        #expect(fault { _ in } == nil)
        #expect(fault { $0 = [] } == .wrongLength(0, expected: expected))
        #expect(fault { $0.removeLast() } == .wrongLength(expected - 1, expected: expected))
        #expect(fault { $0.append(0) } == .wrongLength(expected + 1, expected: expected))
        #expect(fault { $0[0] ^= 1 } == .mismatch)
        // All ones are the number for -γ1 + 1, all zeros that for γ1.
        #expect(fault { for index in 0..<4 { $0[parameters.challengeByteCount + index] = 0xff } } == .outOfRange)
        #expect(fault { for index in 0..<4 { $0[parameters.challengeByteCount + index] = 0 } } == .outOfRange)
        #expect(fault { $0[expected - 1] = UInt8(parameters.omega + 1) } == .malformedHint)
        let long = [UInt8](repeating: 0, count: 256)
        #expect(key.verifier.fault(of: signature, for: message, context: long) == .contextTooLong(256))
        #expect(key.verifier.fault(of: signature, for: [], context: context) == .mismatch)
    }

    @Test("is one clause")
    func descriptions() {
        let faults: [SignatureFault] = [
            .wrongLength(1, expected: 2), .contextTooLong(256), .malformedHint, .outOfRange, .mismatch,
        ]
        #expect(faults[0].description == "the signature has 1 bytes where 2 are expected")
        #expect(Set(faults.map(\.description)).count == faults.count)
    }
}
