// swift-tools-version: 6.2
import PackageDescription

let houseRules: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

/// The fuzzers, which need another build of everything (`--sanitize=fuzzer`); `scripts/fuzz.sh` builds and runs them.
let package = Package(
    name: "fuzz",
    platforms: [.macOS(.v26)],
    dependencies: [
        .package(name: "swift-hotstuff", path: ".."),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    ],
    targets: [
        .executableTarget(
            name: "SignatureFuzzer",
            dependencies: [
                .product(name: "PostQuantum", package: "swift-hotstuff"),
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: houseRules + [.unsafeFlags(["-parse-as-library"])]
        )
    ]
)
