import ConfigurationKit
import Foundation
import HotStuff
import HotStuffConfiguration
import Testing

@testable import HotStuffCommand

@Suite("Parts of the demo")
struct DemoTests {
    @Test("Examples/words.txt is what the demo submits: 2,000 different words")
    func words() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../..")
        let file = try String(contentsOf: root.appending(path: "Examples/words.txt"), encoding: .utf8)
        #expect(file == DemoWords.text)
        #expect(DemoWords.words.count == 2_000)
        #expect(Set(DemoWords.words).count == 2_000)
        #expect(try CommandList.parse(Array(file.utf8), file: "words.txt").count == 2_000)
        #expect(file.hasPrefix("put amberanchor 1\nput autumnanchor 2\n"))
    }

    @Test("a percentile is a latency that was measured")
    func percentiles() {
        let state = DemoState(total: 100)
        #expect(state.snapshot.latency(percentile: 50) == 0)
        for latency in (1...100).reversed() { state.confirm(latencyMilliseconds: Double(latency)) }
        #expect(state.snapshot.latency(percentile: 50) == 50)
        #expect(state.snapshot.latency(percentile: 99) == 99)
        #expect(state.snapshot.latency(percentile: 100) == 100)
        #expect(state.confirmed == 100)
    }

    @Test("the outcome is a success only if all three findings are good", arguments: 0..<8)
    func success(bits: Int) {
        let report = DemoReport(
            replicas: 4,
            committedBlocks: 20,
            committedCommands: 2_000,
            seconds: 1.25,
            commandsPerSecond: 1_600,
            medianLatency: 10,
            latencyOf99Percent: 1_000.5,
            restartedReplicaCaughtUp: bits & 1 != 0,
            identicalChains: bits & 2 != 0,
            identicalStates: bits & 4 != 0
        )
        #expect(report.isSuccess == (bits == 7))
        #expect(report.json["identicalChains"] == .boolean(bits & 2 != 0))
        #expect(report.json["latencyMilliseconds.p99"] == .number(1_000.5))
        let text = report.text(terminal: Terminal(environment: [:], isTerminal: false))
        #expect(text.components(separatedBy: "NO ").count - 1 == 3 - bits.nonzeroBitCount)
        #expect(text.contains("2,000 commands in 20 blocks, 1.25 s: 1,600 commands/s"))
    }

    @Test("colour needs a terminal that is not dumb and no NO_COLOR")
    func terminals() {
        func terminal(_ environment: [String: String], isTerminal: Bool = true) -> Terminal {
            Terminal(environment: environment, isTerminal: isTerminal)
        }
        #expect(terminal(["TERM": "xterm"]).hasColor)
        #expect(!terminal(["TERM": "xterm"], isTerminal: false).isLive)
        #expect(!terminal(["TERM": "dumb"]).isLive)
        #expect(!terminal([:]).isLive)
        #expect(terminal(["TERM": "xterm", "NO_COLOR": ""]).hasColor)
        let plain = terminal(["TERM": "xterm", "NO_COLOR": "1"])
        #expect(plain.isLive && !plain.hasColor)
        #expect(plain.colored("x", .red) == "x")
    }

    @Test(
        "the block fits the terminal and tells who leads, who is down and who is silent",
        arguments: [20, 40, 79, 200]
    )
    func block(width: Int) {
        let state = DemoState(total: 2_000)
        let status = ReplicaStatus(
            replica: ReplicaID(1),
            view: View(9),
            leader: ReplicaID(1),
            committedHeight: Height(7),
            committedBlock: .zero,
            executed: .genesis,
            applicationState: .zero,
            executedCommands: 0,
            pendingCommands: 0,
            failedViews: 0
        )
        state.begin()
        state.record(status)
        state.setDown(ReplicaID(2))
        for _ in 0..<500 { state.confirm(latencyMilliseconds: 12.5) }
        let terminal = Terminal(environment: ["TERM": "xterm", "NO_COLOR": "1"], isTerminal: true)
        let lines = ProgressBlock(snapshot: state.snapshot, replicas: 4).lines(width: width, terminal: terminal)
        #expect(lines.count == 3)
        #expect(lines.allSatisfy { $0.count <= width })
        if width >= 79 {
            #expect(lines[0].hasSuffix("500 of 2,000 commands, 25 %"))
            #expect(lines[1].hasPrefix("height 7 "))
            #expect(lines[2] == "replicas   0: silent   1: 7 leads   2: down   3: silent")
        }
    }

    @Test("figures read well")
    func figures() {
        #expect(
            [0, 999, 1_000, 1_234_567, -1_000].map { Figures.count($0) } == [
                "0", "999", "1,000", "1,234,567", "-1,000",
            ]
        )
        #expect(Figures.decimal(1.005, digits: 1) == "1.0")
        #expect(Figures.decimal(0.05, digits: 2) == "0.05")
        #expect(Figures.decimal(-0.001, digits: 2) == "0.00")
        #expect(Figures.decimal(.nan, digits: 2) == "?")
        #expect(
            [0.04, 12.34, 123.4, 1_500].map { Figures.milliseconds($0) } == ["0.0 ms", "12.3 ms", "123 ms", "1.50 s"]
        )
    }

    @Test("free ports differ and lie below those of outgoing connections")
    func ports() throws {
        let ports = try FreePorts.draw(40)
        #expect(Set(ports).count == 40)
        #expect(ports.allSatisfy { (20_000..<32_000).contains($0) })
    }
}

@Suite("Documents")
struct DocumentTests {
    @Test("the example of README.md is the code that is compiled with these tests")
    func readmeExample() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let readme = try String(contentsOf: folder.appending(path: "../../README.md"), encoding: .utf8)
        let code = try String(contentsOf: folder.appending(path: "ReadmeExample.swift"), encoding: .utf8)
        #expect(readme.contains("```swift\n\(code)```"))
    }
}
