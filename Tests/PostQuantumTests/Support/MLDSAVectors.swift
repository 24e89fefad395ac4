import Crypto
import Foundation
import PostQuantum

/// The project's own vectors, which `Scripts/make_mldsa_vectors.py` makes with other people's implementations.
struct MLDSAVectors: Decodable {
    /// The vectors of one parameter set.
    struct ParameterSet: Decodable {
        let scheme: String
        let keys: [Key]
        let publicKeys: [HexadecimalBytes]
        let whole: Whole
        let cases: [Case]
        let representatives: [Representative]
        let altered: [Altered]
        let forged: [Forged]
    }

    /// A seed and what its key pair hashes to.
    struct Key: Decodable {
        let seed: HexadecimalBytes
        let publicKeySHA256: HexadecimalBytes
    }

    /// A signature written whole.
    struct Whole: Decodable {
        let message: HexadecimalBytes
        let context: HexadecimalBytes
        let randomness: HexadecimalBytes
        let signature: HexadecimalBytes
    }

    /// A signature of a message in a context.
    struct Case: Decodable {
        let key: Int
        let message: HexadecimalBytes
        let context: HexadecimalBytes
        let randomness: HexadecimalBytes
        let representative: HexadecimalBytes
        let signatureSHA256: HexadecimalBytes
    }

    /// A signature of a representative that no known message has.
    struct Representative: Decodable {
        let key: Int
        let representative: HexadecimalBytes
        let randomness: HexadecimalBytes
        let signatureSHA256: HexadecimalBytes
    }

    /// Something that must be refused, as its differences to the signature written whole.
    struct Altered: Decodable {
        let name: String
        let edits: [[Int]]
        let key: Int?
        let message: HexadecimalBytes?
        let context: HexadecimalBytes?
    }

    /// A signature that only a verifier accepts which forgets the bound of z.
    struct Forged: Decodable {
        let name: String
        let signature: HexadecimalBytes
    }

    private let sets: [ParameterSet]

    /// Reads the vectors of a scheme.
    static func parameterSet(of scheme: SignatureScheme) throws -> ParameterSet? {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let data = try Data(contentsOf: folder.appending(path: "Vectors/mldsa.json"))
        return try JSONDecoder().decode(Self.self, from: data).sets.first { $0.scheme == scheme.rawValue }
    }
}

/// The SHA-256 of bytes, under which the vectors keep long outputs.
func sha256(_ bytes: [UInt8]) -> [UInt8] {
    Array(SHA256.hash(data: bytes))
}
