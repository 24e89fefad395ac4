internal import HotStuff

/// Tells once a second how far a replica that catches up has come, and when it is done.
struct SyncReporter {
    /// How many blocks or bytes were here at some time.
    private struct Mark {
        let count: UInt64
        let time: Instant

        /// How many came in a second since an earlier mark; nothing if that was not a second ago, or none came.
        func perSecond(since earlier: Mark) -> UInt64? {
            guard time >= earlier.time.advanced(byMicroseconds: SyncReporter.second), count > earlier.count else {
                return nil
            }
            return (count - earlier.count) * SyncReporter.second / (time.rawValue - earlier.time.rawValue)
        }
    }

    /// Where it was when it began to catch up, and when that was told last.
    private var first: Mark?
    private var told: Mark?
    /// How much of a snapshot was here when that was told last.
    private var chunks: Mark?
    /// Shorter ways are not worth a word.
    private static let shortest: UInt64 = 1_000
    /// The microseconds of a second.
    private static let second: UInt64 = 1_000_000

    /// What is to be said now, if anything is.
    ///
    /// - Parameters:
    ///   - progress: how far the replica has come; nil if it does not catch up.
    ///   - snapshot: how far it has come with a snapshot; nil if it takes none.
    ///   - now: the time.
    /// - Returns: a line for people.
    mutating func line(for progress: SyncProgress?, snapshot: SnapshotProgress? = nil, at now: Instant) -> String? {
        if let snapshot { return line(for: snapshot, at: now) }
        chunks = nil
        guard let progress else { return lastLine(at: now) }
        let here = Mark(count: progress.height.rawValue, time: now)
        guard let last = told else {
            if progress.goal.rawValue >= here.count + SyncReporter.shortest {
                (first, told) = (here, here)
            }
            return nil
        }
        guard let speed = here.perSecond(since: last) else { return nil }
        told = here
        let left = progress.goal.rawValue > here.count ? progress.goal.rawValue - here.count : 0
        return "catching up: block \(progress.height) of \(progress.goal), \(speed) blocks/s, "
            + "\(left / max(1, speed)) s left"
    }

    private mutating func lastLine(at now: Instant) -> String? {
        guard let first, let told else { return nil }
        (self.first, self.told) = (nil, nil)
        let tenths = (now.rawValue - first.time.rawValue) * 10 / SyncReporter.second
        return told.count > first.count ? "caught up in \(SyncReporter.decimal(tenths: tenths)) s" : nil
    }

    private mutating func line(for snapshot: SnapshotProgress, at now: Instant) -> String? {
        // All chunks but the last one are of one length.
        let chunk = UInt64(SnapshotChunks.chunkByteCount)
        let here = Mark(count: UInt64(snapshot.chunkCount) * chunk, time: now)
        guard let last = chunks else {
            chunks = here
            return nil
        }
        guard let speed = here.perSecond(since: last) else { return nil }
        chunks = here
        let left = UInt64(snapshot.totalCount - snapshot.chunkCount) * chunk
        let megabytes = SyncReporter.decimal(tenths: speed * 10 / 1_000_000)
        return "taking the state of height \(snapshot.height): chunk \(snapshot.chunkCount) of \(snapshot.totalCount), "
            + "\(megabytes) MB/s, \(left / max(1, speed)) s left"
    }

    private static func decimal(tenths: UInt64) -> String { "\(tenths / 10).\(tenths % 10)" }
}
