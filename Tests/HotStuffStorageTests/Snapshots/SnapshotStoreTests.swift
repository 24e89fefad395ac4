import HotStuff
import HotStuffSimulator
import HotStuffStorage
import Testing

@Suite("The store of snapshots")
struct SnapshotStoreTests {
    private let disk = SimulatedDisk()
    private let store: SnapshotStore<SimulatedDisk>

    init() { store = SnapshotStore(on: disk, chain: SnapshotFixture.chain) }

    @Test("what is written is found, says what it is of, and is restored", arguments: [3, 180 << 10])
    func roundTrip(valueByteCount: Int) throws {
        var fixture = SnapshotFixture(height: 14, valueByteCount: valueByteCount)
        let written = try #require(try fixture.write(to: disk))
        disk.losePowerAndEverythingUnsynced()
        let search = try store.newest()
        let reader = try #require(search.newest)
        #expect(search.skipped.isEmpty)
        #expect(reader.manifest == written && written.names(fixture.header))
        #expect(written.executed == fixture.execution.executed)
        #expect(written.chunkCount == (valueByteCount == 3 ? 1 : 3))
        #expect(try SnapshotManifest(decoding: written.encoded) == written)
        var restored = try SnapshotFixture.restore(reader)
        fixture.advance(to: 15)
        _ = restored.execute(Block(header: fixture.header, payload: .empty, justify: .genesis(fixture.header)))
        #expect(restored.executed.height == Height(15) && restored.machine.count == 13)
    }

    @Test("nothing is written between two snapshots, nor of a machine without any")
    func notDue() throws {
        let fixture = SnapshotFixture(height: 7)
        #expect(try fixture.write(to: disk) == nil)
        #expect(try store.newest().newest == nil)
        #expect(try disk.names().isEmpty)
    }

    @Test("the newest two are kept, and no file besides")
    func keepsTwo() throws {
        var fixture = SnapshotFixture(height: 2)
        for height in [2, 4, 6, 8] as [UInt64] {
            fixture.advance(to: height)
            try fixture.write(to: disk)
        }
        #expect(try disk.names() == [snapshotName(6), snapshotName(8)])
        #expect(try store.heights() == [Height(8), Height(6)])
        let older = try store.open(Height(6))
        fixture.advance(to: 10)
        try fixture.write(to: disk)
        try older.check()
        #expect(throws: SnapshotStoreError.missing(Height(6))) { _ = try store.open(Height(6)) }
    }

    @Test("a damaged snapshot is skipped and named, does not count as one of two, and goes when two are above it")
    func damaged() throws {
        var fixture = SnapshotFixture(height: 4)
        try fixture.write(to: disk)
        fixture.advance(to: 6)
        try fixture.write(to: disk)
        disk.flip(bit: 1, at: 20, of: snapshotName(6))
        let search = try store.newest()
        #expect(search.newest?.manifest.height == Height(4))
        #expect(search.skipped.map(\.height) == [Height(6)])
        let path = disk.path(of: snapshotName(6))
        #expect(search.skipped.map(\.reason) == [.damaged(path: path, .chunk(0))])
        fixture.advance(to: 8)
        try fixture.write(to: disk)
        #expect(try store.heights() == [8, 6, 4].map { Height($0) })
        fixture.advance(to: 10)
        try fixture.write(to: disk)
        #expect(try store.heights() == [10, 8].map { Height($0) })
    }

    @Test("a snapshot with any bit changed, or any length, is not taken")
    func anyBit() throws {
        try SnapshotFixture(height: 4).write(to: disk)
        let name = snapshotName(4)
        let bytes = try #require(disk[name])
        for offset in bytes.indices {
            for bit in [offset % 8, (offset + 3) % 8] {
                disk.flip(bit: bit, at: offset, of: name)
                let search = try store.newest()
                #expect(search.newest == nil && search.skipped.count == 1, "bit \(bit) at \(offset)")
                disk.flip(bit: bit, at: offset, of: name)
            }
        }
        #expect(try store.newest().newest != nil)
        for length in 0..<bytes.count {
            let other = SimulatedDisk()
            other.place(Array(bytes[..<length]), as: name)
            let search = try SnapshotStore(on: other, chain: SnapshotFixture.chain).newest()
            #expect(search.newest == nil && search.skipped.count == 1, "\(length) bytes")
        }
        let longer = SimulatedDisk()
        longer.place(bytes + [0], as: name)
        #expect(try SnapshotStore(on: longer, chain: SnapshotFixture.chain).newest().newest == nil)
    }

    @Test("a snapshot of another chain or height is not taken, nor a name that is none")
    func foreign() throws {
        try SnapshotFixture(height: 4).write(to: disk)
        let other = SnapshotStore(on: disk, chain: .zero)
        let path = disk.path(of: snapshotName(4))
        #expect(
            try other.newest().skipped.map(\.reason)
                == [.damaged(path: path, .anotherChain(SnapshotFixture.chain))]
        )
        disk.place(try #require(disk[snapshotName(4)]), as: snapshotName(6))
        disk.place([1], as: "snapshot-5")
        disk.place([1], as: snapshotName(7) + "0")
        disk.place([1], as: "snapshot-99999999999999999999")
        let search = try store.newest()
        #expect(search.newest?.manifest.height == Height(4))
        #expect(
            search.skipped.map(\.reason) == [.damaged(path: disk.path(of: snapshotName(6)), .anotherHeight(Height(4)))]
        )
    }

    @Test("a manifest that claims to be of the largest size takes no memory")
    func hugeClaim() throws {
        let manifest = try #require(try SnapshotFixture(height: 4).write(to: disk))
        for byteCount in [1 << 37, 1 << 38, (1 << 38) + 1, .max] as [UInt64] {
            let claim = SnapshotManifest(
                of: SnapshotFixture(height: 4).header,
                point: manifest.point,
                byteCount: byteCount
            )
            disk.place(claim.encoded + Domain.snapshotFile.digest(of: claim).bytes, as: snapshotName(4))
            #expect(try store.newest().newest == nil, "\(byteCount) bytes")
        }
    }

    @Test("a copy is written as it was, while execution goes on")
    func whileExecuting() throws {
        var fixture = SnapshotFixture(height: 6)
        let executed = fixture.execution.executed
        let writer = try #require(SnapshotWriter(of: fixture.execution, behind: fixture.header))
        fixture.advance(to: 60)
        #expect(try writer.write(to: store).manifest.executed == executed)
        let reader = try #require(try store.newest().newest)
        #expect(try SnapshotFixture.restore(reader).machine.count == 5)
    }

    @Test("a certificate is kept beside its snapshot, and not believed when it is damaged")
    func certificate() throws {
        var fixture = SnapshotFixture(height: 4)
        try fixture.write(to: disk)
        let certificate = try certificate(of: 4, in: &fixture, at: 9)
        #expect(try store.certificate(of: Height(4)) == nil)
        try store.keep(certificate)
        disk.losePowerAndEverythingUnsynced()
        #expect(try store.certificate(of: Height(4)) == certificate)
        let name = snapshotName(4) + ".certificate"
        for offset in 0..<disk.byteCount(of: name) {
            disk.flip(bit: offset % 8, at: offset, of: name)
            #expect(try store.certificate(of: Height(4)) == nil, "offset \(offset)")
            disk.flip(bit: offset % 8, at: offset, of: name)
        }
        for height in [10, 12] as [UInt64] {
            fixture.advance(to: height)
            try fixture.write(to: disk)
        }
        // It is the only one that can be offered, until a newer one has its certificate.
        #expect(try disk.names() == [snapshotName(4), name, snapshotName(10), snapshotName(12)])
        #expect(try store.prune() == Height(10))
        try store.keep(self.certificate(of: 12, in: &fixture, at: 15))
        fixture.advance(to: 16)
        try fixture.write(to: disk)
        #expect(try disk.names() == [snapshotName(12), snapshotName(12) + ".certificate", snapshotName(16)])
        // The one between them goes: neither one of the newest two nor the newest that can be offered.
        for height in [18, 20] as [UInt64] {
            fixture.advance(to: height)
            try fixture.write(to: disk)
        }
        #expect(try store.heights() == [20, 18, 12].map { Height($0) })
    }

    private func certificate(
        of height: UInt64,
        in fixture: inout SnapshotFixture,
        at end: UInt64
    ) throws -> SnapshotCertificate {
        fixture.advance(to: end)
        return SnapshotCertificate(
            proof: try #require(fixture.execution.trail.proof(of: Height(height), through: Height(end))),
            header: fixture.header,
            finality: .genesis(fixture.header)
        )
    }
}
