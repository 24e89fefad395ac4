import Foundation

/// How much time of processors each kind of thread of a process has used.
struct ThreadTimes: Equatable, Sendable {
    /// The seconds of each kind.
    private(set) var seconds: [String: Double] = [:]

    /// What the threads of a replica are called, and what they do; that of the network runs the loop, too, while the loop's own sleeps.
    private static let kinds = [
        ("NIO-", "protocol"), ("hs-loop", "protocol"), ("hs-journal", "journal"),
        ("hs-sign", "signing"), ("hs-execute", "execution"), ("hs-archive", "archive"), ("hs-verify", "verification"),
        ("hs-snapshots", "snapshots"),
    ]

    /// Nothing.
    init() {}

    /// What the threads of a process have used so far, those that have ended left out; nothing where the system does not tell.
    init(of process: Int32) {
        let directory = "/proc/\(process)/task"
        for thread in (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? [] {
            guard let name = try? String(contentsOfFile: "\(directory)/\(thread)/comm", encoding: .utf8),
                let time = ProcessorTime.read("\(directory)/\(thread)/stat")
            else { continue }
            seconds[Self.kinds.first { name.hasPrefix($0.0) }?.1 ?? "other", default: 0] += time
        }
    }

    /// What was used since another moment.
    func since(_ earlier: ThreadTimes) -> ThreadTimes {
        var difference = ThreadTimes()
        for (kind, time) in seconds { difference.seconds[kind] = max(0, time - (earlier.seconds[kind] ?? 0)) }
        return difference
    }

    /// Both together.
    static func + (one: ThreadTimes, other: ThreadTimes) -> ThreadTimes {
        var sum = one
        sum.seconds.merge(other.seconds, uniquingKeysWith: +)
        return sum
    }
}
