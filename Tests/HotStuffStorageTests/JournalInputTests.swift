import HotStuff
import HotStuffSimulator
import Testing

@testable import HotStuffStorage

@Suite("A journal that is not ours to read")
struct JournalInputTests {
    private static let path = "/simulated/journal-0000000001"

    @Test("of another chain or another replica is refused, and not touched")
    func wrongIdentity() throws {
        let disk = SimulatedDisk()
        let bytes = try testJournal().bytes
        disk.place(bytes, as: "journal-0000000001")
        let other = Digest.hash(of: [3])
        var records: [[UInt8]] = []
        var identity = testIdentity
        identity.chain = other
        let chain = failure { () throws(JournalError) in
            try openJournal(on: disk, identity: identity, replaying: &records)
        }
        #expect(chain == .wrongChain(path: Self.path, found: testIdentity.chain, expected: other))
        identity = testIdentity
        identity.owner = other
        let owner = failure { () throws(JournalError) in
            try openJournal(on: disk, identity: identity, replaying: &records)
        }
        #expect(owner == .wrongOwner(path: Self.path, found: testIdentity.owner, expected: other))
        #expect(disk["journal-0000000001"] == bytes)
        #expect(records.isEmpty)
    }

    @Test("of a newer format is named as such, whatever else is in it")
    func newerFormat() throws {
        let disk = SimulatedDisk()
        var bytes = JournalHeader.magic + [3, 0, 0, 0]
        bytes += [UInt8](repeating: 0xaa, count: 500)
        disk.place(bytes, as: "journal-0000000001")
        let error = failure { () throws(JournalError) in try replay(disk) }
        #expect(error == .unknownFormat(path: Self.path, found: 3, known: 2))
        #expect(disk["journal-0000000001"] == bytes)
    }

    @Test("and is no journal at all is named as such")
    func notAJournal() throws {
        let disk = SimulatedDisk()
        let bytes = [UInt8](repeating: 0x20, count: 1_000)
        disk.place(bytes, as: "journal-0000000001")
        let error = failure { () throws(JournalError) in try replay(disk) }
        #expect(error == .notAJournal(path: Self.path))
        #expect(disk["journal-0000000001"] == bytes)
    }

    @Test("claims lengths that size nothing before they are checked")
    func hostileLengths() throws {
        let (bytes, ends) = try testJournal()
        let header = Array(bytes.prefix(testHeaderByteCount))
        let seal = try JournalHeader.check(header, against: testIdentity, path: Self.path).seal
        let offset = UInt64(ends[4])
        for length: UInt32 in [0, 1, 19, 20, 1_000, .max] {
            for count: UInt32 in [0, 1, .max] {
                let head = JournalBatchHead(sequence: 5, records: count, length: length, bodySum: .zero)
                let disk = SimulatedDisk()
                let tail = head.bytes(at: offset, seal) + [UInt8](repeating: 0xff, count: 500)
                disk.place(bytes + tail, as: "journal-0000000001")
                if length == .max {
                    let error = failure { () throws(JournalError) in try replay(disk) }
                    let claimed = JournalBatchHead.byteCount + Int(length)
                    #expect(
                        error
                            == .storedBatchTooLarge(path: Self.path, offset: offset, bytes: claimed, maximum: 1 << 20)
                    )
                    continue
                }
                let (records, opening) = try replay(disk)
                #expect(records == testBatches.flatMap(\.self))
                #expect(opening.tornBytes == UInt64(tail.count))
            }
        }
    }

    @Test("has a batch over the limit, which is no reason to cut it off")
    func limitLowered() throws {
        let disk = SimulatedDisk()
        var records: [[UInt8]] = []
        var journal = try openJournal(on: disk, replaying: &records)
        _ = try journal.append([[UInt8](repeating: 1, count: 2_000)])
        let error = failure { () throws(JournalError) in try replay(disk, maximumBatchBytes: 1_024) }
        #expect(error == .storedBatchTooLarge(path: Self.path, offset: 160, bytes: 2_124, maximum: 1_024))
        let replayed = try replay(disk).records
        #expect(replayed.map(\.count) == [2_000])
    }

    @Test("of random bytes behind a good header is cut, never trusted", arguments: 0..<20)
    func randomTail(seed: UInt64) throws {
        var generator = RandomSource(seed: seed)
        let bytes = try testJournal().bytes
        let disk = SimulatedDisk()
        let tail = (0..<Int.random(in: 1...400, using: &generator)).map { _ in
            UInt8.random(in: 0...255, using: &generator)
        }
        disk.place(bytes + tail, as: "journal-0000000001")
        let (records, opening) = try replay(disk)
        #expect(records == testBatches.flatMap(\.self), "seed \(seed)")
        #expect(opening.tornBytes == UInt64(tail.count), "seed \(seed)")
    }

    @Test("finds no record at a place that it did not give")
    func strangeLocations() throws {
        let disk = SimulatedDisk()
        disk.place(try testJournal().bytes, as: "journal-0000000001")
        var records: [[UInt8]] = []
        let journal = try openJournal(on: disk, replaying: &records)
        let offsets: [UInt64] = [0, 159, 160, 231, 233, 1 << 40, .max - 10, .max]
        for offset in offsets {
            for length: UInt32 in [0, 3, 40, 1 << 20, .max] {
                let location = JournalRecordLocation(segment: 1, offset: offset, length: length)
                let reader = journal.reader
                let error = failure { () throws(JournalError) in try reader.read(location) }
                guard case .damaged(Self.path, offset, _) = error else {
                    Issue.record("\(location): \(String(describing: error))")
                    continue
                }
            }
        }
        let found = try journal.read(JournalRecordLocation(segment: 1, offset: 232, length: 3))
        #expect(found == [1, 2, 3])
        disk.flip(bit: 7, at: 284, of: "journal-0000000001")
        let reader = journal.reader
        let error = failure { () throws(JournalError) in
            try reader.read(JournalRecordLocation(segment: 1, offset: 232, length: 3))
        }
        #expect(error == .damaged(path: Self.path, offset: 232, reason: "a record does not match its checksum"))
    }
}
