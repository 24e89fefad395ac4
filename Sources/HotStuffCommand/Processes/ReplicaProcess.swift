import Foundation
import HotStuff
import HotStuffConfiguration

/// A replica that runs as a process of its own, started from this very program.
///
/// Its standard input is a pipe that this process holds: when this process ends, however it ends, the pipe ends too, and the
/// replica stops.
final class ReplicaProcess: Sendable {
    /// The replica.
    let replica: ReplicaID
    private let process: Process
    private let input: Pipe
    private let logFile: String

    /// Starts a replica of a local cluster, with more arguments if there are any.
    init(
        _ replica: ReplicaID,
        of testnet: Testnet,
        durability: DurabilityOption,
        arguments: [String] = []
    ) throws(Failure) {
        self.replica = replica
        logFile = testnet.logFile(of: replica)
        input = Pipe()
        process = Process()
        process.executableURL = URL(fileURLWithPath: ReplicaProcess.executablePath)
        process.arguments =
            [
                "run", "--id", "\(replica)", "--config", testnet.configurationFile(of: replica), "--key",
                testnet.keyFile(of: replica),
                "--data-dir", testnet.dataDirectory(of: replica), "--durability", durability.rawValue,
                "--stop-at-end-of-input",
            ] + arguments
        process.standardInput = input
        let log = open(logFile, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard log >= 0 else {
            throw Failure(
                .cannotCreate,
                "\(logFile) cannot be written: \(SystemError.text(errno))",
                advice: "choose another folder with --keep"
            )
        }
        let handle = FileHandle(fileDescriptor: log, closeOnDealloc: true)
        process.standardOutput = handle
        process.standardError = handle
        do {
            try process.run()
        } catch {
            throw Failure(
                .software,
                "\(ReplicaProcess.executablePath) cannot be started: \(error.localizedDescription)",
                advice: "check its permissions and the limit of processes"
            )
        }
    }

    /// Whether it has not ended yet.
    var isRunning: Bool { process.isRunning }

    /// How much memory it has.
    var memory: ResidentMemory { ResidentMemory(of: process.processIdentifier) }

    /// How much time of processors it has used, in seconds.
    var processorSeconds: Double { ProcessorTime.of(process.processIdentifier) }

    /// How much of it each kind of its threads has used.
    var threadTimes: ThreadTimes { ThreadTimes(of: process.processIdentifier) }

    /// Asks it to stop (SIGTERM), and returns whether it has done so in time and with status 0.
    func stop(within time: Duration) async -> Bool {
        process.terminate()
        guard await hasEnded(within: time) else { return false }
        return process.terminationReason == .exit && process.terminationStatus == 0
    }

    /// Ends it at once, as a crash would (SIGKILL); it has no chance to do anything more.
    func kill() {
        if process.isRunning { Foundation.kill(process.processIdentifier, SIGKILL) }
    }

    /// Waits for its end, and tells whether it came in time.
    func hasEnded(within time: Duration) async -> Bool {
        let deadline = ContinuousClock.now + time
        while process.isRunning, ContinuousClock.now < deadline {
            // A wait that is cancelled only asks more often.
            try? await Task.sleep(for: .milliseconds(5))
        }
        return !process.isRunning
    }

    /// What it said last, which after a failure is why.
    var lastWords: String {
        let content = (try? InputFile.read(logFile, what: "a log", advice: "")) ?? []
        let line = String(decoding: content, as: UTF8.self).split(separator: "\n").last.map(String.init) ?? "nothing"
        return line.hasPrefix("hotstuff: ") ? String(line.dropFirst("hotstuff: ".count)) : line
    }

    /// The file of the running program.
    private static var executablePath: String { Bundle.main.executablePath ?? CommandLine.arguments[0] }
}
