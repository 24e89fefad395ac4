import Foundation
import HotStuff
import HotStuffSimulator

/// Many simulated clusters, several at a time, told in the order of their seeds.
struct Hunt: Sendable {
    let seeds: Range<UInt64>
    let replicas: Int?
    let views: UInt64
    let rule: CommitRule?
    let jobs: Int

    /// The number of processors of this machine.
    static var processors: Int { max(1, ProcessInfo.processInfo.activeProcessorCount) }

    /// Runs all seeds; tells failures at once, and how far it is on a terminal.
    func run(isQuiet: Bool) async -> HuntReport {
        var report = HuntReport(views: views, replicas: replicas, rule: rule)
        let clock = ContinuousClock()
        let start = clock.now
        let progress = ProgressLine(isShown: !isQuiet)
        var waiting: [UInt64: SeedRun] = [:]
        var next = seeds.lowerBound
        await withTaskGroup(of: SeedRun.self) { group in
            var unborn = seeds.lowerBound
            func begin() {
                guard unborn < seeds.upperBound else { return }
                let seed = unborn
                unborn += 1
                group.addTask { SeedRun(seed: seed, replicaCount: replicas, views: views, commitRule: rule) }
            }
            for _ in 0..<jobs { begin() }
            for await run in group {
                begin()
                // Runs that end early wait for those before them, so that the report does not depend on who was faster.
                waiting[run.seed] = run
                while let run = waiting.removeValue(forKey: next) {
                    next += 1
                    report.campaign.add(run)
                    report.seconds = Stopwatch.seconds(start.duration(to: clock.now))
                    if !run.isSound, !isQuiet {
                        progress.clear()
                        StandardStream.error.line(report.failure(of: run))
                    }
                }
                progress.show(report.progress(of: seeds))
            }
        }
        progress.clear()
        report.seconds = Stopwatch.seconds(start.duration(to: clock.now))
        return report
    }

    /// Runs the first seed, and prints all that happens in it.
    func traced() -> HuntReport {
        var report = HuntReport(views: views, replicas: replicas, rule: rule)
        let clock = ContinuousClock()
        let start = clock.now
        report.campaign.add(
            SeedRun(seed: seeds.lowerBound, replicaCount: replicas, views: views, commitRule: rule) {
                StandardStream.output.line($0)
            }
        )
        report.seconds = Stopwatch.seconds(start.duration(to: clock.now))
        return report
    }
}

extension Stopwatch {
    /// A duration in seconds.
    static func seconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
    }
}
