internal import CMemcheck
internal import Glibc
internal import Kernels
internal import PostQuantum

/// A program whose run under valgrind's memcheck reports every branch and every address that depends on a secret.
///
/// Memcheck's findings are the verdict. The checks named `leak-…` leak on purpose and must be reported; and with
/// `HOTSTUFF_NOTHING_PUBLIC` in the environment, in which no value is made public on the signer's word, the signer must be.
@main
struct Check {
    private static let keyCount: UInt8 = 4
    private static let messageCount: UInt8 = 16

    static func main() {
        let arguments = CommandLine.arguments.dropFirst()
        guard memcheck_is_running() else { fail("this proves something under valgrind only") }
        switch arguments.first {
        case "sign": sign(Array(arguments.dropFirst()))
        case "leak-branch": Leak.branch()
        case "leak-address": Leak.address()
        case "keeps": keeps()
        default: fail("one of: sign SCHEME KERNEL, keeps, leak-branch, leak-address")
        }
    }

    /// Makes keys of secret seeds and signs with secret randomness, many times enough to meet every kind of rejection.
    private static func sign(_ arguments: [String]) {
        guard arguments.count == 2, let scheme = SignatureScheme(rawValue: arguments[0]) else {
            fail("sign SCHEME KERNEL")
        }
        guard let kernel = Kernel(rawValue: arguments[1]), Kernel.available.contains(kernel) else {
            fail("no kernel \(arguments[1]) under valgrind")
        }
        for round in UInt8(0)..<keyCount {
            let seed = [UInt8](repeating: round, count: scheme.seedByteCount)
            seed.makeSecret()
            guard let key = try? SigningKey(scheme: scheme, seed: SecretBytes(seed), kernel: kernel) else {
                fail("no key of a seed of \(seed.count) bytes")
            }
            expectPublic(key.verificationKey.bytes, "the public key")
            for message in UInt8(0)..<messageCount {
                let randomness = [UInt8](repeating: message, count: 32)
                randomness.makeSecret()
                guard let signature = try? key.sign([message], context: [], randomness: randomness) else {
                    fail("no signature of message \(message) with key \(round)")
                }
                expectPublic(signature, "the signature")
                guard key.verifier.isValid(signature, for: [message], context: []) else {
                    fail("an invalid signature of message \(message) with key \(round)")
                }
            }
        }
        print("\(scheme), kernel \(kernel): \(keyCount) keys, \(messageCount) signatures each,", terminator: " ")
        print("\(memcheck_finding_count()) findings")
    }

    /// Shows that a secret stays one on its way through `SecretBytes`; otherwise nothing could ever be found.
    private static func keeps() {
        let bytes = [UInt8](repeating: 1, count: 32)
        bytes.makeSecret()
        let count = SecretBytes(bytes).reveal().secretByteCount
        guard count == 32 else { fail("only \(count) of 32 bytes are still secret") }
        print("a secret stays one")
    }

    /// Checks that what goes out carries no mark: a mark left means a claim that was forgotten.
    private static func expectPublic(_ bytes: [UInt8], _ name: String) {
        let count = bytes.secretByteCount
        bytes.makePublic()
        if count > 0, getenv("HOTSTUFF_NOTHING_PUBLIC") == nil { fail("\(name) still has \(count) secret bytes") }
    }

    private static func fail(_ reason: String) -> Never {
        print(reason)
        exit(2)
    }
}
