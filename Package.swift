// swift-tools-version: 6.2
import PackageDescription

/// The house rules of every target: Swift 6, explicit imports, no warning survives.
let houseRules: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

/// The rules of a target that holds deliberate faults where the trait asks for them; see Sources/HotStuff/Mutants.swift.
let mutableRules =
    houseRules + [.define("HOTSTUFF_MUTANTS", .when(traits: ["Mutants"]))]

/// The rules of the protocol, whose tables draw their seeds, unless the trait asks for fixed ones; see Benchmarks/.
let protocolRules =
    mutableRules + [.define("HOTSTUFF_FIXED_SEEDS", .when(traits: ["FixedSeeds"]))]

/// The rules of a target that has a place for liars where the trait asks for one; see Scripts/attacks.
let attackableRules =
    houseRules + [.define("HOTSTUFF_ATTACKS", .when(traits: ["Attacks"]))]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let histogram = Target.Dependency.product(name: "Histogram", package: "hdrhistogram-swift")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let metrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
let metricsTestKit = Target.Dependency.product(name: "MetricsTestKit", package: "swift-metrics")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")

let package = Package(
    name: "swift-hotstuff",
    platforms: [.macOS(.v26)],
    products: [
        .library(name: "HotStuff", targets: ["HotStuff"]),
        .library(name: "HotStuffStorage", targets: ["HotStuffStorage"]),
        .library(name: "HotStuffSimulator", targets: ["HotStuffSimulator"]),
        .library(
            name: "HotStuffReplica",
            targets: ["HotStuffReplica", "HotStuffStorage", "HotStuffTransport", "PostQuantum"]
        ),
        .executable(name: "hotstuff", targets: ["HotStuffCommand"]),
        .library(name: "PostQuantum", targets: ["Kernels", "PostQuantum"]),
        .library(name: "HotStuffClient", targets: ["HotStuffClient", "HotStuffTransport", "PostQuantum"]),
        .library(
            name: "HotStuffConfiguration",
            targets: ["HotStuffConfiguration", "HotStuffTransport", "PostQuantum"]
        ),
    ],
    traits: [
        .trait(
            name: "Attacks",
            description: "Lets replicas lie, to measure what that costs, see Scripts/attacks; not for use."
        ),
        .trait(
            name: "ConstantTimeCheck",
            description: "Marks secrets for valgrind, see Scripts/check_constant_time.sh; not for use."
        ),
        .trait(
            name: "FixedSeeds",
            description: "Gives tables seeds that everybody knows, to count instructions, see Benchmarks/; not for use."
        ),
        .trait(
            name: "Mutants",
            description: "Compiles deliberate faults in, to be switched on by name, see Mutants/; not for use."
        ),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
    ],
    targets: [
        // The command line, built as `hotstuff`: a folder of that name would collide with `HotStuff` where file systems do
        // not tell cases apart.
        .executableTarget(
            name: "HotStuffCommand",
            dependencies: [
                "BLAKE3", "HotStuff", "HotStuffClient", "HotStuffConfiguration", "HotStuffReplica", "HotStuffSimulator",
                "HotStuffStorage", "HotStuffTransport", "Kernels", "PostQuantum", argumentParser, crypto, histogram,
                logging, nioCore, nioPosix,
            ],
            swiftSettings: attackableRules
        ),
        .testTarget(
            name: "HotStuffCommandTests",
            dependencies: [
                "ConfigurationKit", "HotStuff", "HotStuffClient", "HotStuffCommand", "HotStuffConfiguration",
                "HotStuffReplica", "HotStuffStorage", "HotStuffTransport", "Kernels", "KillKit", "PostQuantum", logging,
                nioPosix,
            ],
            swiftSettings: houseRules
        ),
        // Kills the processes of a cluster over and over, and looks whether anything was lost.
        .target(
            name: "KillKit",
            dependencies: [
                "HotStuff", "HotStuffClient", "HotStuffConfiguration", "HotStuffReplica", "HotStuffStorage",
                "HotStuffTransport", logging, nioCore, nioPosix,
            ],
            path: "Tests/KillKit",
            swiftSettings: houseRules
        ),
        // The same for nights; `Scripts/kills` builds and runs it. No product: users have no need of it.
        .executableTarget(
            name: "KillHunt",
            dependencies: ["HotStuffConfiguration", "KillKit", argumentParser],
            path: "Tests/KillHunt",
            exclude: ["killpoint.c"],
            swiftSettings: houseRules
        ),
        // What operators write: the configuration of a cluster, the key of a replica, lists of commands.
        .target(
            name: "HotStuffConfiguration",
            dependencies: ["HotStuff", "HotStuffTransport", "PostQuantum"],
            swiftSettings: houseRules
        ),
        .testTarget(
            name: "HotStuffConfigurationTests",
            dependencies: [
                "ConfigurationKit", "HotStuff", "HotStuffConfiguration", "HotStuffTransport", "PostQuantum",
            ],
            swiftSettings: houseRules
        ),
        // A sample cluster and a folder that goes, for the tests of the two targets above.
        .target(
            name: "ConfigurationKit",
            dependencies: ["HotStuffConfiguration"],
            path: "Tests/ConfigurationKit",
            swiftSettings: houseRules
        ),
        // The client: sends commands to all replicas and believes what more than the faulty ones say alike.
        .target(
            name: "HotStuffClient",
            dependencies: ["HotStuff", "HotStuffTransport", logging, nioCore],
            swiftSettings: houseRules
        ),
        .testTarget(
            name: "HotStuffClientTests",
            dependencies: [
                "HotStuff", "HotStuffClient", "HotStuffTransport", "PostQuantum", logging, nioCore, nioPosix,
            ],
            swiftSettings: houseRules
        ),
        // The shell: runs the core over a journal, a transport, timers and an application.
        .target(
            name: "HotStuffReplica",
            dependencies: [
                "BLAKE3", "HotStuff", "HotStuffStorage", "HotStuffTransport", "PostQuantum", logging, metrics, nioCore,
                nioPosix,
            ],
            swiftSettings: attackableRules
        ),
        .testTarget(
            name: "HotStuffReplicaTests",
            dependencies: [
                "HotStuff", "HotStuffReplica", "HotStuffStorage", "HotStuffTransport", "PostQuantum", logging,
                metricsTestKit, nioCore, nioPosix,
            ],
            swiftSettings: houseRules
        ),
        // Whole clusters in one thread and in virtual time: faulty networks and disks, liars, and the checks of all that happens.
        .target(
            name: "HotStuffSimulator",
            dependencies: ["BLAKE3", "HotStuff", "HotStuffStorage"],
            swiftSettings: mutableRules
        ),
        .testTarget(
            name: "HotStuffSimulatorTests",
            dependencies: ["HotStuff", "HotStuffSimulator", "HotStuffStorage"],
            exclude: ["Scenarios"],
            swiftSettings: houseRules
        ),
        // Authenticated, encrypted connections that carry opaque messages in lanes.
        .target(
            name: "HotStuffTransport",
            dependencies: ["BLAKE3", "HotStuff", "PostQuantum", logging, nioCore, nioPosix],
            swiftSettings: houseRules
        ),
        .testTarget(
            name: "HotStuffTransportTests",
            dependencies: [
                "BLAKE3", "HotStuff", "HotStuffTransport", "PostQuantum", logging, nioCore, nioEmbedded, nioPosix,
            ],
            swiftSettings: houseRules
        ),
        // The journal of a replica and the directory that it owns, over any disk.
        .target(name: "HotStuffStorage", dependencies: ["BLAKE3", "HotStuff"], swiftSettings: mutableRules),
        .testTarget(
            name: "HotStuffStorageTests",
            dependencies: ["BLAKE3", "HotStuff", "HotStuffSimulator", "HotStuffStorage"],
            swiftSettings: houseRules
        ),
        // The protocol: types, wire encoding, safety rules, block tree, pacemaker, command pool, sessions. Pure.
        .target(name: "HotStuff", dependencies: ["BLAKE3"], swiftSettings: protocolRules),
        // The protocol, clause by clause.
        .testTarget(
            name: "HotStuffTests",
            dependencies: ["BLAKE3", "HotStuff", "HotStuffSimulator"],
            exclude: ["Wire/Golden", "Consensus/Scripts"],
            swiftSettings: houseRules
        ),
        // Identities and key agreement that survive a quantum computer, and the cipher of a connection's frames.
        .target(name: "PostQuantum", dependencies: ["CKernels", "Kernels", crypto], swiftSettings: houseRules),
        .testTarget(
            name: "PostQuantumTests",
            dependencies: ["CKernels", "Kernels", "PostQuantum", crypto],
            exclude: ["Vectors"],
            swiftSettings: houseRules
        ),
        // The hash.
        .target(name: "BLAKE3", dependencies: ["CKernels", "Kernels"], swiftSettings: houseRules),
        .testTarget(
            name: "BLAKE3Tests",
            dependencies: ["BLAKE3", "Kernels"],
            exclude: ["Vectors"],
            swiftSettings: houseRules
        ),
        // Which of the fast loops this processor runs, and the loops themselves.
        .target(name: "Kernels", dependencies: ["CKernels"], swiftSettings: houseRules),
        .testTarget(name: "KernelsTests", dependencies: ["Kernels"], swiftSettings: houseRules),
        .target(
            name: "CKernels",
            cSettings: [.define("HOTSTUFF_CONSTANT_TIME_CHECK", .when(traits: ["ConstantTimeCheck"]))]
        ),
    ]
)
