import Foundation
import HotStuff
import Testing

/// Text files that drive a cluster step by step and show each effect.
///
/// A step is one line, `----`, and what it must lead to, up to an empty line; lines that begin with `#` explain. The first
/// step is `cluster N`, `cluster N two-chain`, `cluster N two-chain next-leader` or `cluster N heartbeat MILLISECONDS`. A step after `quietly` shows only commits, views, evidence
/// and halts. With the environment variable
/// `HOTSTUFF_REWRITE=1` the files are written anew with what happened.
@Suite("Scripts")
struct ScriptTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
        "Scripts"
    )

    private static let names: [String] = {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return files.filter { $0.hasSuffix(".txt") }.sorted()
    }()

    @Test("there are scripts")
    func areFound() {
        #expect(Self.names.count >= 12)
    }

    @Test("a script leads to what it says", arguments: names)
    func runs(name: String) throws {
        let file = Self.folder.appendingPathComponent(name)
        let script = try String(contentsOf: file, encoding: .utf8)
        var cluster: ScriptCluster?
        var written: [String] = []
        for paragraph in script.components(separatedBy: "\n\n") {
            let lines = paragraph.split(separator: "\n").map(String.init)
            let comments = lines.filter { $0.hasPrefix("#") }
            guard let step = lines.first(where: { !$0.hasPrefix("#") }) else {
                if !comments.isEmpty { written.append(comments.joined(separator: "\n")) }
                continue
            }
            var result: [String] = []
            let words = step.split(separator: " ")
            if words.first == "cluster", let count = words.dropFirst().first.flatMap({ Int($0) }) {
                let heartbeat = words.count == 4 && words[2] == "heartbeat" ? UInt64(words[3]) : nil
                cluster = ScriptCluster(
                    count: count,
                    parameters: ChainParameters(
                        commitRule: words.contains("two-chain") ? .twoChain : .threeChain,
                        voteRouting: words.contains("next-leader") ? .nextLeader : .everyone
                    ),
                    heartbeatMilliseconds: heartbeat ?? 0
                )
            } else if step.hasPrefix("quietly ") {
                result = try #require(cluster).step(String(step.dropFirst(8))).filter(Self.isLoud)
            } else {
                result = try #require(cluster).step(step)
            }
            let expected = lines.drop { $0 != "----" }.dropFirst()
            if ProcessInfo.processInfo.environment["HOTSTUFF_REWRITE"] != "1" {
                #expect(Array(expected) == result, "\(name): \(step)")
            }
            written.append((comments + [step, "----"] + result).joined(separator: "\n"))
        }
        if ProcessInfo.processInfo.environment["HOTSTUFF_REWRITE"] == "1" {
            try (written.joined(separator: "\n\n") + "\n").write(to: file, atomically: true, encoding: .utf8)
        }
    }

    private static func isLoud(_ line: String) -> Bool {
        [": commit", ": enter", ": gave up", ": report", ": halt", "VIOLATION"].contains { line.contains($0) }
    }
}
