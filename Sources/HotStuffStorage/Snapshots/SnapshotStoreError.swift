public import HotStuff

/// Why a snapshot was not written, read or assembled.
public enum SnapshotStoreError: Error, Equatable, Sendable {
    /// The disk failed.
    case disk(DiskError)
    /// The file, named by its path, is not an intact snapshot.
    case damaged(path: String, SnapshotDamage)
    /// There is no snapshot of this height.
    case missing(Height)
    /// The content has more bytes than a snapshot may have.
    case tooLarge
    /// What the application wrote is not the state whose root was computed when the block was executed.
    case rootDiffers(found: Digest, expected: Digest)
    /// The manifest, or its list of chunks, is not what the trusted root stands for.
    case untrusted
    /// So many chunks are missing.
    case incomplete(Int)
    /// It is here, and intact, but nothing was restored from it.
    case useless(Height)
    /// No snapshot of this name is being taken.
    case notBegun(Height)
}

extension SnapshotStoreError: CustomStringConvertible {
    /// One line that says what is wrong.
    public var description: String {
        switch self {
        case .disk(let error): error.description
        case .damaged(let path, let damage): "snapshot \(path) is damaged: \(damage)"
        case .missing(let height): "there is no snapshot of height \(height)"
        case .tooLarge: "the state is too large for a snapshot"
        case .rootDiffers(let found, let expected):
            "the application wrote a state with root \(found.short) where \(expected.short) was executed"
        case .untrusted: "the manifest is not that of the certified state"
        case .incomplete(let count): "\(count) chunks are missing"
        case .useless(let height): "the snapshot of height \(height) is here, but the state was not restored from it"
        case .notBegun(let height): "no snapshot of height \(height) was begun"
        }
    }
}

/// Does something with the disk, and says it in the words of the store if that fails.
func onSnapshotDisk<Result>(_ body: () throws(DiskError) -> Result) throws(SnapshotStoreError) -> Result {
    do {
        return try body()
    } catch {
        throw .disk(error)
    }
}
