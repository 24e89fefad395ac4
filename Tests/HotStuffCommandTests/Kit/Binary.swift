import ConfigurationKit
import Foundation
import Testing

@testable import HotStuffCommand

/// The built program, run as a user runs it.
final class Binary: Sendable {
    /// What a finished run left.
    struct Result: Sendable {
        /// The exit status; 128 and more for a signal.
        let status: Int32
        /// All of standard output.
        let output: String
        /// All of standard error.
        let error: String

        /// The lines of standard error.
        var errorLines: [Substring] { error.split(separator: "\n", omittingEmptySubsequences: true) }
    }

    private let process = Process()
    private let folder: TemporaryFolder

    /// Starts the program in a directory, or in a new one, with some text as its standard input.
    ///
    /// With a limit no file that it writes grows beyond so many bytes: a write over it fails as on a full disk. Variables are set beside those that
    /// it inherits.
    init(
        _ arguments: [String],
        in directory: String? = nil,
        input: String = "",
        fileLimit: Int? = nil,
        environment: [String: String] = [:]
    ) throws {
        folder = try TemporaryFolder()
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        if let fileLimit {
            process.executableURL = URL(fileURLWithPath: "/bin/sh")
            let script = "trap '' XFSZ; ulimit -f \(fileLimit / 512); exec \"$0\" \"$@\""
            process.arguments = ["-c", script, try Binary.url().path] + arguments
        } else {
            process.executableURL = try Binary.url()
            process.arguments = arguments
        }
        process.currentDirectoryURL = URL(fileURLWithPath: directory ?? folder.path)
        process.standardInput = try FileHandle(forReadingFrom: URL(fileURLWithPath: try folder.write("in", input)))
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: try folder.write("out", "")))
        process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: try folder.write("err", "")))
        try process.run()
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    /// Runs the program to its end.
    static func run(_ arguments: String..., in directory: String? = nil, input: String = "") async throws -> Result {
        try await Binary(arguments, in: directory, input: input).finish()
    }

    /// Waits for its end.
    func finish() async throws -> Result {
        while process.isRunning { try await Task.sleep(for: .milliseconds(5)) }
        let signal = process.terminationReason == .uncaughtSignal
        return Result(
            status: process.terminationStatus + (signal ? 128 : 0),
            output: try content("out"),
            error: try content("err")
        )
    }

    /// Waits until standard output has some text; fails when the program ends without it.
    func waitForOutput(_ text: String) async throws {
        while try !content("out").contains(text) {
            let error = try content("err")
            try #require(process.isRunning, "it ended: \(error)")
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    /// What it has logged so far.
    var log: String { get throws { try content("err") } }

    /// Waits until its log has some text; fails when the program ends without it.
    func waitForLog(_ text: String) async throws {
        while try !log.contains(text) {
            let log = try log
            try #require(process.isRunning, "it ended: \(log)")
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    /// Sends it a signal.
    func signal(_ number: Int32) { kill(process.processIdentifier, number) }

    private func content(_ name: String) throws -> String {
        try String(contentsOfFile: folder.file(name), encoding: .utf8)
    }

    /// Whether it has not ended.
    var isRunning: Bool { process.isRunning }

    /// The program beside the bundle of the tests.
    static func url() throws -> URL {
        let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }?.bundleURL
        let tests = bundle ?? Bundle.main.executableURL ?? URL(fileURLWithPath: CommandLine.arguments[0])
        let url = tests.deletingLastPathComponent().appending(path: "hotstuff")
        try #require(FileManager.default.isExecutableFile(atPath: url.path), "there is no program at \(url.path)")
        return url
    }
}
