internal import Benchmark
internal import Workloads

/// The most measurements of one workload, and those before them that do not count.
private let (most, warmup) = (200, 5)
/// From so many repetitions on a workload is too short to be measured one by one.
private let manyRepetitions = 1_000

/// All workloads, for the harness; short ones are measured a thousand at a time.
let benchmarks: @Sendable () -> Void = {
    for workload in Workload.all {
        let isShort = workload.repetitions >= manyRepetitions
        Benchmark(
            workload.name,
            configuration: Benchmark.Configuration(
                metrics: [.wallClock],
                warmupIterations: warmup,
                scalingFactor: isShort ? .kilo : .one,
                maxDuration: .seconds(3),
                maxIterations: most
            ),
            closure: { (benchmark: Benchmark, work: Workload.Work) throws in
                for index in benchmark.scaledIterations { try work(benchmark.currentIteration + index) }
            },
            setup: { try workload.prepared(for: most + warmup + 1) }
        )
    }
}
