// swift-tools-version: 6.2
import PackageDescription

let houseRules: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

/// The benchmarks, which need packages that nobody else does; `Scripts/benchmarks` and `make bench` build and run them.
let package = Package(
    name: "benchmarks",
    platforms: [.macOS(.v26)],
    dependencies: [
        .package(name: "swift-hotstuff", path: "..", traits: ["FixedSeeds"]),
        // Without its traits it counts no allocations; with them it needs two packages more, and to be loaded before all else.
        .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
    ],
    targets: [
        // What is measured, and nothing of how.
        .target(
            name: "Workloads",
            dependencies: [
                .product(name: "HotStuff", package: "swift-hotstuff"),
                .product(name: "HotStuffStorage", package: "swift-hotstuff"),
                .product(name: "PostQuantum", package: "swift-hotstuff"),
            ],
            swiftSettings: houseRules
        ),
        // Repeats one workload so and so often, for callgrind to count.
        .executableTarget(
            name: "InstructionCounts",
            dependencies: ["Workloads", .product(name: "PostQuantum", package: "swift-hotstuff")],
            swiftSettings: houseRules
        ),
        // The same by the clock. The harness looks for its targets in a folder of this name.
        .executableTarget(
            name: "WallTime",
            dependencies: ["Workloads", .product(name: "Benchmark", package: "benchmark")],
            path: "Sources/Benchmarks/WallTime",
            swiftSettings: houseRules,
            plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]
        ),
    ]
)
