import Testing

/// A target with its floor in the house and what it may import.
struct Room: Sendable {
    let name: String
    /// Imports point to lower floors only.
    let floor: Int
    /// Other targets of this package.
    let below: Set<String>
    /// Modules from outside; a name that ends with `*` allows all that begin so.
    let outside: Set<String>

    func allows(_ module: String) -> Bool {
        below.contains(module)
            || outside.contains { $0.hasSuffix("*") ? module.hasPrefix($0.dropLast()) : module == $0 }
    }
}

@Suite("The floors of the house")
struct LayeringTests {
    private static let platform: Set<String> = ["Glibc", "Darwin"]

    /// The plan: no other target exists, and none imports anything else.
    ///
    /// The program on the top floor may import anything from outside.
    private static let rooms: [Room] = [
        Room(
            name: "HotStuffCommand",
            floor: 6,
            below: [
                "HotStuffReplica", "HotStuffClient", "HotStuffConfiguration", "HotStuffSimulator", "HotStuffTransport",
                "HotStuffStorage", "HotStuff", "PostQuantum", "BLAKE3", "Kernels",
            ],
            outside: ["*"]
        ),
        Room(
            name: "HotStuffConfiguration",
            floor: 5,
            below: ["HotStuffTransport", "HotStuff", "PostQuantum"],
            outside: ["Foundation"]
        ),
        Room(
            name: "HotStuffReplica",
            floor: 5,
            below: ["HotStuffStorage", "HotStuffTransport", "HotStuff", "PostQuantum", "BLAKE3"],
            outside: platform.union([
                "CoreMetrics", "Logging", "NIO*", "Foundation", "Synchronization", "Dispatch",
            ])
        ),
        Room(
            name: "HotStuffClient",
            floor: 5,
            below: ["HotStuffTransport", "HotStuff", "PostQuantum", "BLAKE3"],
            outside: ["Logging", "NIO*", "Synchronization"]
        ),
        Room(
            name: "HotStuffSimulator",
            floor: 5,
            below: ["HotStuffStorage", "HotStuff", "BLAKE3"],
            outside: platform.union(["Synchronization"])
        ),
        Room(
            name: "HotStuffTransport",
            floor: 4,
            below: ["HotStuff", "PostQuantum", "BLAKE3"],
            outside: platform.union(["Musl", "NIO*", "Logging", "Synchronization", "Crypto"])
        ),
        Room(
            name: "HotStuffStorage",
            floor: 4,
            below: ["HotStuff", "BLAKE3"],
            outside: platform.union(["Synchronization"])
        ),
        Room(
            name: "PostQuantum",
            floor: 3,
            below: ["CKernels", "Kernels"],
            outside: ["Crypto", "Foundation", "FoundationEssentials"]
        ),
        Room(name: "HotStuff", floor: 3, below: ["BLAKE3"], outside: []),
        Room(name: "BLAKE3", floor: 2, below: ["CKernels", "Kernels"], outside: []),
        Room(name: "Kernels", floor: 1, below: ["CKernels"], outside: platform.union(["Musl"])),
        Room(name: "CKernels", floor: 0, below: [], outside: []),
    ]

    @Test("every target is in the plan")
    func knownTargets() throws {
        let known = Set(Self.rooms.map(\.name))
        #expect(known.count == Self.rooms.count)
        let targets = try SourceTree.targets()
        #expect(targets.filter { !known.contains($0) } == [], "folders in Sources without a row in the plan")
        #expect(targets.contains("HotStuff"))
        #expect(targets.contains("BLAKE3"))
    }

    @Test("the plan's arrows point down, so there is no circle")
    func arrows() throws {
        let floors = Dictionary(uniqueKeysWithValues: Self.rooms.map { ($0.name, $0.floor) })
        for room in Self.rooms {
            for name in room.below {
                let floor = try #require(floors[name], "\(room.name) may import \(name), which is not in the plan")
                #expect(floor < room.floor, "\(room.name) may import \(name), which does not lie below it")
            }
        }
    }

    @Test("a target imports only what the plan allows, and of this package only what lies below it")
    func imports() throws {
        let rooms = Dictionary(uniqueKeysWithValues: Self.rooms.map { ($0.name, $0) })
        var seen: Set<String> = []
        for file in try SourceTree.files() {
            // A target without a row is for the test of targets to name.
            guard let room = rooms[file.target] else { continue }
            for module in file.imports {
                seen.insert("\(room.name) imports \(module)")
                #expect(room.allows(module), "\(file.path) imports \(module)")
                if let other = rooms[module] { #expect(other.floor < room.floor, "\(file.path) imports \(module)") }
            }
        }
        #expect(seen.contains("HotStuff imports BLAKE3"), "no import was found at all")
    }

    @Test("the protocol has no clock, no randomness, no thread, no hash value and no floating point")
    func purity() throws {
        let impure =
            /\b(?:ContinuousClock|SuspendingClock|SystemRandomNumberGenerator|Date|hashValue|Double|Float|async|await|Task|Thread|Mutex|Atomic)\b|\bHasher\(|\.(?:random|randomElement|shuffled|shuffle)\(/
        let files = try SourceTree.files().filter { $0.target == "HotStuff" }
        #expect(files.count > 10)
        // To give a hash away, for whoever keeps a set, is not to use one.
        let hashing = "public func hash(into hasher: inout Hasher)"
        let lines: [String] = files.flatMap { (file) -> [String] in file.lines(matching: impure) }
        // Where a table keeps its keys nobody can see or choose: what comes out of it is the same wherever they lie.
        let seeds = lines.filter { $0.hasPrefix("HotStuff/Collections/TableSeeds.swift:") }
        #expect(seeds.count == 4 && seeds.allSatisfy { $0.hasSuffix(" = .random(in: 1...UInt64.max)") })
        #expect(lines.filter { !$0.contains(hashing) && !seeds.contains($0) } == [])
    }

    @Test("no source traps where it could fail: no forced try, no forced cast, no fatal error")
    func noTraps() throws {
        let traps = /\btry!|\bas!|\bfatalError\(/
        #expect(try SourceTree.files().flatMap { $0.lines(matching: traps) } == [])
    }

    @Test("the reader of sources sees imports and skips comments")
    func reader() {
        let file = SourceFile(
            path: "Room/Folder/File.swift",
            text: """
                internal import A
                @preconcurrency public import struct B.Type
                import C // import D
                // import E
                    import F;
                #if canImport(G)
                let important = "import H"
                let url = "https://x.y" as! I
                /// as! in a comment
                let quote = "\\"//" // as!
                try! work()
                """
        )
        #expect(file.target == "Room")
        #expect(file.imports == ["A", "B", "C", "F"])
        #expect(
            file.lines(matching: /\btry!|\bas!/) == [
                "Room/Folder/File.swift:8: let url = \"https://x.y\" as! I", "Room/Folder/File.swift:11: try! work()",
            ]
        )
    }
}
