import HotStuff
import HotStuffSimulator
import Testing

@testable import HotStuffStorage

@Suite("The audit of a data directory")
struct DirectoryAuditTests {
    private let fixture: AuditFixture
    private let disk = SimulatedDisk()
    /// The files of a sound directory.
    private let files: [(name: String, bytes: [UInt8])]

    init() throws {
        fixture = try AuditFixture.shared.get()
        try fixture.fill(disk, archived: 36, synced: 30)
        files = disk.files
    }

    private func names(_ prefix: String) -> [String] { files.map(\.name).filter { $0.hasPrefix(prefix) } }

    private func bytes(_ name: String) -> [UInt8] { files.first { $0.name == name }?.bytes ?? [] }

    /// The directory with one file changed, or without it.
    private func changed(_ name: String, _ bytes: [UInt8]?) -> SimulatedDisk {
        SimulatedDisk(files.compactMap { $0.name == name ? bytes.map { (name, $0) } : $0 })
    }

    @Test(
        "a sound one is whole: all blocks, certificates, signatures, snapshots and records are counted, and nothing is changed"
    )
    func sound() throws {
        var last: AuditProgress?
        let report = try fixture.audit(disk) { last = $0 }
        #expect(report.fault == nil)
        #expect(report.replica == ReplicaID(1))
        #expect(report.heights == Height(1)...Height(37))
        #expect(report.provedHeight == Height(37))
        #expect(report.counts.blocks == 37)
        // Of every block but the first the certificate of its parent, and that of the last one.
        #expect(report.counts.signatures >= 39 * 3)
        #expect(report.snapshots == 2)
        #expect(report.tornBytes == 0)
        #expect(last?.bytes == last?.totalBytes)
        #expect(disk.files.map(\.name) == files.map(\.name))
        #expect(disk.files.map(\.bytes) == files.map(\.bytes))
        #expect(names("blocks-").count > 3)
    }

    @Test("a flipped bit anywhere in the blocks is named with height and file, unless it could be the end of a write")
    func archiveBits() throws {
        for name in names("blocks-") {
            let content = bytes(name)
            let isLast = name == names("blocks-").last
            for offset in stride(from: 0, to: content.count, by: 83) {
                var copy = content
                copy[offset] ^= 1 << UInt8(offset % 8)
                let report = try fixture.audit(changed(name, copy))
                if isLast, report.fault == nil {
                    #expect(report.tornBytes > 0, "byte \(offset) of \(name)")
                    continue
                }
                #expect(report.fault?.file == "/simulated/\(name)", "byte \(offset) of \(name)")
                #expect(report.fault?.height != nil, "byte \(offset) of \(name)")
            }
        }
    }

    @Test(
        "a flipped bit anywhere in an index is named with height and file; the index of the last file is not trusted anyway"
    )
    func indexBits() throws {
        let indexes = names("index-")
        for name in indexes {
            for offset in stride(from: 0, to: bytes(name).count, by: 61) {
                var copy = bytes(name)
                copy[offset] ^= 1 << UInt8(offset % 8)
                let fault = try fixture.audit(changed(name, copy)).fault
                let first = ArchiveFileName.first(ofCompanion: name)
                if offset < ArchiveHeader.byteCount {
                    #expect(fault?.height == first, "byte \(offset) of \(name)")
                } else if offset >= 192, name != indexes.last {
                    #expect(fault?.file == "/simulated/\(name)", "byte \(offset) of \(name)")
                    let height = (first?.rawValue ?? 0) + UInt64((offset - 192) / 64)
                    #expect(fault?.height == Height(height), "byte \(offset) of \(name)")
                } else {
                    #expect(fault == nil, "byte \(offset) of \(name)")
                }
            }
        }
    }

    @Test("a damaged block is named by its own height, and is no fault once it was fetched again")
    func repaired() throws {
        let name = names("blocks-")[1]
        let first = try #require(ArchiveFileName.first(ofBlocks: name))
        var copy = bytes(name)
        copy[ArchiveHeader.byteCount + 300] ^= 1
        let damaged = changed(name, copy)
        #expect(try fixture.audit(damaged).fault?.height == first)
        var archive = try BlockArchive.open(on: damaged, chain: fixture.committee.chain)
        try archive.repair(fixture.blocks[Int(first.rawValue) - 1], certificate: nil)
        let report = try fixture.audit(damaged)
        #expect(report.fault == nil)
        #expect(report.counts.blocks == 37)
    }

    @Test("a flipped bit anywhere in a snapshot is named with its height and file")
    func snapshotBits() throws {
        for name in names("snapshot-") {
            let content = bytes(name)
            for offset in stride(from: 0, to: content.count, by: 19) {
                var copy = content
                copy[offset] ^= 1 << UInt8(offset % 8)
                let disk = changed(name, copy)
                // The version of the format is at the beginning of the manifest.
                if let refusal = refusal({ () throws(AuditRefusal) in try fixture.audit(disk) }) {
                    guard case .unknownFormat("/simulated/\(name)", "snapshot", _, 1) = refusal else {
                        Issue.record("byte \(offset): \(refusal)")
                        continue
                    }
                    continue
                }
                let report = try fixture.audit(disk)
                #expect(report.fault?.file == "/simulated/\(name)", "byte \(offset) of \(name)")
                #expect(report.fault?.height == SnapshotFile.height(in: name), "byte \(offset) of \(name)")
            }
        }
    }

    @Test("a flipped bit anywhere in the journal is named with its file, unless it could be the end of a write")
    func journalBits() throws {
        for name in names("journal-") {
            let content = bytes(name)
            for offset in stride(from: 12, to: content.count, by: 331) {
                var copy = content
                copy[offset] ^= 1 << UInt8(offset % 8)
                let report = try fixture.audit(changed(name, copy))
                if name == names("journal-").last, report.fault == nil {
                    #expect(report.tornBytes > 0, "byte \(offset) of \(name)")
                    continue
                }
                #expect(report.fault?.file == "/simulated/\(name)", "byte \(offset) of \(name)")
            }
        }
    }

    @Test("cut anywhere behind what was synced, archive and journal are whole: a writer that was killed leaves them so")
    func torn() throws {
        let archive = try #require(names("blocks-").last)
        let synced = try #require(try syncedByteCount(of: archive))
        for length in stride(from: synced, to: bytes(archive).count, by: 37) {
            let report = try fixture.audit(changed(archive, Array(bytes(archive).prefix(length))))
            #expect(report.fault == nil, "cut at \(length)")
            #expect(report.counts.blocks == 37, "cut at \(length)")
        }
        for length in stride(from: ArchiveHeader.byteCount, to: synced, by: 37) {
            let report = try fixture.audit(changed(archive, Array(bytes(archive).prefix(length))))
            #expect(report.fault?.file == "/simulated/\(archive)", "cut at \(length)")
        }
        let journal = try #require(names("journal-").last)
        for length in stride(from: bytes(journal).count - 600, to: bytes(journal).count, by: 17) {
            let report = try fixture.audit(changed(journal, Array(bytes(journal).prefix(length))))
            #expect(report.fault == nil, "cut at \(length)")
        }
    }

    /// Where the blocks through height 30 end.
    private func syncedByteCount(of name: String) throws -> Int? {
        let first = try #require(ArchiveFileName.first(ofBlocks: name))
        let header = try #require(ArchiveHeader(Array(bytes(name).prefix(ArchiveHeader.byteCount))))
        #expect(header.first == first)
        var walk = try #require(try ArchiveFileWalk(header, through: nil, on: disk))
        while walk.next <= Height(30) { _ = try walk.step() }
        return Int(walk.offset)
    }

    @Test("a missing file in the middle is named; a missing beginning was pruned")
    func missing() throws {
        let archive = names("blocks-")
        let middle = try fixture.audit(changed(archive[2], nil))
        #expect(middle.fault?.height == ArchiveFileName.first(ofBlocks: archive[2]))
        #expect(middle.fault?.file == "/simulated/\(archive[1])")
        let pruned = try fixture.audit(changed(archive[0], nil))
        #expect(pruned.fault == nil)
        #expect(pruned.heights?.lowerBound == ArchiveFileName.first(ofBlocks: archive[1]))
        let journal = try fixture.audit(changed(names("journal-")[0], nil))
        #expect(journal.fault == nil)
        let lost = try fixture.audit(changed(archive[archive.count - 1], nil))
        #expect(lost.fault == nil, "the journal has the blocks of the last file")
    }

    @Test("what lies between archive and journal is missed by its height")
    func gap() throws {
        let disk = SimulatedDisk()
        try fixture.fill(disk, archived: 8, segmentAt: 30)
        try disk.remove("journal-0000000001")
        let fault = try fixture.audit(disk).fault
        #expect(fault?.height == Height(9))
        #expect(fault?.file == "/simulated/journal-0000000002")
    }

    @Test("a block on top of the archive that no certificate makes final is named, though it is well made")
    func notFinal() throws {
        let disk = SimulatedDisk()
        try fixture.fill(disk, archived: 36)
        let other = SimulatedDisk(disk.files.filter { !$0.name.hasPrefix("journal-") })
        #expect(try fixture.audit(other).fault == nil)
        // The archive believes its owner, who shows a certificate of nothing.
        var archive = try BlockArchive.open(on: other, chain: fixture.committee.chain)
        let header = fixture.blocks[38].header
        let forged = AuditFixture.certificate(
            of: header,
            commits: fixture.blocks[36].id,
            by: IdealKeys(count: 4, seed: 2)
        )
        try archive.append([fixture.blocks[36]], finality: forged)
        try archive.sync()
        let fault = try fixture.audit(other).fault
        #expect(fault?.height == Height(37))
        #expect(fault?.detail.contains("the signature of replica 0 is not valid") == true)
    }

    @Test("a snapshot of another state than the chain's is named, though it is whole")
    func otherSnapshot() throws {
        let disk = SimulatedDisk()
        try fixture.fill(disk, archived: 36)
        var execution = Execution(machine: KeyValueStore(), snapshotInterval: fixture.interval)
        for block in fixture.blocks.prefix(30) {
            _ = execution.execute(
                block.height == Height(5) ? Block(header: block.header, payload: .empty, justify: block.justify) : block
            )
        }
        let writer = try #require(SnapshotWriter(of: execution, behind: fixture.blocks[29].header))
        _ = try writer.write(to: SnapshotStore(on: disk, chain: fixture.committee.chain))
        let fault = try fixture.audit(disk).fault
        #expect(fault?.height == Height(30))
        #expect(fault?.file == "/simulated/\(snapshotName(30))")
        #expect(fault?.detail == "its state is not the one that block 31 says was executed")
    }

    @Test("another chain, another format and an empty directory are refused, not judged")
    func refused() throws {
        let other = try AuditFixture(count: 1, name: "another")
        guard case .otherChain = refusal({ () throws(AuditRefusal) in try other.audit(disk) }) else {
            Issue.record("the chain of another was audited")
            return
        }
        #expect(
            refusal { () throws(AuditRefusal) in try fixture.audit(SimulatedDisk()) } == .nothing(path: "/simulated")
        )
        for (prefix, what, known) in [
            ("blocks-", "archive", ArchiveHeader.format), ("journal-", "journal", JournalHeader.format),
        ] {
            let name = names(prefix)[0]
            var copy = bytes(name)
            copy[8] = 9
            let disk = changed(name, copy)
            // The index has a copy of an archive's header, so only where both are newer the file is of a newer program.
            if prefix == "blocks-" { try disk.remove(name.replacing("blocks-", with: "index-")) }
            #expect(
                refusal { () throws(AuditRefusal) in try fixture.audit(disk) }
                    == .unknownFormat(path: "/simulated/\(name)", what: what, found: 9, known: known)
            )
        }
    }

    @Test("a failing disk is told as such")
    func failing() throws {
        disk.inject(SimulatedDisk.Fault(operation: .read, code: 5, after: 40))
        guard case .disk(let error) = refusal({ () throws(AuditRefusal) in try fixture.audit(disk) }) else {
            Issue.record("a failure to read was overlooked")
            return
        }
        #expect(error.code == 5)
    }
}

/// Why an audit is refused, or nothing if it is not.
private func refusal<Success>(_ body: () throws(AuditRefusal) -> Success) -> AuditRefusal? {
    do {
        _ = try body()
        return nil
    } catch {
        return error
    }
}
