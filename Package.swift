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

let package = Package(
    name: "swift-hotstuff",
    platforms: [.macOS(.v26)],
    products: [
        .library(name: "HotStuff", targets: ["HotStuff"])
    ],
    targets: [
        // The protocol: types, wire encoding, safety rules, block tree, pacemaker, command pool, sessions. Pure.
        .target(name: "HotStuff", dependencies: ["BLAKE3"], swiftSettings: houseRules),
        // The hash.
        .target(name: "BLAKE3", swiftSettings: houseRules),
        // The protocol, clause by clause.
        .testTarget(
            name: "HotStuffTests",
            dependencies: ["HotStuff"],
            exclude: ["Consensus/Scripts"],
            swiftSettings: houseRules
        ),
        // The hash against the official vectors, its own vectors, and itself in pieces.
        .testTarget(
            name: "BLAKE3Tests",
            dependencies: ["BLAKE3"],
            exclude: ["Vectors"],
            swiftSettings: houseRules
        ),
    ]
)
