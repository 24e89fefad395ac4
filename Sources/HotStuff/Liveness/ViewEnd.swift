/// How a view ended at a replica: one name for logs, metrics and traces.
public enum ViewEnd: String, Hashable, Sendable, CaseIterable {
    /// A quorum voted for its block.
    case certificate
    /// A quorum gave it up, and this replica's own time was up as well.
    case timeout
    /// A quorum gave it up, and this replica went along: its own time was not up.
    case join
}
