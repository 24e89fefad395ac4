package import HotStuff

/// Why a directory cannot be audited: it is not the right one, or not for this program.
package enum AuditRefusal: Error, Equatable, Sendable {
    /// It holds neither a journal nor an archive.
    case nothing(path: String)
    /// A file belongs to another chain.
    case otherChain(path: String, found: Digest, expected: Digest)
    /// The journal was written by the holder of a key that is none of the chain's.
    case otherOwner(path: String, found: Digest)
    /// A file was written in a format that this program does not know.
    case unknownFormat(path: String, what: String, found: UInt32, known: UInt32)
    /// The disk failed.
    case disk(DiskError)
}

extension AuditRefusal: CustomStringConvertible {
    /// What is wrong with which file, as one clause.
    package var description: String {
        switch self {
        case .nothing(let path): "\(path) holds neither a journal nor an archive"
        case .otherChain(let path, let found, let expected):
            "\(path) belongs to chain \(found.short)…, not to \(expected.short)…"
        case .otherOwner(let path, let found):
            "\(path) was written by the replica with key \(found.short)…, which is none of the chain's"
        case .unknownFormat(let path, let what, let found, let known):
            "\(path) has \(what) format \(found), this program knows format \(known)"
        case .disk(let error): error.description
        }
    }
}
