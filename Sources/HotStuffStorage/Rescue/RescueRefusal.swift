public import HotStuff

/// Why nothing can be restarted from some data directories.
public enum RescueRefusal: Error, Equatable, Sendable {
    /// A process has a directory: the directory, and the number of the process if it could be read.
    case inUse(path: String, process: Int32?)
    /// A file belongs to another chain.
    case otherChain(path: String, found: Digest, expected: Digest)
    /// The directories have two final blocks at one height, or one that does not lead to what is certified: more replicas than may fail
    /// have lied, and no program can choose between their chains.
    case contradiction(path: String, height: Height)
    /// No certificate above the beginning of the chain was found, so there is nothing to go on from.
    case nothingCertified
    /// The application offers no snapshots, so its state cannot be handed on.
    case noSnapshots
    /// No state leads to any certified block: the obstacles, from the best attempt on.
    case noState([String])
}

extension RescueRefusal: CustomStringConvertible {
    /// What is wrong, as one clause.
    public var description: String {
        switch self {
        case .inUse(let path, let process?): "data directory \(path) is in use by process \(process)"
        case .inUse(let path, nil): "data directory \(path) is in use by another process"
        case .otherChain(let path, let found, let expected):
            "\(path) belongs to chain \(found.short)…, not to \(expected.short)…"
        case .contradiction(let path, let height):
            "\(path) has another final block at height \(height) than the highest certificate leads to"
        case .nothingCertified: "no certificate of a quorum was found above the beginning of the chain"
        case .noSnapshots: "the application offers no snapshots"
        case .noState(let obstacles):
            "no state leads to a certified block: \(obstacles.isEmpty ? "there is none" : obstacles.joined(separator: "; "))"
        }
    }
}
