import Foundation

/// Where the vector files lie, found from the place of this source file.
enum VectorFiles {
    private static let testFolder = URL(filePath: #filePath).deletingLastPathComponent()

    /// This project's own vectors, written by `Scripts/make_blake3_vectors.py`.
    static let own = testFolder.appending(path: "Vectors/blake3.json")

    /// The official vectors, beside the package or in the folder that `HOTSTUFF_VECTORS` names.
    static let official: URL = {
        let package = testFolder.deletingLastPathComponent().deletingLastPathComponent()
        let beside = package.deletingLastPathComponent().appending(path: "shared/vectors")
        let override = ProcessInfo.processInfo.environment["HOTSTUFF_VECTORS"].map { URL(filePath: $0) }
        return (override ?? beside).appending(path: "blake3_test_vectors.json")
    }()

    /// Whether the official vectors are at hand.
    static var hasOfficial: Bool {
        FileManager.default.fileExists(atPath: official.path)
    }
}

/// The file format of this project's own vectors.
struct OwnVectors: Decodable {
    struct Case: Decodable {
        let length: Int
        let hash: String
        let keyedHash: String
        let deriveKey: String
    }

    let key: String
    let context: String
    let cases: [Case]

    static func load() throws -> OwnVectors {
        try JSONDecoder().decode(OwnVectors.self, from: Data(contentsOf: VectorFiles.own))
    }
}

/// The file format of the official vectors.
struct OfficialVectors: Decodable {
    struct Case: Decodable {
        let length: Int
        let hash: String
        let keyedHash: String
        let deriveKey: String

        enum CodingKeys: String, CodingKey {
            case length = "input_len"
            case hash
            case keyedHash = "keyed_hash"
            case deriveKey = "derive_key"
        }
    }

    let key: String
    let context: String
    let cases: [Case]

    enum CodingKeys: String, CodingKey {
        case key
        case context = "context_string"
        case cases
    }

    static func load() throws -> OfficialVectors {
        try JSONDecoder().decode(OfficialVectors.self, from: Data(contentsOf: VectorFiles.official))
    }
}
