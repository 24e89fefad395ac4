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
            $0.place(Array("no journal at all, but long enough to be one, and even a little longer".utf8), as: $1)
        },
        Fault(
            testDescription: "the journal is from a newer program",
            file: "journal-",
            words: ["format", "run the version"]
        ) {
            var bytes = try #require($0[$1])
            bytes[8] = 77
            $0.place(bytes, as: $1)
        },
        Fault(
            testDescription: "the archive is from a newer program",
            file: "blocks-",
            words: ["format", "run the version"]
        ) {
            var bytes = try #require($0[$1])
            bytes[8] = 77
            $0.place(bytes, as: $1)
        },
        Fault(
            testDescription: "the archive is of another kind",
            file: "blocks-",
            words: ["not a data file", "move it away"]
        ) {
            $0.place(Array("no archive at all, but long enough to be one, and even a little longer".utf8), as: $1)
        },
        Fault(testDescription: "the archive lost all its files", file: "blocks-", words: ["put the missing file back"])
        {
            disk,
            _ in
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
        // What is found is compared by name: an index without its blocks may go, for it can be made again.
        let before = disk.files
        let failure = #expect(throws: RecoveryFailure.self) { _ = try fixture.recover(disk) }
        let line = try #require(failure).description
        #expect(line.contains("/simulated/\(fault.file)"), "\(line)")
        #expect(!line.contains("\n"))
        for word in fault.words { #expect(line.contains(word), "\(line)") }
        #expect(disk.files.map(\.name) == before.map(\.name))
        #expect(disk.files.map(\.bytes) == before.map(\.bytes))
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
