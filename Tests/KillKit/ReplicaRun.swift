import Foundation
import HotStuff

/// One life of a replica: a process of the program that users run, from its start to its end.
final class ReplicaRun: Sendable {
    /// How a life ended.
    enum End: Equatable, Sendable {
        /// It was killed from outside.
        case killed
        /// It was killed inside a call: the call, the moment and the file.
        case killedInside(String)
        /// It ended by itself, with a status.
        case status(Int32)
        /// A signal other than SIGKILL ended it.
        case signal(Int32)
    }

    /// The replica.
    let replica: Int
    /// Where it is to be killed, if that is known from the beginning.
    let point: KillPoint?
    private let process = Process()
    private let input = Pipe()
    private let folder: ProcessFolder
    /// The length of the log when this life began.
    private let logStart: UInt64

    /// Starts a process.
    ///
    /// - Parameters:
    ///   - replica: which one.
    ///   - folder: where its files are.
    ///   - program: how it is started.
    ///   - point: where it is to be killed; nothing happens without the library that does it.
    ///   - more: further arguments.
    /// - Throws: that the process does not start.
    init(
        _ replica: Int,
        in folder: ProcessFolder,
        by program: ReplicaProgram,
        until point: KillPoint? = nil,
        more: [String] = []
    ) throws {
        self.replica = replica
        self.folder = folder
        self.point = program.library == nil ? nil : point
        process.executableURL = URL(fileURLWithPath: program.path)
        process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
        process.arguments =
            [
                "run", "--id", "\(replica)", "--config", folder.configurationFile, "--key", folder.keyFile(of: replica),
                "--data-dir", folder.dataDirectory(of: replica), "--segment-bytes", "\(program.segmentBytes)",
                "--stop-at-end-of-input",
            ] + more
        // The pipe ends with this process, and the replica with the pipe.
        process.standardInput = input
        let report = folder.reportFile(of: replica)
        try? FileManager.default.removeItem(atPath: report)
        if let point = self.point, let library = program.library {
            var environment = ProcessInfo.processInfo.environment
            environment["LD_PRELOAD"] = library
            environment["KILLPOINT"] = point.environment
            environment["KILLPOINT_FOLDER"] = folder.path
            environment["KILLPOINT_REPORT"] = report
            process.environment = environment
        }
        let path = folder.logFile(of: replica)
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw KillHuntError("\(path) cannot be written") }
        let log = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        logStart = try log.seekToEnd()
        process.standardOutput = log
        process.standardError = log
        try process.run()
    }

    /// Whether it has not ended.
    var isRunning: Bool { process.isRunning }

    /// Kills it from outside, at once.
    func kill() {
        if process.isRunning { Foundation.kill(process.processIdentifier, SIGKILL) }
    }

    /// Asks it to stop.
    func terminate() { process.terminate() }

    /// Waits for its end; false if the time is over.
    func hasEnded(within time: Duration) async -> Bool {
        let deadline = ContinuousClock.now + time
        while process.isRunning, ContinuousClock.now < deadline {
            // A wait that is cancelled only asks more often.
            try? await Task.sleep(for: .milliseconds(2))
        }
        return !process.isRunning
    }

    /// How it ended; it must have done so.
    var end: End {
        guard process.terminationReason == .uncaughtSignal else { return .status(process.terminationStatus) }
        guard process.terminationStatus == SIGKILL else { return .signal(process.terminationStatus) }
        let report = try? String(contentsOfFile: folder.reportFile(of: replica), encoding: .utf8)
        guard let words = report?.split(separator: "\n").first else { return .killed }
        return .killedInside(String(words))
    }

    /// All lines that it has written.
    var log: [String] {
        guard let file = FileHandle(forReadingAtPath: folder.logFile(of: replica)) else { return [] }
        defer { try? file.close() }
        try? file.seek(toOffset: logStart)
        let text = String(decoding: (try? file.readToEnd()) ?? Data(), as: UTF8.self)
        return text.split(separator: "\n").map(String.init)
    }

    /// The lines with which it told why it ended.
    var complaints: [String] { log.filter { $0.hasPrefix("hotstuff: ") } }

    /// Whether it has said that it is ready.
    var isReady: Bool { log.contains { $0.contains(" is ready: ") } }
}

/// The program whose processes are killed.
package struct ReplicaProgram: Sendable {
    /// The file of `hotstuff`.
    package var path: String
    /// The library that kills a process inside a call; none if processes are killed from outside only.
    package var library: String?
    /// The length at which a replica begins another file.
    package var segmentBytes: Int

    /// Names a program.
    package init(path: String, library: String? = nil, segmentBytes: Int = 65_536) {
        self.path = path
        self.library = library
        self.segmentBytes = segmentBytes
    }
}
