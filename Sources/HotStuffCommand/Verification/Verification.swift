import HotStuff
import HotStuffConfiguration
import HotStuffReplica
import HotStuffStorage

/// One audit of a data directory, shown to somebody who waits.
struct Verification {
    /// The directory, as the user named it.
    let directory: String
    /// The configuration, as the user named it.
    let config: String
    let cluster: ClusterConfiguration
    let isQuiet: Bool

    /// Audits, with the signatures shared out over all cores.
    func run(on disk: RealDisk) throws(Failure) -> VerificationReport {
        let genesis = cluster.genesis
        let verifier: StatementVerifier
        let pool: VerificationPool
        do {
            pool = try VerificationPool(threadCount: VerificationPool.defaultThreadCount)
            verifier = try StatementVerifier(validators: genesis.validators, scheme: cluster.scheme, pool: pool)
        } catch {
            throw Failure(
                .software,
                "the signatures cannot be verified: \(error)",
                advice: "check the keys in \(config)"
            )
        }
        defer { pool.stop() }
        let progress = VerificationProgress(isShown: !isQuiet)
        let audit: AuditReport
        do {
            defer { progress.clear() }
            let listeners = cluster.listeners.map { (id: $0.id, key: $0.publicKey) }
            audit = try DirectoryAudit.run(of: disk, genesis: genesis, listeners: listeners, verifier: verifier) {
                progress.show($0)
            }
        } catch {
            throw Failure(error, dataDirectory: directory, config: config)
        }
        return VerificationReport(directory: directory, audit: audit, seconds: progress.seconds)
    }
}

/// How far an audit is, on a line that is painted over ten times a second.
final class VerificationProgress {
    private let line: ProgressLine
    private let clock = ContinuousClock()
    private let start: ContinuousClock.Instant
    private var next: ContinuousClock.Instant

    /// Begins now.
    init(isShown: Bool) {
        line = ProgressLine(isShown: isShown)
        start = clock.now
        next = start
    }

    /// The seconds since the beginning.
    var seconds: Double { Stopwatch.seconds(start.duration(to: clock.now)) }

    /// Shows how far it is, if there was time to read what was shown before.
    func show(_ progress: AuditProgress) {
        let now = clock.now
        guard now >= next else { return }
        next = now.advanced(by: .milliseconds(100))
        line.show(VerificationProgress.text(progress, seconds: seconds))
    }

    /// Takes the line off the screen.
    func clear() { line.clear() }

    /// The line: blocks, blocks in a second, and how long it will take by the bytes that are left.
    static func text(_ progress: AuditProgress, seconds: Double) -> String {
        let rate = seconds > 0 ? Double(progress.blocks) / seconds : 0
        var text = "\(Figures.count(progress.blocks)) blocks, \(Figures.count(UInt64(rate))) blocks/s"
        if progress.bytes > 0, progress.totalBytes > 0, seconds > 0 {
            let left = seconds * Double(progress.totalBytes - progress.bytes) / Double(progress.bytes)
            text += ", \(progress.bytes * 100 / progress.totalBytes) %, \(Figures.decimal(left, digits: 0)) s left"
        }
        return text
    }
}
