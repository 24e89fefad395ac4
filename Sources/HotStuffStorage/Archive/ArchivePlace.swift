/// Which of two files an entry is in: the one of the blocks, or the one of those that were fetched again.
enum ArchivePlace: Sendable {
    case blocks
    case repairs

    /// The kind of a head in this file.
    var head: ArchiveSeal.Part {
        switch self {
        case .blocks: .head
        case .repairs: .repairHead
        }
    }

    /// The kind of a body in this file.
    var body: ArchiveSeal.Part {
        switch self {
        case .blocks: .body
        case .repairs: .repairBody
        }
    }

    /// Where the first entry begins.
    var start: UInt64 {
        switch self {
        case .blocks: UInt64(ArchiveHeader.byteCount)
        case .repairs: 0
        }
    }
}
