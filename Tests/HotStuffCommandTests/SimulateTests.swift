import HotStuffConfiguration
import Testing

@testable import HotStuffCommand

@Suite("hotstuff simulate")
struct SimulateTests {
    @Test("gives the same trace in two processes, and as many jobs as it likes")
    func isDeterministic() async throws {
        let one = try await Binary.run("simulate", "--seeds", "10..<14", "--views", "20", "--jobs", "1", "--json")
        let two = try await Binary.run("simulate", "--seeds", "10..<14", "--views", "20", "--jobs", "3", "--json")
        #expect(one.status == 0, "\(one.error)")
        #expect(one.error.isEmpty && two.error.isEmpty)
        #expect(try hash(one.output) == hash(two.output))
        let other = try await Binary.run("simulate", "--seeds", "11..<15", "--views", "20", "--json")
        #expect(try hash(other.output) != hash(one.output))
    }

    private func hash(_ output: String) throws -> String {
        guard case .object(let members) = try JSONParser.parse(Array(output.utf8)),
            case .string(let hash) = members["traceHash"]
        else { throw MissingMember(output: output) }
        return hash
    }

    private struct MissingMember: Error {
        let output: String
    }

    @Test("prints every member of its report")
    func json() async throws {
        let result = try await Binary.run("simulate", "--seeds", "0..<3", "--views", "20", "--json")
        let value = try JSONParser.parse(Array(result.output.utf8))
        guard case .object(let members) = value, case .object(let coverage) = members["coverage"] else {
            Issue.record("no object: \(result.output)")
            return
        }
        #expect(
            Set(members.keys) == [
                "seeds", "views", "commits", "seconds", "viewsPerSecond", "violations", "livenessFailures", "coverage",
                "shortfalls", "traceHash",
            ]
        )
        #expect(members["seeds"] == .integer(3))
        #expect(members["violations"] == .list([]))
        #expect(members["livenessFailures"] == .list([]))
        for item in [
            "timeoutCertificates", "conflictingProposals", "tornWrites", "restarts", "byzantineActs", "fetches",
        ] {
            #expect(coverage[item] != nil, "\(item)")
        }
    }

    @Test("shows everything that happens in one run")
    func trace() async throws {
        let result = try await Binary.run("simulate", "--seed", "4", "--views", "10", "--trace")
        #expect(result.status == 0)
        #expect(result.output.contains("options: "))
        #expect(result.output.contains("proposal v1 h1"))
        #expect(result.output.contains("calm for"))
    }

    @Test(
        "says on one line what is wrong with its arguments",
        arguments: [
            ["--seeds", "5..<5"], ["--seeds", "5"], ["--seeds", "a..<b"], ["--seed", "1", "--seeds", "0..<2"],
            ["--trace"],
            ["--seed", "1", "--trace", "--json"], ["--replicas", "0"], ["--replicas", "11"], ["--views", "0"],
            ["--jobs", "0"],
            ["--seed", "18446744073709551615"], ["surplus"],
        ]
    )
    func wrongArguments(arguments: [String]) async throws {
        let result = try await Binary(["simulate"] + arguments).finish()
        #expect(result.status == 64, "\(arguments)")
        #expect(result.output.isEmpty)
        #expect(result.errorLines.count == 1, "\(result.error)")
    }
}
