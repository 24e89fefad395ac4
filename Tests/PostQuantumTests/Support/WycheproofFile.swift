import Foundation
import PostQuantum

/// A file of test vectors of Project Wycheproof, as far as these tests read it.
struct WycheproofFile: Decodable {
    struct Group: Decodable {
        let publicKey: HexadecimalBytes?
        let privateSeed: HexadecimalBytes?
        let tests: [Case]
    }

    struct Case: Decodable {
        let tcId: Int
        let comment: String
        /// Missing where only the representative is given.
        let msg: HexadecimalBytes?
        let ctx: HexadecimalBytes?
        /// The message representative; given wherever the signature is valid.
        let mu: HexadecimalBytes?
        /// The randomness, where it is not 32 zeros.
        let rnd: HexadecimalBytes?
        let sig: HexadecimalBytes
        let result: String
        let flags: [String]
    }

    let numberOfTests: Int
    let testGroups: [Group]

    /// The folder with the vectors: the environment's, or the one beside the package.
    private static let folder: URL = {
        if let path = ProcessInfo.processInfo.environment["HOTSTUFF_VECTORS"] { return URL(filePath: path) }
        let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        return package.appending(path: "../shared/vectors")
    }()

    private static func verificationFile(of scheme: SignatureScheme) -> URL {
        folder.appending(path: "\(prefix(of: scheme))_verify_test.json")
    }

    private static func signingFile(of scheme: SignatureScheme) -> URL {
        folder.appending(path: "\(prefix(of: scheme))_sign_seed_test.json")
    }

    private static func prefix(of scheme: SignatureScheme) -> String {
        switch scheme {
        case .mlDSA44: "mldsa_44"
        case .mlDSA65: "mldsa_65"
        }
    }

    /// Whether all files are at hand.
    static var isAtHand: Bool {
        SignatureScheme.allCases.flatMap { [verificationFile(of: $0), signingFile(of: $0)] }.allSatisfy { file in
            FileManager.default.fileExists(atPath: file.path)
        }
    }

    /// Public keys, messages and signatures to be accepted or refused.
    static func verification(_ scheme: SignatureScheme) throws -> WycheproofFile {
        try JSONDecoder().decode(Self.self, from: Data(contentsOf: verificationFile(of: scheme)))
    }

    /// Seeds and messages with the signatures that they give.
    static func signing(_ scheme: SignatureScheme) throws -> WycheproofFile {
        try JSONDecoder().decode(Self.self, from: Data(contentsOf: signingFile(of: scheme)))
    }
}
