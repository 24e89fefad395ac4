import HotStuff
import HotStuffSimulator
import HotStuffStorage
import Testing

@Suite("Snapshots from the chunks of others")
struct SnapshotAssemblerTests {
    private let source: SnapshotReader<SimulatedDisk>
    private let chunks: [[UInt8]]
    private let disk = SimulatedDisk()
    private let store: SnapshotStore<SimulatedDisk>

    /// A snapshot of five chunks.
    init() throws {
        let fixture = SnapshotFixture(height: 26, valueByteCount: 180 << 10)
        let served = SimulatedDisk()
        try fixture.write(to: served)
        let reader = try SnapshotStore(on: served, chain: SnapshotFixture.chain).open(Height(26))
        source = reader
        chunks = try reader.digests.indices.map { try reader.chunk($0) }
        store = SnapshotStore(on: disk, chain: SnapshotFixture.chain)
    }

    private var point: SnapshotPoint { source.manifest.point }

    private func begin() throws(SnapshotStoreError) -> SnapshotAssembler<SimulatedDisk> {
        try SnapshotAssembler(in: store, manifest: source.manifest, digests: source.digests, trusting: point)
    }

    @Test(
        "chunks in any order, among lies and over restarts and losses of power, become the snapshot",
        arguments: 0..<10 as Range<UInt64>
    )
    func assembles(seed: UInt64) throws {
        var random = RandomSource(seed: seed)
        var assembler = try begin()
        #expect(chunks.count == 5)
        var lies = 0
        for _ in 0..<200 where !assembler.isComplete {
            let index = random.below(chunks.count)
            let wasMissing = assembler.nextMissing(from: index) == index
            switch random.below(5) {
            case 0:
                #expect(try assembler.take(chunks[index], asChunk: index) == (wasMissing ? .taken : .alreadyThere))
            case 1:
                var lie = chunks[index]
                lie[random.below(lie.count)] ^= 1
                #expect(try assembler.take(lie, asChunk: index) == (wasMissing ? .wrong : .alreadyThere))
                lies += 1
            case 2:
                let other = chunks[(index + 1) % chunks.count]
                #expect(try assembler.take(other, asChunk: index) == (wasMissing ? .wrong : .alreadyThere))
            case 3:
                disk.killProcess()
                let missing = assembler.missingCount
                assembler = try #require(try SnapshotAssembler(resumingIn: store, trusting: point))
                #expect(assembler.missingCount == missing, "seed \(seed)")
            default:
                // A chunk that was not synced may be lost, wholly or in part: then it is missing, never wrong.
                disk.losePower(seed: seed)
                let missing = assembler.missingCount
                assembler = try begin()
                #expect(assembler.missingCount >= missing, "seed \(seed)")
            }
        }
        while let index = assembler.nextMissing() { _ = try assembler.take(chunks[index], asChunk: index) }
        let reader = try assembler.finish()
        disk.losePower(seed: seed)
        let newest = try #require(try store.newest().newest)
        #expect(newest.manifest == source.manifest && reader.manifest == source.manifest, "seed \(seed)")
        #expect(try SnapshotFixture.restore(newest).executed == point.executed, "seed \(seed)")
        #expect(try disk.names() == [snapshotName(26)], "seed \(seed)")
    }

    @Test("chunks that do not exist, are too long or too short, are refused and named")
    func shapes() throws {
        var assembler = try begin()
        for index in [-1, 5, .max, .min] {
            #expect(try assembler.take(chunks[0], asChunk: index) == .noSuchChunk)
        }
        for lie in [[], Array(chunks[0].dropLast()), chunks[0] + [0], chunks[4]] {
            #expect(try assembler.take(lie, asChunk: 0) == .wrong)
        }
        #expect(assembler.missingCount == 5 && assembler.nextMissing(from: 5) == nil)
        #expect(try assembler.take(chunks[4], asChunk: 4) == .taken)
        #expect(assembler.nextMissing(from: 4) == nil && assembler.nextMissing() == 0)
        #expect(throws: SnapshotStoreError.incomplete(4)) { _ = try assembler.finish() }
        #expect(try store.newest().newest == nil)
    }

    @Test("manifest and list are believed only as far as the trusted point goes")
    func untrusted() throws {
        let manifest = source.manifest
        let header = SnapshotFixture(height: 26).header
        let other = Digest.hash(of: [7])
        func isRefused(_ manifest: SnapshotManifest, _ digests: [Digest], _ point: SnapshotPoint) -> Bool {
            do throws(SnapshotStoreError) {
                _ = try SnapshotAssembler(in: store, manifest: manifest, digests: digests, trusting: point)
                return false
            } catch {
                return error == .untrusted
            }
        }
        #expect(isRefused(manifest, source.digests.reversed(), point))
        #expect(isRefused(manifest, source.digests.dropLast(), point))
        #expect(isRefused(manifest, source.digests + [other], point))
        #expect(isRefused(manifest, [], point))
        for byteCount in [0, manifest.byteCount - 1, manifest.byteCount + 1, .max] {
            let claim = SnapshotManifest(of: header, point: point, byteCount: byteCount)
            #expect(isRefused(claim, source.digests, point), "\(byteCount) bytes")
        }
        for trusted in [
            SnapshotPoint(height: Height(24), before: point.before, root: point.root),
            SnapshotPoint(height: point.height, before: other, root: point.root),
            SnapshotPoint(height: point.height, before: point.before, root: other),
        ] {
            #expect(isRefused(manifest, source.digests, trusted))
        }
        let foreign = SnapshotStore(on: disk, chain: other)
        #expect(throws: SnapshotStoreError.untrusted) {
            _ = try SnapshotAssembler(in: foreign, manifest: manifest, digests: source.digests, trusting: point)
        }
        #expect(try disk.names().isEmpty)
    }

    @Test("what an earlier run had of another snapshot is not gone on with")
    func another() throws {
        #expect(try SnapshotAssembler(resumingIn: store, trusting: point) == nil)
        disk.place([1, 2, 3], as: snapshotName(26) + ".assembling")
        #expect(try SnapshotAssembler(resumingIn: store, trusting: point) == nil)
        let begun = try begin()
        #expect(begun.missingCount == 5)
        let other = SnapshotPoint(height: point.height, before: .zero, root: point.root)
        #expect(try SnapshotAssembler(resumingIn: store, trusting: other) == nil)
        #expect(try SnapshotAssembler(resumingIn: store, trusting: point)?.missingCount == 5)
    }
}
