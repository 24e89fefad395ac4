import Foundation
import HotStuff
import HotStuffConfiguration
import HotStuffStorage
import NIOCore
import NIOPosix
import Testing

@testable import HotStuffCommand

@Suite("The benchmark of faults", .serialized)
struct BenchFaultsTests {
    /// Sends back what it gets.
    private final class Echo: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            context.writeAndFlush(data, promise: nil)
        }
    }

    /// Collects what it gets, and tells when that is enough, and when the other side has gone.
    private final class Ear: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let begun: (count: Int, promise: EventLoopPromise<Void>)
        private let wanted: Int
        private let heard: EventLoopPromise<[UInt8]>
        private let ended: EventLoopPromise<Void>
        private var bytes: [UInt8] = []

        init(
            begun: (count: Int, promise: EventLoopPromise<Void>),
            wanted: Int,
            heard: EventLoopPromise<[UInt8]>,
            ended: EventLoopPromise<Void>
        ) {
            self.begun = begun
            self.wanted = wanted
            self.heard = heard
            self.ended = ended
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            bytes += unwrapInboundIn(data).readableBytesView
            if bytes.count >= begun.count { begun.promise.succeed(()) }
            if bytes.count >= wanted { heard.succeed(bytes) }
        }

        func channelInactive(context: ChannelHandlerContext) {
            begun.promise.fail(ChannelError.eof)
            heard.fail(ChannelError.eof)
            ended.succeed(())
        }
    }

    @Test("a link carries all bytes in order, late in each direction, and its end")
    func link() async throws {
        let group = MultiThreadedEventLoopGroup.singleton
        let server = try await ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Echo()) }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let delays = LinkDelays(count: 2, microseconds: 20_000)
        let link = try await LinkProxy(
            from: ReplicaID(0),
            to: ReplicaID(1),
            port: try #require(server.localAddress?.port),
            delays: delays,
            group: group
        )
        let sent = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
        let loop = group.next()
        let (heard, ended) = (loop.makePromise(of: [UInt8].self), loop.makePromise(of: Void.self))
        let begun = loop.makePromise(of: Void.self)
        let client = try await ClientBootstrap(group: loop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        Ear(begun: (100_000, begun), wanted: sent.count, heard: heard, ended: ended)
                    )
                }
            }
            .connect(host: "127.0.0.1", port: link.port).get()
        let start = ContinuousClock.now
        func send(_ range: Range<Int>) {
            for piece in stride(from: range.lowerBound, to: range.upperBound, by: 1_000) {
                client.writeAndFlush(ByteBuffer(bytes: sent[piece..<piece + 1_000]), promise: nil)
            }
        }
        send(0..<100_000)
        try await begun.futureResult.get()
        #expect(ContinuousClock.now - start >= .milliseconds(40))
        // What comes later must not overtake, whatever the delay is by then.
        send(100_000..<200_000)
        delays.set(1_000, of: ReplicaID(0))
        send(200_000..<300_000)
        #expect(try await heard.futureResult.get() == sent)
        try await server.close()
        await link.close()
        client.close(promise: nil)
        try await ended.futureResult.get()
    }

    @Test("a recorder tells percentiles, and the longest time without a result")
    func recorder() async throws {
        let recorder = LoadRecorder()
        recorder.begin()
        let now = SteadyClock.nanoseconds
        for number in 1...100 {
            recorder.confirm(since: now - UInt64(number) * 10_000_000, at: Height(UInt64(3 + number / 10)))
        }
        try await Task.sleep(for: .milliseconds(20))
        let figures = recorder.figures
        #expect(figures.commands == 100)
        #expect(figures.latency.median >= 490 && figures.latency.median < 1_000)
        #expect(figures.latency.of99Percent >= 980 && figures.latency.of99Percent > figures.latency.median)
        #expect(figures.latency.of999PerMille >= figures.latency.of99Percent && figures.latency.of90Percent >= 890)
        #expect(figures.longestGap >= 20)
        #expect(figures.blocks == 10)
        #expect(figures.timeline.reduce(0, +) == 100)
        #expect(figures.distribution.map(\.milliseconds) == figures.distribution.map(\.milliseconds).sorted())
        #expect(figures.seconds >= 0.02 && figures.commandsPerSecond > 0)
        recorder.begin()
        #expect(recorder.figures.commands == 0)
        #expect(!recorder.isStopped)
        recorder.stop()
        #expect(recorder.isStopped)
    }

    @Test("a row of views without a certificate and of final blocks says how many there were of a thousand")
    func row() {
        func status(view: UInt64, height: UInt64, failed: UInt64) -> ReplicaStatus {
            ReplicaStatus(
                replica: ReplicaID(0),
                view: View(view),
                leader: nil,
                committedHeight: Height(height),
                committedBlock: .zero,
                executed: .genesis,
                applicationState: .zero,
                executedCommands: 0,
                pendingCommands: 0,
                failedViews: failed
            )
        }
        let figures = LoadFigures(
            commands: 10,
            blocks: 5,
            seconds: 2,
            latency: LoadFigures.Latency(median: 1, of90Percent: 1.5, of99Percent: 2, of999PerMille: 3),
            longestGap: 3,
            timeline: [10],
            distribution: []
        )
        let measurement = FaultsMeasurement(
            figures: figures,
            before: status(view: 1_000, height: 900, failed: 10),
            after: status(view: 1_400, height: 1_200, failed: 50)
        )
        #expect(measurement.failedViewsPerThousand == 100)
        #expect(measurement.chainGrowth == 0.75)
        let row = FaultsRow(
            setting: FaultsSetting(
                replicas: 4,
                election: .reputation,
                routing: .everyone,
                rule: .twoChain,
                linkMilliseconds: 5
            ),
            crashed: 1,
            attack: .slow,
            load: .share,
            measurement: measurement
        )
        #expect(row.cells.count == FaultsRow.header.count)
        #expect(
            row.json.compactText
                == #"{"attack":"slow","chainGrowth":0.75,"commandsPerSecond":5.0,"crashed":1,"election":"reputation","#
                + #""failedViewsPerThousand":100.0,"latencyMilliseconds":{"p50":1.0,"p99":2.0},"linkMilliseconds":5.0,"load":"30","#
                + #""longestGapMilliseconds":3.0,"replicas":4,"routing":"everyone","rule":"twoChain","tenure":null}"#
        )
        // A replica that was started again counts from nothing, and a standing one has no views.
        let still = FaultsMeasurement(
            figures: figures,
            before: status(view: 5, height: 4, failed: 9),
            after: status(view: 5, height: 4, failed: 2)
        )
        #expect(still.failedViewsPerThousand == 0 && still.chainGrowth == 0)
    }

    @Test("processes are measured without faults, with a slow replica and with a killed one")
    func processes() async throws {
        let result = try await Binary([
            "bench", "faults", "--replicas", "4", "--elections", "reputation", "--rules", "two-chain", "--votes",
            "next-leader", "--links", "1",
            "--seconds", "1", "--settling", "1", "--outstanding", "50", "--json",
        ]).finish()
        #expect(result.status == 0)
        #expect(throws: Never.self) { try JSONParser.parse(Array(result.output.utf8.dropLast())) }
        let text = result.output
        #expect(text.components(separatedBy: #""election":"reputation""#).count == 8, "\(result.error)")
        #expect(text.contains(#""load":"one""#) && text.contains(#""attack":"slow""#) && text.contains(#""crashed":1"#))
        #expect(!text.contains(#""commandsPerSecond":0,"#))
    }

    @Test(
        "what cannot be measured is refused with one line",
        arguments: [
            (["--replicas", "0"], #"--replicas has "0"; choose from 1 to 40, such as 4,7"#),
            (["--replicas", "4,,7"], #"--replicas has ""; choose from 1 to 40, such as 4,7"#),
            (["--elections", "lottery"], #"--elections has "lottery"; known are roundRobin, weighted, reputation"#),
            (["--votes", "nobody"], #"--votes has "nobody"; known are everyone, next-leader"#),
            (
                ["--elections", "proofOfWork", "--votes", "next-leader"],
                "no chain that is asked for could commit with replicas down; choose --votes everyone"
            ),
            (["--rules", "one-chain"], #"--rules has "one-chain"; known are three-chain, two-chain"#),
            (["--links", "1001"], #"--links has "1001"; choose from 0 to 1000 milliseconds, such as 0,5"#),
            (["--seconds", "0"], "--seconds is 0; choose 1 to 600"),
            (["--settling", "601"], "--settling is 601; choose 0 to 600"),
            (["--outstanding", "2049"], "--outstanding is 2049; choose 1 to 2048"),
        ]
    )
    func refused(arguments: [String], complaint: String) async throws {
        let result = try await Binary(["bench", "faults"] + arguments).finish()
        #expect(result.status == 64)
        #expect(result.error.hasPrefix("hotstuff: \(complaint)"), "\(result.error)")
    }
}
