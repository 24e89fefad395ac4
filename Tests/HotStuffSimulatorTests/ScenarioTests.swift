import Foundation
import HotStuffSimulator
import Testing

/// Text files that play a known attack on a cluster and say what it must and must not lead to.
///
/// The words are listed in the sources, at `Scenario` and at what it expects.
@Suite("Scenarios")
struct ScenarioTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
        "Scenarios"
    )

    private static let names: [String] = {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return files.filter { $0.hasSuffix(".txt") }.sorted()
    }()

    @Test("there are scenarios")
    func areFound() {
        #expect(Self.names.count >= 26)
    }

    @Test("an attack leads to what its scenario says", arguments: names)
    func holds(name: String) throws {
        let text = try String(contentsOf: Self.folder.appendingPathComponent(name), encoding: .utf8)
        let run = ScenarioRun(text: text)
        #expect(run.passed, "\(name): \(run.failure?.description ?? "")")
        #expect(run.expectationCount > 0, "\(name) expects nothing")
        #expect(text.hasPrefix("# "), "\(name) does not say what it is about")
    }

    @Test(
        "a scenario fails where it is wrong, with the line",
        arguments: [
            ("cluster 4\nexpect committed all h1", 2, "replica 0 has committed h0"),
            ("cluster 4 liars 3\ndance", 2, "there is no such step"),
            ("expect view 0 1", 1, "there is no cluster yet"),
            ("cluster 4 liars 3\nblock x by 2 view 2 on genesis", 2, "there is no such liar"),
            ("cluster 4 liars 3\nsubmit 3 1", 2, "3: not all are honest"),
            ("cluster 4\nexpect violation lock", 2, "there are []"),
            ("cluster 4\nexpect view 0 two", 2, "two is no number"),
            ("cluster 4\ngather 1", 2, "there are not enough timeouts of view 1"),
        ]
    )
    func failure(text: String, line: Int, detail: String) {
        let run = ScenarioRun(text: text)
        #expect(run.failure?.line == line)
        #expect(run.failure?.detail == detail)
    }
}
