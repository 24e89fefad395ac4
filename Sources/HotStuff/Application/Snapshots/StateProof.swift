/// The proof that a certified execution digest stands for an earlier snapshot: the steps from the one to the other.
///
/// Who has a final header that names (h', D(h')) believes the root of the snapshot at h <= h' after a few hashes for each block
/// in between.
public struct StateProof: Hashable, Sendable {
    /// The snapshot.
    public let point: SnapshotPoint
    /// The steps of the heights above it, in order.
    public let steps: [ExecutionStep]

    /// The most steps of a proof.
    public static let maximumStepCount = 4_096

    /// Creates the proof of a snapshot by the steps above it.
    public init(point: SnapshotPoint, steps: [ExecutionStep]) {
        self.point = point
        self.steps = steps
    }

    /// Whether a claim, which must be known to be certified, stands for the snapshot.
    ///
    /// Complexity: one or two hashes for each step.
    ///
    /// - Parameters:
    ///   - claim: what the header of a final block says was executed.
    ///   - interval: the chain's `snapshotInterval`.
    /// - Returns: true if the steps lead from the snapshot to the claim, with snapshots where they are due and nowhere else.
    public func holds(for claim: ExecutedState, interval: UInt64) -> Bool {
        guard interval > 0, steps.count <= Self.maximumStepCount, claim.height >= point.height,
            claim.height.rawValue - point.height.rawValue == UInt64(steps.count),
            ExecutionStep.isSnapshotDue(at: point.height, interval: interval)
        else { return false }
        var executed = point.executed
        for step in steps {
            guard let height = executed.height.next,
                (step.root != nil) == ExecutionStep.isSnapshotDue(at: height, interval: interval)
            else { return false }
            executed = ExecutedState(height: height, digest: step.digest(at: height, after: executed.digest))
        }
        return executed == claim
    }
}

extension StateProof: BorshCodable {
    /// The snapshot and a count.
    public static var minimumEncodedSize: Int { SnapshotPoint.minimumEncodedSize + 4 }

    /// Appends snapshot and steps.
    public func encode(into encoder: inout BorshEncoder) {
        encoder.append(point)
        encoder.appendList(steps)
    }

    /// Reads snapshot and steps.
    public init(from decoder: inout BorshDecoder) throws(DecodingError) {
        point = try decoder.read()
        steps = try decoder.readList(maximum: Self.maximumStepCount)
    }
}
