internal import HotStuff

/// Tells once a second how far a replica that catches up has come, and when it is done.
struct SyncReporter {
    private struct Mark {
        let height: UInt64
        let time: Instant
    }

    private var first: Mark?
    private var told: Mark?
    private var chunks: (count: Int, time: Instant)?
    /// Shorter ways are not worth a word.
    private static let shortest: UInt64 = 1_000
    private static let interval: UInt64 = 1_000_000

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
        guard let progress else {
            guard let first, let told else { return nil }
            (self.first, self.told) = (nil, nil)
            let seconds = SyncReporter.seconds(from: first.time, to: now)
            return told.height > first.height ? "caught up in \(seconds) s" : nil
        }
        let here = Mark(height: progress.height.rawValue, time: now)
        guard let last = told else {
            if progress.goal.rawValue >= here.height + SyncReporter.shortest {
                (first, told) = (here, here)
            }
            return nil
        }
        guard now.rawValue >= last.time.rawValue + SyncReporter.interval, here.height > last.height else { return nil }
        told = here
        let elapsed = now.rawValue - last.time.rawValue
        let speed = (here.height - last.height) * 1_000_000 / elapsed
        let left = progress.goal.rawValue > here.height ? progress.goal.rawValue - here.height : 0
        return "catching up: block \(here.height) of \(progress.goal), \(speed) blocks/s, "
            + "\(left / max(1, speed)) s left"
    }

    /// A chunk is 1 MiB, but the last one.
    private mutating func line(for snapshot: SnapshotProgress, at now: Instant) -> String? {
        guard let last = chunks else {
            chunks = (snapshot.chunkCount, now)
            return nil
        }
        guard now.rawValue >= last.time.rawValue + SyncReporter.interval, snapshot.chunkCount > last.count else {
            return nil
        }
        chunks = (snapshot.chunkCount, now)
        let tenths =
            UInt64(snapshot.chunkCount - last.count) * 10_000_000 * 1_048_576
            / (1_000_000 * (now.rawValue - last.time.rawValue))
        let left = UInt64(snapshot.totalCount - snapshot.chunkCount) * 10_485_760 / max(1, tenths * 1_000_000)
        return "taking the state of height \(snapshot.height): chunk \(snapshot.chunkCount) of \(snapshot.totalCount), "
            + "\(tenths / 10).\(tenths % 10) MB/s, \(left) s left"
    }

    private static func seconds(from: Instant, to: Instant) -> String {
        let tenths = (to.rawValue - from.rawValue) / 100_000
        return "\(tenths / 10).\(tenths % 10)"
    }
}
