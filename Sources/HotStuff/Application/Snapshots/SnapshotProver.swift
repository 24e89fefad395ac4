/// Makes the certificates of snapshots, when the first final header is known that names a snapshot's height or a later one.
public struct SnapshotProver: Sendable {
    /// The heights of snapshots that have no certificate yet, upwards.
    private var wanted: [Height]
    /// A header names what was executed a few blocks before, so with short intervals several wait.
    private static let capacity = 128

    /// Begins with the snapshots that have none.
    public init(wanted: [Height] = []) { self.wanted = wanted.sorted() }

    /// Takes note that there is a snapshot of a height.
    public mutating func want(_ height: Height) {
        guard wanted.last.map({ $0 < height }) ?? true else { return }
        wanted.append(height)
        if wanted.count > Self.capacity { wanted.removeFirst() }
    }

    /// The certificates that a final header makes possible: of the newest snapshots whose steps are still known.
    ///
    /// - Parameters:
    ///   - header: the header of a final block that has been executed.
    ///   - finality: what made it final, or a descendant that became final with it: then it proves nothing of this header.
    ///   - trail: the steps of execution.
    /// - Returns: at most two certificates, upwards; no more snapshots are kept.
    public mutating func prove(
        by header: BlockHeader,
        finality: QuorumCertificate,
        trail: ExecutionTrail
    ) -> [SnapshotCertificate] {
        guard finality.statement.commits == header.id, let first = wanted.first, first <= header.executed.height else {
            return []
        }
        let due = wanted.filter { $0 <= header.executed.height }
        wanted.removeAll { $0 <= header.executed.height }
        return due.suffix(2).compactMap { height in
            trail.proof(of: height, through: header.executed.height).map {
                SnapshotCertificate(proof: $0, header: header, finality: finality)
            }
        }
    }
}
