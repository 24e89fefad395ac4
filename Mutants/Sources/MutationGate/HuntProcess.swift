internal import Foundation
internal import Synchronization

/// Seeds lived through in a process of their own, which a fault may bring down.
///
/// The other side is `Gate.hunt`: one line for each seed, with what was caught or `-`.
struct HuntProcess {
    /// What became of some seeds.
    struct Outcome {
        /// How many were tried.
        var tried: UInt64 = 0
        /// How many of them were caught.
        var caught: UInt64 = 0
        /// The first that was.
        var first: (seed: UInt64, kind: String)?
        /// The first that brought its process down, or kept it for ever; that is no catch.
        var broken: UInt64?

        mutating func add(_ seed: UInt64, kind: String?) {
            tried += 1
            guard let kind else { return }
            caught += 1
            if first == nil { first = (seed, kind) }
        }
    }

    /// How long one seed may take by the clock on the wall before its process is given up.
    ///
    /// The simulation ends by itself, by its own time and its own count of events: who does not is in an endless loop within
    /// one event, which is no catch.
    static let patience: TimeInterval = 120

    let mutant: String
    let adversary: String
    let endsAtCatch: Bool

    /// Lives through seeds, as many processes as it takes.
    func run(_ seeds: Range<UInt64>) -> Outcome {
        var outcome = Outcome()
        var next = seeds.lowerBound
        while next < seeds.upperBound, !(endsAtCatch && outcome.first != nil) {
            let isAlive = run(next..<seeds.upperBound, next: &next, into: &outcome)
            guard !isAlive else { break }
        }
        return outcome
    }

    /// Lives through seeds in one process.
    ///
    /// - Returns: whether it came to its end; if not, the seed `next - 1` brought it down.
    private func run(_ seeds: Range<UInt64>, next: inout UInt64, into outcome: inout Outcome) -> Bool {
        let process = Process()
        process.executableURL = URL(filePath: CommandLine.arguments[0])
        process.arguments = [
            "--hunt", mutant, "--adversary", adversary, "--seed", "\(seeds.lowerBound)", "--count", "\(seeds.count)",
        ]
        if endsAtCatch { process.arguments?.append("--until-caught") }
        process.environment = ProcessInfo.processInfo.environment.merging(
            ["SWIFT_BACKTRACE": "enable=no"],
            uniquingKeysWith: { $1 }
        )
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return true }
        let guardian = Guardian(process)
        var text = Data()
        while true {
            let data = pipe.fileHandleForReading.availableData
            guard !data.isEmpty else { break }
            guardian.sawProgress()
            text.append(data)
            while let end = text.firstIndex(of: 10) {
                let words = String(decoding: text[text.startIndex..<end], as: UTF8.self).split(separator: " ")
                text.removeSubrange(text.startIndex...end)
                guard words.count >= 2, let seed = UInt64(words[0]) else { continue }
                outcome.add(seed, kind: words[1] == "-" ? nil : String(words[1]))
                next = seed + 1
            }
        }
        process.waitUntilExit()
        guardian.end()
        guard process.terminationReason == .uncaughtSignal else { return true }
        // The seed after the last that was told of brought it down, or never ended: nothing was named, so nothing was caught.
        outcome.add(next, kind: nil)
        outcome.broken = outcome.broken ?? next
        next += 1
        return false
    }
}

/// Ends a process that makes no progress for too long.
private final class Guardian: Sendable {
    private struct State {
        var deadline: Date
        var isOver = false
    }

    private let state: Mutex<State>

    init(_ process: Process) {
        state = Mutex(State(deadline: Date(timeIntervalSinceNow: HuntProcess.patience)))
        let identifier = process.processIdentifier
        let thread = Thread { [self] in
            while true {
                Thread.sleep(forTimeInterval: 1)
                let isDone = state.withLock { state in
                    if !state.isOver, state.deadline < Date() {
                        kill(identifier, SIGKILL)
                        state.isOver = true
                    }
                    return state.isOver
                }
                if isDone { return }
            }
        }
        thread.start()
    }

    func sawProgress() { state.withLock { $0.deadline = Date(timeIntervalSinceNow: HuntProcess.patience) } }

    /// Ends the watch.
    func end() { state.withLock { $0.isOver = true } }
}
