internal import HotStuff

/// Tells once a second how far a replica that catches up has come, and when it is done.
struct SyncReporter {
    private struct Mark {
        let height: UInt64
        let time: Instant
    }

    private var first: Mark?
    private var told: Mark?
    /// Shorter ways are not worth a word.
    private static let shortest: UInt64 = 1_000
    private static let interval: UInt64 = 1_000_000

    /// What is to be said now, if anything is.
    ///
    /// - Parameters:
    ///   - progress: how far the replica has come; nil if it does not catch up.
    ///   - now: the time.
    /// - Returns: a line for people.
    mutating func line(for progress: SyncProgress?, at now: Instant) -> String? {
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

    private static func seconds(from: Instant, to: Instant) -> String {
        let tenths = (to.rawValue - from.rawValue) / 100_000
        return "\(tenths / 10).\(tenths % 10)"
    }
}
