import HotStuff

/// A sink that keeps all that is written to it.
struct CollectingSink: SnapshotSink {
    typealias Failure = Never

    private(set) var bytes: [UInt8] = []

    mutating func write(_ bytes: [UInt8]) { self.bytes += bytes }
}

/// Bounds under which few commands evict sessions, leave windows and forget results.
let narrowLimits = SessionLimits(sessionCount: 4, windowWidth: 70, resultByteCount: 700)

extension Execution {
    /// The content of a snapshot of the state as it is.
    var content: [UInt8] {
        var sink = CollectingSink()
        writeSnapshot(into: &sink)
        return sink.bytes
    }

    /// The state that a content stands for, as the snapshot behind a block.
    static func restored(
        _ machine: Machine,
        from content: [UInt8],
        at point: SnapshotPoint,
        interval: UInt64,
        limits: SessionLimits = narrowLimits
    ) throws(SnapshotError) -> Execution {
        var source = SnapshotBytes(content)
        return try Execution(
            restoring: machine,
            of: SnapshotManifest(
                of: makeBlock(height: point.height.rawValue).header,
                point: point,
                byteCount: UInt64(content.count)
            ),
            snapshotInterval: interval,
            limits: limits,
            from: &source
        )
    }
}
