import Foundation
import HotStuffConfiguration
import Testing

@testable import HotStuffCommand

@Suite("The benchmark of taking a state")
struct BenchStateTests {
    @Test("a state of several chunks arrives as it was, and nothing is left of it", arguments: [1_000, 5_300_001])
    func small(bytes: UInt64) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("bench-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        let report = try StateBenchmark(stateBytes: bytes, directory: folder.path).run(ProgressLine(isShown: false))
        #expect(report.statesEqual)
        #expect(report.snapshotBytes > bytes && report.receivedBytes > bytes)
        #expect(report.transferSeconds > 0 && report.loadSeconds > 0)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
        guard case .object(let members) = report.json, case .object(let memory) = members["residentMegabytes"] else {
            Issue.record("\(report.json.compactText)")
            return
        }
        #expect(members["bytes"] == .integer(bytes) && members["statesEqual"] == .boolean(true))
        #expect(Set(memory.keys) == ["before", "peak", "after"])
        #expect(report.text.contains("the states are equal"))
    }

    @Test("memory that grew too much, and another state, are failures with status 1")
    func failures() {
        func report(peak: Double, equal: Bool) -> StateReport {
            StateReport(
                stateBytes: 1_000_000,
                snapshotBytes: 1_000_100,
                receivedBytes: 1_001_000,
                transferSeconds: 0.5,
                loadSeconds: 0.5,
                residentMegabytes: .init(before: 20, peak: peak, after: 21),
                statesEqual: equal
            )
        }
        #expect(report(peak: 20 + StateReport.memoryBound, equal: true).failure == nil)
        let grown = report(peak: 21 + StateReport.memoryBound, equal: true).failure
        #expect(grown?.status == .no && grown?.line.contains("memory grew by 65.0 MB") == true)
        #expect(report(peak: 20, equal: false).failure?.status == .no)
        #expect(report(peak: 20, equal: true).text.contains("both    1.00 s     1"))
    }

    @Test("a length that makes no sense is refused")
    func usage() async throws {
        let result = try await Binary(["bench", "state", "--bytes", "10"]).finish()
        #expect(result.status == ProgramStatus.usage.rawValue)
        #expect(result.error.contains("--bytes is 10"))
    }
}
