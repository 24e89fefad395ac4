// swift-tools-version: 6.2
import PackageDescription

/// The check that signing takes the same steps whatever the secrets are; `Scripts/check_constant_time.sh` runs it.
let package = Package(
    name: "constant-time",
    platforms: [.macOS(.v26)],
    dependencies: [
        .package(name: "swift-hotstuff", path: "..", traits: ["ConstantTimeCheck"])
    ],
    targets: [
        .executableTarget(
            name: "ConstantTimeCheck",
            dependencies: ["CMemcheck", .product(name: "PostQuantum", package: "swift-hotstuff")],
            swiftSettings: [
                .swiftLanguageMode(.v6),
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("InternalImportsByDefault"),
                .enableUpcomingFeature("MemberImportVisibility"),
                .treatAllWarnings(as: .error),
            ]
        ),
        .target(name: "CMemcheck"),
    ]
)
