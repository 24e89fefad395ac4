/// The last steps of execution, from which the proof of a snapshot is made.
///
/// It has at least the last 4,096 steps and at most twice as many, about 600 KiB, whatever the interval. A proof needs the steps
/// from the snapshot to the first header that names it or a later height; such a header follows within few blocks, so the proof
/// is made then and kept beside the snapshot. Later it cannot be made any more.
public struct ExecutionTrail: Sendable {
    /// What was executed last.
    public private(set) var executed: ExecutedState
    /// The steps up to there; the first one's height follows `start`.
    private var steps: [ExecutionStep] = []
    private var start: Height
    /// The snapshots at `start` or above it.
    private var points: [SnapshotPoint] = []

    /// Creates a trail that begins behind an executed height.
    init(from executed: ExecutedState) {
        self.executed = executed
        start = executed.height
    }

    /// Creates a trail that begins with a snapshot.
    init(from point: SnapshotPoint) {
        self.init(from: point.executed)
        points = [point]
    }

    /// The snapshot of the last executed height, if one was due there.
    public var point: SnapshotPoint? {
        points.last.flatMap { $0.height == executed.height ? $0 : nil }
    }

    /// The height of the last snapshot that the trail still has.
    public var lastPointHeight: Height? { points.last?.height }

    /// The proof of the snapshot at a height by a claim of some height, if the trail still has what it needs.
    ///
    /// - Parameters:
    ///   - height: the height of the snapshot.
    ///   - last: the executed height that a final header names, this one or a later.
    /// - Returns: a proof that holds for the digest of `last`.
    public func proof(of height: Height, through last: Height) -> StateProof? {
        guard let point = points.last(where: { $0.height == height }), height <= last, last <= executed.height,
            last.rawValue - height.rawValue <= UInt64(StateProof.maximumStepCount)
        else { return nil }
        let first = Int(height.rawValue - start.rawValue)
        return StateProof(point: point, steps: Array(steps[first..<Int(last.rawValue - start.rawValue)]))
    }

    /// Adds the step of the next height.
    mutating func append(_ step: ExecutionStep) {
        guard let height = executed.height.next else { preconditionFailure("no height after \(executed.height)") }
        let before = step.before(height, after: executed.digest)
        if let root = step.root {
            let point = SnapshotPoint(height: height, before: before, root: root)
            points.append(point)
            executed = point.executed
        } else {
            executed = ExecutedState(height: height, digest: before)
        }
        steps.append(step)
        guard steps.count > 2 * StateProof.maximumStepCount else { return }
        steps.removeFirst(StateProof.maximumStepCount)
        start = Height(start.rawValue + UInt64(StateProof.maximumStepCount))
        points.removeAll { $0.height < start }
    }
}
