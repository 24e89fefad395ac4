import Foundation
import PostQuantum
import Testing

/// A file of test vectors of Project Wycheproof, as far as these tests read it.
private struct WycheproofFile: Decodable {
    struct Group: Decodable {
        let publicKey: String?
        let privateSeed: String?
        let tests: [Case]
    }

    struct Case: Decodable {
        let tcId: Int
        let msg: String?
        let ctx: String?
        let sig: String
        let result: String
        let flags: [String]
    }

    let numberOfTests: Int
    let testGroups: [Group]

    /// The folder with the vectors: the environment's, or the one beside the package.
    static let folder: URL = {
        if let path = ProcessInfo.processInfo.environment["HOTSTUFF_VECTORS"] { return URL(filePath: path) }
        let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return package.appending(path: "../shared/vectors")
    }()

    static func exists(_ name: String) -> Bool {
        FileManager.default.fileExists(atPath: folder.appending(path: name).path)
    }

    init(named name: String) throws {
        self = try JSONDecoder().decode(Self.self, from: Data(contentsOf: Self.folder.appending(path: name)))
    }
}

private struct NotHexadecimal: Error {}

private func bytes(of hexadecimal: String) throws -> [UInt8] {
    let digits = Array(hexadecimal.utf8)
    guard digits.count.isMultiple(of: 2) else { throw NotHexadecimal() }
    return try stride(from: 0, to: digits.count, by: 2).map { position in
        guard let byte = UInt8(String(decoding: digits[position...position + 1], as: UTF8.self), radix: 16) else {
            throw NotHexadecimal()
        }
        return byte
    }
}

@Suite("Wycheproof vectors for ML-DSA-65")
struct WycheproofTests {
    private static let verifyFile = "mldsa_65_verify_test.json"
    private static let signFile = "mldsa_65_sign_seed_test.json"
    private let scheme = SignatureScheme.mlDSA65

    @Test("every valid signature is accepted and every other refused", .enabled(if: WycheproofFile.exists(verifyFile)))
    func verification() throws {
        let file = try WycheproofFile(named: Self.verifyFile)
        var count = 0
        for group in file.testGroups {
            let verifier = try? scheme.makeVerifier(key: bytes(of: #require(group.publicKey)))
            for test in group.tests {
                let isValid = try verifier?.isValid(
                    bytes(of: test.sig),
                    for: bytes(of: #require(test.msg)),
                    context: bytes(of: test.ctx ?? "")
                )
                #expect((isValid ?? false) == (test.result == "valid"), "test case \(test.tcId)")
                count += 1
            }
        }
        #expect(count == file.numberOfTests)
        #expect(count > 0)
    }

    @Test("every seed gives the listed key, and what it signs is valid", .enabled(if: WycheproofFile.exists(signFile)))
    func signing() throws {
        let file = try WycheproofFile(named: Self.signFile)
        var signed = 0
        for group in file.testGroups {
            let signer = try? scheme.makeSigner(seed: SecretBytes(bytes(of: #require(group.privateSeed))))
            for test in group.tests where !test.flags.contains("Internal") {
                let message = try bytes(of: test.msg ?? "")
                let context = try bytes(of: test.ctx ?? "")
                guard test.result == "valid" else {
                    #expect((try? signer?.sign(message, context: context)) == nil, "test case \(test.tcId)")
                    continue
                }
                let known = try #require(signer, "test case \(test.tcId)")
                #expect(try known.verificationKey.bytes == bytes(of: #require(group.publicKey)))
                let verifier = try scheme.makeVerifier(key: known.verificationKey.bytes)
                #expect(try verifier.isValid(bytes(of: test.sig), for: message, context: context), "\(test.tcId)")
                let own = try known.sign(message, context: context)
                #expect(verifier.isValid(own, for: message, context: context), "test case \(test.tcId)")
                signed += 1
            }
        }
        #expect(signed > 80)
    }
}
