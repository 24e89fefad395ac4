import ConfigurationKit
import Foundation
import KillKit
import Testing

@testable import HotStuffCommand

extension EndToEndTests {
    @Test(
        "a dozen kills under load, of one, some and all processes, lose nothing that was confirmed, and nobody contradicts itself",
        arguments: [UInt64.random(in: 0..<1_000_000)]
    )
    func kills(seed: UInt64) async throws {
        let folder = try TemporaryFolder()
        let program = ReplicaProgram(path: try Binary.url().path)
        let report = try await KillHunt(in: folder.path, program: program, kills: 12, seed: seed).run()
        #expect(report.violations == [], "seed \(seed)")
        #expect(report.killCount >= 12 && report.lost == 0 && report.repeated == 0, "seed \(seed)")
        #expect(report.acknowledged > 0 && UInt64(report.acknowledged) == report.submitted, "seed \(seed)")
        #expect(report.statements > 0 && report.heard > 0, "seed \(seed)")
        // What was missed is excused, so it must be little of all.
        #expect(report.unjudged <= report.heard, "seed \(seed)")
    }

    @Test("a journal that loses its last batch while its replica is dead does not escape the hunt")
    func killsAndForgets() async throws {
        let folder = try TemporaryFolder()
        let program = ReplicaProgram(path: try Binary.url().path)
        let hunt = try KillHunt(in: folder.path, program: program, kills: 30, seed: 1)
        hunt.cutsJournals = true
        let violations = try await hunt.run().violations
        let signs = ["went back", "twice", "in two ways", "than its journal"]
        #expect(violations.contains { violation in signs.contains { violation.contains($0) } }, "\(violations)")
    }
}
