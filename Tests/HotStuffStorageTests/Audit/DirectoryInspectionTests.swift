import HotStuff
import HotStuffSimulator
import Testing

@testable import HotStuffStorage

@Suite("A look into a data directory")
struct DirectoryInspectionTests {
    private let fixture: AuditFixture
    private let disk = SimulatedDisk()

    init() throws {
        fixture = try AuditFixture.shared.get()
        try fixture.fill(disk, archived: 36, synced: 30)
    }

    private func inspect(_ disk: SimulatedDisk) throws -> DirectoryInspection {
        try DirectoryInspection(under: UnsyncedMark(of: disk, bootIdentity: [1]))
    }

    @Test("tells whose it is, where it stands and what it holds, and changes nothing")
    func sound() throws {
        let before = disk.files
        let found = try inspect(disk)
        #expect(disk.files.map(\.name) == before.map(\.name))
        #expect(disk.files.map(\.bytes) == before.map(\.bytes))
        #expect(found.segments.identity == fixture.identity)
        #expect(found.segments.entries.map(\.number) == [1, 2])
        #expect(found.segments.entries.map(\.committed) == [Height(0), Height(12)])
        #expect(found.journal.problem == nil)
        #expect(found.journal.safety?.lastVotedView == View(40))
        #expect(found.journal.quorumCertificate?.view == View(39))
        #expect(found.journal.committed?.height == Height(37))
        #expect(found.journal.lastRecord?.segment == 2)
        #expect(found.archive.first?.entry.first == Height(1))
        #expect(found.archive.last?.last == Height(36))
        #expect(found.archive.allSatisfy { $0.problem == nil })
        #expect(found.snapshots.map(\.height) == [Height(20), Height(30)])
        #expect(found.snapshots.allSatisfy { $0.problem == nil && $0.manifest?.chain == fixture.committee.chain })
        #expect(!found.marks.isUnsynced)
        #expect(found.marks.lease == nil)
        #expect(found.marks.executingHeight == nil)
    }

    @Test("reads the marks of a replica that was killed in the middle of a command")
    func marks() throws {
        try UnsyncedMark(of: disk, bootIdentity: [7]).set()
        var lease = try SigningLease(of: disk)
        try lease.extend(over: View(100))
        let key = CommandKey(session: SessionID(height: Height(1), position: 0), sequence: 9)
        _ = try SkipList(on: disk).add(SkippedCommands([key]))
        let recorder = try ExecutionRecorder(on: disk)
        recorder.willExecute(WitnessedCommand(key: key, digest: Digest.hash(of: [1]), index: 2), at: Height(9))
        let identity = try DataIdentity.findOrMake(on: disk)
        let marks = try inspect(disk).marks
        #expect(marks.isUnsynced)
        #expect(marks.isStale)
        #expect(marks.lease == View(356))
        #expect(marks.skipped == [key])
        #expect(marks.executingHeight == Height(9))
        #expect(marks.executing?.key == key)
        #expect(marks.attempts == 1)
        #expect(marks.identity == Hexadecimal.encode(identity.bytes))
    }

    @Test("names damage where it sees it")
    func damage() throws {
        let names = try disk.names()
        let blocks = names.filter { $0.hasPrefix("blocks-") }
        disk.flip(bit: 0, at: disk.byteCount(of: blocks[blocks.count - 1]) / 2, of: blocks[blocks.count - 1])
        disk.flip(bit: 0, at: 60, of: blocks[0])
        disk.flip(bit: 0, at: 10, of: snapshotName(30))
        disk.flip(bit: 0, at: 3_000, of: segmentName(1))
        let found = try inspect(disk)
        #expect(found.archive.first?.problem == "its header or the copy of it in the index is damaged")
        #expect(found.archive.last?.problem != nil || found.archiveTornBytes > 0)
        #expect(found.snapshots.last?.problem?.contains("chunk 0 is damaged") == true)
        #expect(found.journal.problem?.contains("is damaged at byte") == true)
    }

    @Test("tolerates ends that are being written, and a directory in which nothing is yet")
    func beingWritten() throws {
        let blocks = try #require(try disk.names().last { $0.hasPrefix("blocks-") })
        for bytes in stride(from: 9, to: 400, by: 9) {
            disk.truncate(blocks, by: 9)
            disk.truncate(segmentName(2), by: 9)
            let found = try inspect(disk)
            #expect(found.archive.allSatisfy { $0.problem == nil }, "\(bytes) bytes less")
            #expect(found.journal.problem == nil, "\(bytes) bytes less")
        }
        #expect(try inspect(SimulatedDisk()).isEmpty)
    }

    @Test("finds every final block with a certificate that makes it final, in the archive or in the journal")
    func blocks() throws {
        let (archive, journal) = (try ArchiveListing(of: disk), try JournalListing(of: disk))
        for block in fixture.blocks {
            let found = try #require(try StoredBlock.find(at: block.height, in: archive, journal, on: disk))
            #expect(found.block == block)
            #expect(found.isFinal == (block.height <= Height(37)), "height \(block.height)")
            let isArchived = block.height <= Height(36)
            #expect(found.path.contains(isArchived ? "blocks-" : "journal-"), "height \(block.height)")
            if block.height <= Height(37) {
                // Blocks are kept in pairs, with a certificate for the upper one.
                let above = block.height.rawValue.isMultiple(of: 2) ? block : fixture.blocks[Int(block.height.rawValue)]
                let final = found.finality?.statement.commits
                #expect(final == block.id || final == above.id, "height \(block.height)")
            }
        }
        #expect(try StoredBlock.find(at: Height(41), in: archive, journal, on: disk) == nil)
    }

    @Test("a real directory that may only be read is enough, and whatever would change it fails")
    func reading() throws {
        let directory = try TemporaryDirectory()
        let writable = try RealDisk(path: directory.path, createIfMissing: false)
        try fixture.fill(writable, archived: 36)
        let disk = try RealDisk(reading: directory.path)
        let before = try disk.names()
        #expect(try fixture.audit(disk).fault == nil)
        #expect(!(try DirectoryInspection(under: UnsyncedMark(of: disk))).isEmpty)
        #expect(try disk.names() == before)
        #expect(throws: DiskError.self) { try disk.open("new", .createIfMissing) }
        #expect(throws: DiskError.self) { try disk.remove(before[0]) }
        #expect(throws: DiskError.self) { try disk.rename(before[0], to: "new") }
        let file = try disk.open(before[0], .existing)
        #expect(throws: DiskError.self) { try file.write([UInt8(1)].span.bytes, at: 0) }
        #expect(throws: DiskError.self) { try file.truncate(to: 0) }
    }
}
