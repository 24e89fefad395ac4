/// Why a state cannot be restored from the bytes of a snapshot.
///
/// Equal bytes give an equal error at every replica, except where the bytes themselves could not be had.
public enum SnapshotError: Error, Equatable, Sendable {
    /// The application offers no snapshots.
    case notOffered
    /// The bytes end before the state does.
    case truncated
    /// So many bytes follow the state.
    case trailingBytes(UInt64)
    /// Some value in the bytes has no meaning.
    case malformed(DecodingError)
    /// The bytes decode, but describe a state that no execution leads to.
    case contradictory(String)
    /// What was restored is not what the snapshot's root names, so the application does not restore what it writes.
    case unfaithful
    /// The bytes could not be had, for this reason.
    case unreadable(String)
}

extension SnapshotError: CustomStringConvertible {
    /// One clause that says what is wrong.
    public var description: String {
        switch self {
        case .notOffered: "the application offers no snapshots"
        case .truncated: "the bytes end early"
        case .trailingBytes(let count): "\(count) bytes too many"
        case .malformed(let error): error.description
        case .contradictory(let reason): reason
        case .unfaithful: "the application restored another state than was written"
        case .unreadable(let reason): reason
        }
    }
}
