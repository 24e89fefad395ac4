// swift-tools-version: 6.2
import PackageDescription

/// The mutation gate, which needs another build of everything (the trait `Mutants`); `Scripts/mutants` builds and runs it.
let package = Package(
    name: "mutants",
    platforms: [.macOS(.v26)],
    dependencies: [
        .package(name: "swift-hotstuff", path: "..", traits: ["Mutants"])
    ],
    targets: [
        // Breaks one rule after the other and has the simulator catch each.
        .executableTarget(
            name: "MutationGate",
            dependencies: [
                .product(name: "HotStuff", package: "swift-hotstuff"),
                .product(name: "HotStuffSimulator", package: "swift-hotstuff"),
            ],
            swiftSettings: [
                .swiftLanguageMode(.v6),
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("InternalImportsByDefault"),
                .enableUpcomingFeature("MemberImportVisibility"),
                .treatAllWarnings(as: .error),
            ]
        )
    ]
)
