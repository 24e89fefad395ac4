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
    dependencies: [
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    ],
    targets: [
        // The protocol: types, wire encoding, safety rules, block tree, pacemaker, command pool, sessions. Pure.
        .target(name: "HotStuff", dependencies: ["BLAKE3"], swiftSettings: houseRules),
        // Identities and key agreement that survive a quantum computer, and the cipher of a connection's frames.
        .target(
            name: "PostQuantum",
            dependencies: [.product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: houseRules
        ),
        .testTarget(name: "PostQuantumTests", dependencies: ["PostQuantum"], swiftSettings: houseRules),
        // Authenticated, encrypted connections that carry opaque messages in lanes.
        .target(
            name: "HotStuffTransport",
            dependencies: [
                "BLAKE3",
                "HotStuff",
                "PostQuantum",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: houseRules
        ),
        .testTarget(
            name: "HotStuffTransportTests",
            dependencies: [
                "BLAKE3",
                "HotStuff",
                "HotStuffTransport",
                "PostQuantum",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: houseRules
        ),
        // The hash.
        .target(name: "BLAKE3", swiftSettings: houseRules),
        // The hash against the official vectors, its own vectors, and itself in pieces.
        .testTarget(
            name: "BLAKE3Tests",
            dependencies: ["BLAKE3"],
            exclude: ["Vectors"],
            swiftSettings: houseRules
        ),
    ]
)
