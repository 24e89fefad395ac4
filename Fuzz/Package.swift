// swift-tools-version: 6.2
import PackageDescription

let houseRules: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

/// The fuzzers, which need another build of everything, with two sanitizers; `Scripts/fuzz` builds and runs them.
let package = Package(
    name: "fuzz",
    platforms: [.macOS(.v26)],
    dependencies: [
        .package(name: "swift-hotstuff", path: ".."),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    ],
    targets: [
        // What every fuzzer needs: its input, and the way to report.
        .target(name: "FuzzKit", swiftSettings: houseRules),
        // ML-DSA: all implementations must give the right verdict about any key and signature.
        .executableTarget(
            name: "SignatureFuzzer",
            dependencies: [
                "FuzzKit",
                .product(name: "PostQuantum", package: "swift-hotstuff"),
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: houseRules + [.unsafeFlags(["-parse-as-library"])]
        ),
        // What replicas hear and what their disks hold: any bytes are read or refused, and no event upsets the core.
        .executableTarget(
            name: "ProtocolFuzzer",
            dependencies: [
                "FuzzKit",
                .product(name: "HotStuff", package: "swift-hotstuff"),
                .product(name: "HotStuffStorage", package: "swift-hotstuff"),
            ],
            swiftSettings: houseRules + [.unsafeFlags(["-parse-as-library"])]
        ),
        // Who connects: no bytes upset the handshake or the frames, and nobody passes for the owner of another's key.
        .executableTarget(
            name: "HandshakeFuzzer",
            dependencies: [
                "FuzzKit",
                .product(name: "HotStuff", package: "swift-hotstuff"),
                .product(name: "HotStuffConfiguration", package: "swift-hotstuff"),
                .product(name: "PostQuantum", package: "swift-hotstuff"),
            ],
            swiftSettings: houseRules + [.unsafeFlags(["-parse-as-library"])]
        ),
        // What operators write: JSON, configurations, keys and lists of commands are read as written or refused.
        .executableTarget(
            name: "ConfigurationFuzzer",
            dependencies: [
                "FuzzKit",
                .product(name: "HotStuff", package: "swift-hotstuff"),
                .product(name: "HotStuffConfiguration", package: "swift-hotstuff"),
                .product(name: "PostQuantum", package: "swift-hotstuff"),
            ],
            swiftSettings: houseRules + [.unsafeFlags(["-parse-as-library"])]
        ),
    ]
)
