import ConfigurationKit
import Foundation
import HotStuff
import HotStuffConfiguration
import Testing

@testable import HotStuffCommand

@Suite("The benchmark of a cluster", .serialized)
struct BenchClusterTests {
    private func members(_ result: Binary.Result) throws -> [String: Any] {
        let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
        return try #require(object as? [String: Any], "\(result.output) \(result.error)")
    }

    @Test("processes are measured, and the page of the report needs nothing from elsewhere")
    func processes() async throws {
        let page = FileManager.default.temporaryDirectory.appendingPathComponent("report-\(UUID()).html")
        defer { try? FileManager.default.removeItem(at: page) }
        let arguments = [
            "bench", "cluster", "--replicas", "4", "--seconds", "1", "--warm-up", "0", "--outstanding", "40",
            "--block-size", "10", "--payload", "100", "--clients", "2", "--routing", "everyone", "--json", "--report",
            page.path,
        ]
        let result = try await Binary(arguments).finish()
        #expect(result.status == 0)
        let report = try members(result)
        #expect(report["outstanding"] as? Int == 40 && report["payload"] as? Int == 100)
        #expect(report["clients"] as? Int == 2 && report["sessions"] as? Int == 2)
        #expect(try #require(report["commandsPerSecond"] as? Double) > 0)
        #expect(try #require(report["blocksPerSecond"] as? Double) > 0)
        let perBlock = try #require(report["commandsPerBlock"] as? Double)
        #expect(perBlock > 0 && perBlock <= 10 + 40)
        let latency = try #require(report["latencyMilliseconds"] as? [String: Double])
        let order = ["p50", "p90", "p99", "p999"].compactMap { latency[$0] }
        #expect(order.count == 4 && order == order.sorted() && order[0] > 0)
        let curve = try #require(report["latencyAgainstLoad"] as? [[String: Any]])
        #expect(curve.compactMap { $0["outstanding"] as? Int } == [1, 4, 16, 40])
        #if os(Linux)
        let memory = try #require(report["residentMegabytes"] as? [[String: Double]])
        #expect(memory.count == 4 && memory.allSatisfy { $0.count == 3 && $0.values.allSatisfy { $0 > 1 } })
        // A command is in a message to each of four replicas, and in a proposal.
        #expect(try #require(report["bytesPerCommand"] as? Double) > 5 * 100)
        #expect(try #require(report["cpuSecondsPerThousandCommands"] as? Double) > 0)
        #expect(!(try #require(report["cpuMicrosecondsPerBlock"] as? [String: Double])).isEmpty)
        #endif
        let html = try String(contentsOf: page, encoding: .utf8)
        #expect(html.components(separatedBy: "<svg").count >= 4)
        let links = html.replacing("http://www.w3.org/2000/svg", with: "")
        #expect(!links.contains("http") && !links.contains("src=") && !links.contains("<script"))
        // What is there is not overwritten, and nothing is measured for it.
        let again = try await Binary(arguments).finish()
        #expect(again.status == 73)
        #expect(again.error.hasPrefix("hotstuff: \(page.path) exists; "))
    }

    @Test("so many blocks of one command each, with all replicas in one process")
    func blocks() async throws {
        let result = try await Binary([
            "bench", "--blocks", "30", "--block-size", "1", "--outstanding", "4", "--warm-up", "0", "--in-process",
            "--json",
        ]).finish()
        #expect(result.status == 0)
        let report = try members(result)
        let seconds = try #require(report["seconds"] as? Double)
        let blocks = try #require(report["blocksPerSecond"] as? Double) * seconds
        #expect(blocks >= 29.9 && blocks < 60)
        #expect(report["inProcess"] as? Bool == true)
        #expect(try #require(report["residentMegabytes"] as? [Any]).count == 1)
    }

    @Test("people see a few lines")
    func text() throws {
        let figures = LoadFigures(
            commands: 200_000,
            blocks: 500,
            seconds: 2,
            latency: LoadFigures.Latency(median: 1, of90Percent: 1.5, of99Percent: 2, of999PerMille: 30),
            longestGap: 3,
            timeline: [10, 20, 15],
            distribution: [
                LoadFigures.Quantile(percent: 0, milliseconds: 0.5),
                LoadFigures.Quantile(percent: 100, milliseconds: 40),
            ]
        )
        let report = ClusterReport(
            setting: ClusterSetting(
                replicas: 4,
                signature: .mlDSA44,
                parameters: .init(),
                durability: .processCrash,
                payload: 0,
                clients: 1,
                outstanding: 3_200,
                isInProcess: false
            ),
            measurement: ClusterMeasurement(
                figures: figures,
                memory: ClusterMeasurement.Memory(start: [30], middle: [31], end: [32]),
                replicaProcessorSeconds: [1, 1],
                ownProcessorSeconds: 0.5,
                threadTimes: ThreadTimes(),
                loopbackBytes: 100_000_000
            )
        )
        #expect(
            report.text == """
                cluster     4 replicas, ml-dsa-44, process-crash, roundRobin, votes to everyone, threeChain; blocks of at most 400, \
                0 bytes of payload, 3,200 outstanding in 2 sessions
                throughput  100,000 commands/s in 250 blocks/s, 400.0 commands in each
                latency     1.0 ms p50, 1.5 ms p90, 2.0 ms p99, 30.0 ms p99.9; never more than 3.0 ms without a result
                cost        12.50 µs of processor time for a command, 500 bytes on all connections
                memory      30 MB at the beginning, 31 in the middle, 32 in the end
                measured    200,000 commands in 2.00 s
                """
        )
        #expect(ClusterPage(report: report).html.contains("100,000 commands/s"))
    }

    @Test("throughput is told for each tenth of the whole intervals")
    func tenths() {
        var figures = LoadFigures(
            commands: 0,
            blocks: 0,
            seconds: 5,
            latency: LoadFigures.Latency(median: 1, of90Percent: 1, of99Percent: 1, of999PerMille: 1),
            longestGap: 0,
            timeline: (0..<25).map { UInt64($0) * 2 } + [7],
            distribution: []
        )
        // 25 whole intervals: the tenths have two and three of them in turns.
        let tenths = figures.commandsPerSecondByTenth
        #expect(tenths.count == 10 && tenths[0] == 5 && tenths[1] == 30 && tenths[9] == 230)
        figures.timeline = Array(repeating: 3, count: 10)
        #expect(figures.commandsPerSecondByTenth.isEmpty)
    }

    @Test("a drawing stays within its frame, and what is written in it is no markup")
    func plot() throws {
        let drawing = Plot(
            title: "a <b> & 'c'",
            xLabel: "x",
            yLabel: "<y>",
            series: [
                Plot.Series(name: "one", points: [(x: 3, y: 0), (x: 7, y: 12.5), (x: 5, y: 900)]),
                Plot.Series(name: "two", points: [(x: 4, y: 1)]),
            ]
        ).svg
        #expect(drawing.contains("a &lt;b&gt; &amp; &#39;c&#39;") && drawing.contains("&lt;y&gt;"))
        #expect(!drawing.contains("<b>") && !drawing.contains("<y>"))
        let circles = drawing.matches(of: /cx='([0-9.-]+)' cy='([0-9.-]+)'/)
        #expect(circles.count == 4)
        for circle in circles {
            let (x, y) = (try #require(Double(circle.1)), try #require(Double(circle.2)))
            #expect((0...640).contains(x) && (0...320).contains(y))
        }
        // Nothing, and one point, are drawn too.
        #expect(Plot(title: "", xLabel: "", yLabel: "", series: []).svg.hasSuffix("</svg>"))
        #expect(Plot.bars("bars", unit: "µs", [(name: "a&b", value: 0)]).contains("a&amp;b"))
    }

    #if os(Linux)
    @Test("the system tells how much time of processors this process used, and its threads")
    func times() {
        var sum: UInt64 = 1
        let begin = ProcessorTime.own
        while ProcessorTime.own < begin + 0.05 { sum = sum &* 3 &+ 1 }
        #expect(sum != 0 && ProcessorTime.of(getpid()) > 0)
        let times = ThreadTimes(of: getpid())
        #expect(times.seconds.values.reduce(0, +) > 0)
        #expect(times.since(times).seconds.values.allSatisfy { $0 == 0 })
        #expect(ProcessorTime.of(-1) == 0 && ThreadTimes(of: -1) == ThreadTimes())
    }
    #endif

    @Test(
        "what cannot be measured is refused with one line",
        arguments: [
            (["--replicas", "0"], "--replicas is 0; choose 1 to 40"),
            (["--block-size", "65537"], "--block-size is 65537; choose 1 to 65536"),
            (["--payload", "65537"], "--payload is 65537; choose 0 to 65536"),
            (["--clients", "8", "--outstanding", "4"], "--outstanding is 4; choose 8 to 65536"),
            (["--seconds", "0"], "--seconds is 0; choose 1 to 86400"),
            (["--blocks", "0"], "--blocks is 0; choose 1 to 1000000000"),
            (["--election", "lottery"], #"leaderElection is "lottery"; known are"#),
        ]
    )
    func refused(arguments: [String], complaint: String) async throws {
        let result = try await Binary(["bench", "cluster"] + arguments).finish()
        #expect(result.status == 64)
        #expect(result.error.hasPrefix("hotstuff: \(complaint)"), "\(result.error)")
    }

    @Test("who interrupts a measurement finds nothing left of it", arguments: [SIGINT, SIGTERM])
    func interruption(number: Int32) async throws {
        let folder = try TemporaryFolder()
        let binary = try Binary(
            ["bench", "cluster", "--seconds", "60", "--outstanding", "40"],
            environment: ["TMPDIR": folder.path]
        )
        // The folder of a cluster is there, and its last replica has begun to write.
        func logs() -> [String] {
            (try? FileManager.default.subpathsOfDirectory(atPath: folder.path))?.filter { $0.hasSuffix(".log") } ?? []
        }
        while logs().count < 4 {
            let log = try binary.log
            try #require(binary.isRunning, "it ended: \(log)")
            try await Task.sleep(for: .milliseconds(5))
        }
        binary.signal(number)
        let result = try await binary.finish()
        #expect(result.status == 128 + number)
        #expect(result.errorLines == ["hotstuff: stopped by signal \(number)"])
        #expect(result.output.isEmpty)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }
}
