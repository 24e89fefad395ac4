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

    /// A replica asks replica 1 for a block that nobody has.
    private static let asking = """
        cluster 4 liars 1,2,3
        block ghost by 1 view 1 on genesis
        certify ghost signers 1,2,3
        show ghost to 0 by 1
        wait until 0 asks 1

        """
    /// A replica has lost its journal with the power.
    private static let forgetting = "cluster 4 unsynced\nsubmit all 1\ndeliver\ncrash 0\nrestart 0\n"

    /// Scenarios that are wrong, with the line and what is told of it.
    private static let failures: [(String, Int, String)] = [
        ("cluster 4\nexpect committed all h1", 2, "replica 0 has committed h0"),
        ("cluster 4 liars 3\ndance", 2, "there is no such step"),
        ("expect view 0 1", 1, "there is no cluster yet"),
        ("cluster 4 liars 3\nblock x by 2 view 2 on genesis", 2, "there is no such liar"),
        ("cluster 4 liars 3\nsubmit 3 1", 2, "3: not all are honest"),
        ("cluster 4\nexpect violation lock", 2, "there are []"),
        ("cluster 4\nexpect view 0 two", 2, "two is no number"),
        ("cluster 4\ngather 1", 2, "there are not enough timeouts of view 1"),
        ("cluster 4 snapshots 0", 1, "snapshotInterval is 0, allowed are 1 to 1000000000"),
        ("cluster 4 routing nowhere", 1, "nowhere: no such routing"),
        ("cluster 4 liars 3\nexpect not asked 0 of 3 rangerequests", 2, "rangerequests is no kind"),
        ("cluster 4 liars 3\ngive truth to 0", 2, "replica 0 asked replica 3 nothing"),
        ("cluster 4 liars 3\ngive gossip to 0", 2, "there is no such lie"),
        ("cluster 4 liars 3\nwait until 0 asks 3", 2, "replica 0 does not ask"),
        ("cluster 4 liars 3\nexpect asked 0 of 3", 2, "replica 0 did not ask replica 3"),
        ("\(asking)expect not asked 0 of 1", 6, "replica 0 asked replica 1 for requests"),
        ("\(asking)expect not asked 0 of 2,1 requests within 125", 6, "replica 0 asked replica 1 for requests"),
        ("\(asking)wait 125 0\nexpect asked 0 of 1 within 125", 7, "replica 0 did not ask replica 1"),
        ("\(asking)expect asked 0 of 1 rangeRequests", 6, "replica 0 did not ask replica 1"),
        ("\(asking)give root to 0 by 1", 6, "to request b=c732b93d above h0 this is no answer"),
        ("cluster 4\nexpect executed all h1", 2, "replica 0 has executed h0"),
        ("cluster 4\nexpect started 0 h4", 2, "replica 0 started from no snapshot"),
        ("cluster 4\nexpect voted 0 1", 2, "replica 0 voted last in v0"),
        ("cluster 4\nexpect gaveup 0 1", 2, "replica 0 gave up v0 last"),
        ("cluster 4\nexpect rolled 0", 2, "replica 0 has its whole journal"),
        ("cluster 4\nexpect checkpointed 0", 2, "replica 0 has written more than a checkpoint"),
        ("cluster 4\nexpect forgets 0", 2, "replica 0 has forgotten nothing"),
        ("\(forgetting)expect not forgets 0", 6, "replica 0 has forgotten what it did through v257"),
        ("cluster 4\nsubmit all 1\ndeliver proposals\nexpect knows 0 v1", 4, "replica 0 knows a certificate of v0"),
        ("cluster 4\nexpect stopped 0", 2, "replica 0: nil"),
    ]

    @Test("there are scenarios")
    func areFound() {
        #expect(Self.names.count >= 50)
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
        arguments: failures
    )
    func failure(text: String, line: Int, detail: String) {
        let run = ScenarioRun(text: text)
        #expect(run.failure?.line == line)
        #expect(run.failure?.detail == detail)
    }
}
