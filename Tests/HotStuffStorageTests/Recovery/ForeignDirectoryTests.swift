import HotStuff
import HotStuffSimulator
import HotStuffStorage
import Testing

@Suite("A data directory from which a replica cannot go on")
struct ForeignDirectoryTests {
    private let fixture: RecoveryFixture
    private let disk = SimulatedDisk()

    init() throws {
        fixture = try RecoveryFixture()
        fixture.grow(disk, through: 70) { Issue.record("\($0)") }
    }

    /// What is done to the files of a replica, and what its next start says.
    struct Fault: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let file: String
        let words: [String]
        let change: @Sendable (SimulatedDisk, String) throws -> Void
    }

    static let faults = [
        Fault(testDescription: "the journal is of another kind", file: "journal-", words: ["move the file away"]) {
            $0.place(Array(repeating: 65, count: 1_000), as: $1)
        },
        Fault(testDescription: "the journal is from a newer program", file: "journal-", words: ["run the version"]) {
            try $0.change($1, at: 8, to: 77)
        },
        Fault(testDescription: "the archive is from a newer program", file: "blocks-", words: ["run the version"]) {
            try $0.change($1, at: 8, to: 77)
            // The index has a copy of the header.
            try $0.change("index-" + $1.dropFirst(7), at: 8, to: 77)
        },
        Fault(testDescription: "the archive is of another kind", file: "blocks-", words: ["move it away"]) {
            $0.place(Array(repeating: 65, count: 1_000), as: $1)
            $0.place(Array(repeating: 65, count: 1_000), as: "index-" + $1.dropFirst(7))
        },
        Fault(testDescription: "the archive lost all its files", file: "blocks-", words: ["put the missing file back"])
        {
            (disk, _) in
            for name in try disk.names() where name.hasPrefix("blocks-") || name.hasPrefix("index-") {
                try disk.remove(name)
            }
            try disk.syncDirectory()
        },
    ]

    @Test("is refused with one line that names file and remedy, and nothing is overwritten", arguments: faults)
    func refuses(fault: Fault) throws {
        let name = try #require(try disk.names().sorted().last { $0.hasPrefix(fault.file) })
        try fault.change(disk, name)
        let before = disk.contents
        let failure = #expect(throws: RecoveryFailure.self) { _ = try fixture.recover(disk) }
        let line = try #require(failure).description
        #expect(line.contains("/simulated/\(fault.file)"), "\(line)")
        #expect(!line.contains("\n"))
        for word in fault.words { #expect(line.contains(word), "\(line)") }
        #expect(disk.contents.keys.sorted() == before.keys.sorted())
        #expect(disk.contents == before)
    }

    @Test("of another replica or another chain is refused, and says which it is")
    func foreign() throws {
        var other = try RecoveryFixture()
        other.owner = 1
        let owner = #expect(throws: RecoveryFailure.self) { _ = try other.recover(disk) }
        guard case .journal(.wrongOwner)? = owner else {
            Issue.record("\(String(describing: owner))")
            return
        }
        let stranger = try RecoveryFixture(name: "another")
        let chain = #expect(throws: RecoveryFailure.self) { _ = try stranger.recover(disk) }
        guard case .archive(.wrongChain)? = chain else {
            Issue.record("\(String(describing: chain))")
            return
        }
    }

    @Test("whose snapshots are of another kind is gone on from without them, and each is named")
    func snapshots() throws {
        for name in disk.snapshotNames { disk.place(Array(repeating: 1, count: 40), as: name) }
        let recovered = try fixture.recover(disk)
        #expect(recovered.snapshotHeight == nil)
        #expect(recovered.execution.executed == fixture.executed(through: 67))
        for name in disk.snapshotNames {
            #expect(recovered.notices.contains { $0.contains(name) })
        }
    }
}

extension SimulatedDisk {
    /// Puts another byte in a place of a file.
    fileprivate func change(_ name: String, at offset: Int, to byte: UInt8) throws {
        var bytes = try #require(self[name])
        bytes[offset] = byte
        place(bytes, as: name)
    }
}
