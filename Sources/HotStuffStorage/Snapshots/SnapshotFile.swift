public import HotStuff

/// The file of a snapshot: the content, the digests of its chunks, the manifest, and a checksum over the manifest.
///
/// The manifest is at the end because nobody knows it before the content has been written, and the content begins at the start, so
/// that a chunk lies at a multiple of its size. Every byte of the file is covered: the content by the digests, these by the root,
/// the root by the checksum, and the length of the file follows from the manifest.
enum SnapshotFile {
    private static let prefix = "snapshot-"
    /// The end of the name of a file that is being written.
    static let writingSuffix = ".writing"
    /// The end of the name of a file whose chunks come from others.
    static let assemblingSuffix = ".assembling"
    /// The end of the name of a file with the certificate of a snapshot.
    static let certificateSuffix = ".certificate"
    /// The end of the name of a file with the final blocks from that of a snapshot on, as they were got with it.
    static let foundationSuffix = ".blocks"

    /// The ends of all names that a snapshot has, besides the one of a file that is being written.
    static let suffixes = [
        "", assemblingSuffix, certificateSuffix, certificateSuffix + writingSuffix, foundationSuffix,
        foundationSuffix + writingSuffix,
    ]

    /// The bytes of the manifest and its checksum.
    static let footByteCount = SnapshotManifest.minimumEncodedSize + Digest.byteCount

    /// The name of the file of a height; names sort as heights do.
    static func name(of height: Height) -> String {
        let digits = String(height.rawValue)
        return prefix + String(repeating: "0", count: 20 - digits.count) + digits
    }

    /// The height in a name, which must be one that `name(of:)` gives, with a suffix.
    static func height(in name: String, suffix: String = "") -> Height? {
        guard name.hasPrefix(prefix), name.hasSuffix(suffix),
            let number = UInt64(name.dropFirst(prefix.count).dropLast(suffix.count)),
            Self.name(of: Height(number)) + suffix == name
        else { return nil }
        return Height(number)
    }

    /// All that follows the content.
    static func tail(_ manifest: SnapshotManifest, _ digests: [Digest]) -> [UInt8] {
        var encoder = BorshEncoder(capacity: digests.count * Digest.byteCount + footByteCount)
        for digest in digests { encoder.append(digest) }
        encoder.append(manifest)
        encoder.append(Domain.snapshotFile.digest(of: manifest))
        return encoder.bytes
    }

    /// The length of the whole file.
    static func byteCount(_ manifest: SnapshotManifest) -> UInt64 {
        manifest.byteCount + UInt64(manifest.chunkCount * Digest.byteCount + footByteCount)
    }
}

/// What is wrong with the file of a snapshot.
public enum SnapshotDamage: Error, Equatable, Sendable {
    /// It is shorter than any snapshot.
    case tooShort(UInt64)
    /// Its end is not a manifest.
    case manifest(DecodingError)
    /// The manifest is not the one that was written.
    case checksum
    /// It has so many bytes where the manifest asks for others.
    case length(UInt64, expected: UInt64)
    /// It is the snapshot of another chain.
    case anotherChain(Digest)
    /// It is the snapshot of another height than its name says.
    case anotherHeight(Height)
    /// The digests of the chunks are not those that the root names.
    case chunkList
    /// This chunk is not the one that was written.
    case chunk(Int)
}

extension SnapshotDamage: CustomStringConvertible {
    /// One clause that says what is wrong.
    public var description: String {
        switch self {
        case .tooShort(let count): "\(count) bytes are no snapshot"
        case .manifest(let error): "the manifest is damaged: \(error)"
        case .checksum: "the manifest is damaged: its checksum is wrong"
        case .length(let count, let expected): "it has \(count) bytes where \(expected) belong"
        case .anotherChain(let chain): "it is of chain \(chain.short)"
        case .anotherHeight(let height): "it is of height \(height)"
        case .chunkList: "the list of chunks is damaged"
        case .chunk(let index): "chunk \(index) is damaged"
        }
    }
}
