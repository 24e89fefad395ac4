import Foundation
import Testing

@Suite("The mutation gate")
struct MutationGateTests {
    private struct Report: Decodable {
        struct Entry: Decodable {
            let name: String
            let clause: String
            let caught: Bool
        }

        let mutants: [Entry]
        let caught: Int
        let total: Int
    }

    private static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The clauses of the design, section 3, that can be broken.
    private static let clauses = [
        "V1", "V2", "V3", "V4", "V5", "L1", "C1", "P1", "T1", "A1", "Quorum", "Certificates", "Durability", "Pacemaker",
        "Idle",
        "Fetching", "Execution", "Sessions",
    ]

    /// Another build of the package, in a folder of its own, and a run of it: minutes, the first time.
    @Test("the simulator notices every rule that is broken on purpose, and complains of none that is kept")
    func gate() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "mutants-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (output, errors) = (folder.appending(path: "out"), folder.appending(path: "err"))
        for file in [output, errors] { try Data().write(to: file) }
        let process = Process()
        process.currentDirectoryURL = Self.root
        process.executableURL = URL(filePath: "/usr/bin/env")
        // Politely: other tests run beside it, some of them against real clocks.
        process.arguments = ["nice", "-n", "10", "Scripts/mutants", "--budget", "small", "--json"]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: errors)
        try process.run()
        while process.isRunning { try await Task.sleep(for: .milliseconds(100)) }
        let complaints = try String(contentsOf: errors, encoding: .utf8).suffix(4_000)
        let report = try #require(
            try? JSONDecoder().decode(Report.self, from: Data(contentsOf: output)),
            "no report, status \(process.terminationStatus): \(complaints)"
        )
        for entry in report.mutants { #expect(entry.caught, "\(entry.name) (\(entry.clause)) survives") }
        #expect(report.caught == report.total)
        #expect(report.total >= 60)
        #expect(process.terminationStatus == 0)
        for clause in Self.clauses {
            #expect(report.mutants.contains { $0.clause == clause }, "no fault breaks \(clause)")
        }
    }
}
