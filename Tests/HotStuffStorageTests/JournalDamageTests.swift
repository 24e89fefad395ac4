import HotStuff
import HotStuffSimulator
import Testing

@testable import HotStuffStorage

@Suite("A damaged journal")
struct JournalDamageTests {
    private static let path = "/simulated/journal-0000000001"

    @Test("cut short anywhere opens with the whole batches before the cut, and goes on from there")
    func tornTail() throws {
        let (bytes, ends) = try testJournal()
        for length in testHeaderByteCount..<bytes.count {
            let disk = SimulatedDisk()
            disk.place(Array(bytes.prefix(length)), as: "journal-0000000001")
            let whole = ends.dropFirst().count { $0 <= length }
            let expected = testBatches.prefix(whole).flatMap(\.self)
            var records: [[UInt8]] = []
            var journal = try openJournal(on: disk, replaying: &records)
            let opening = journal.opening
            #expect(records == expected, "cut at \(length)")
            #expect(opening.tornBytes == UInt64(length - ends[whole]), "cut at \(length)")
            #expect(disk["journal-0000000001"] == Array(bytes.prefix(ends[whole])), "cut at \(length)")
            _ = try journal.append([[4, 2]])
            disk.losePowerAndEverythingUnsynced()
            let again = try replay(disk)
            #expect(again.records == expected + [[4, 2]], "cut at \(length)")
            #expect(again.opening.tornBytes == 0, "cut at \(length)")
        }
    }

    @Test("cut short inside its header is refused and not touched")
    func tornHeader() throws {
        let bytes = try testJournal().bytes
        for length in 0..<testHeaderByteCount {
            let disk = SimulatedDisk()
            disk.place(Array(bytes.prefix(length)), as: "journal-0000000001")
            let error = failure { () throws(JournalError) in try replay(disk) }
            guard case .damaged(Self.path, 0, _) = error else {
                Issue.record("cut at \(length): \(String(describing: error))")
                continue
            }
            #expect(disk["journal-0000000001"] == Array(bytes.prefix(length)))
        }
    }

    @Test("with a flipped bit never replays anything wrong: it is refused, or loses its last batch")
    func flippedBits() throws {
        let (bytes, ends) = try testJournal()
        for offset in bytes.indices {
            let disk = SimulatedDisk()
            disk.place(bytes, as: "journal-0000000001")
            disk.flip(bit: offset % 8, at: offset, of: "journal-0000000001")
            let before = disk["journal-0000000001"]
            if offset >= ends[3] {
                let (records, opening) = try replay(disk)
                #expect(records == testBatches.prefix(3).flatMap(\.self), "byte \(offset)")
                #expect(opening.tornBytes == UInt64(ends[4] - ends[3]), "byte \(offset)")
                continue
            }
            let error = failure { () throws(JournalError) in try replay(disk) }
            #expect(disk["journal-0000000001"] == before, "byte \(offset)")
            switch error {
            case .notAJournal: #expect(offset < 8)
            case .unknownFormat: #expect((8..<12).contains(offset))
            case .damaged(_, 0, _): #expect((12..<testHeaderByteCount).contains(offset))
            case .damaged(_, let place, _):
                let batch = ends.lastIndex { $0 <= offset }
                #expect(batch.map { UInt64(ends[$0]) } == place, "byte \(offset)")
            default: Issue.record("byte \(offset): \(String(describing: error))")
            }
        }
    }

    @Test("with a hole says where, or, if told to, keeps what is before the hole")
    func hole() throws {
        let (bytes, ends) = try testJournal()
        let disk = SimulatedDisk()
        disk.place(bytes, as: "journal-0000000001")
        disk.flip(bit: 0, at: ends[2] - 1, of: "journal-0000000001")
        let error = failure { () throws(JournalError) in try replay(disk) }
        let reason = "the content of a batch does not match its checksum, but another one follows at byte \(ends[2])"
        #expect(error == .damaged(path: Self.path, offset: UInt64(ends[1]), reason: reason))
        let (records, opening) = try replay(disk, damagePolicy: .cut)
        #expect(records == testBatches[0])
        #expect(opening.tornBytes == UInt64(bytes.count - ends[1]))
        let again = try replay(disk)
        #expect(again.records == testBatches[0])
    }

    @Test("with a batch of zeros, a write that never reached the medium, is refused if another one did")
    func lostWrite() throws {
        let (bytes, ends) = try testJournal()
        let disk = SimulatedDisk()
        disk.place(
            bytes[..<ends[1]] + [UInt8](repeating: 0, count: ends[2] - ends[1]) + bytes[ends[2]...],
            as: "journal-0000000001"
        )
        let error = failure { () throws(JournalError) in try replay(disk) }
        let reason = "no batch begins here, but another one follows at byte \(ends[2])"
        #expect(error == .damaged(path: Self.path, offset: UInt64(ends[1]), reason: reason))
    }

    @Test("with a whole batch out of turn is refused")
    func wrongSequence() throws {
        let (bytes, ends) = try testJournal()
        let header = try JournalHeader.check(
            Array(bytes.prefix(testHeaderByteCount)),
            against: testIdentity,
            path: Self.path
        )
        let seal = header.seal
        for sequence: UInt64 in [0, 1, 3, 4, 6, .max] {
            let batch = JournalBatch.encode([JournalEntry([1])], sequence: sequence, offset: UInt64(ends[4]), seal)
            let disk = SimulatedDisk()
            disk.place(bytes + batch.bytes, as: "journal-0000000001")
            let error = failure { () throws(JournalError) in try replay(disk) }
            let reason = "batch \(sequence) is where batch 5 should be"
            #expect(error == .damaged(path: Self.path, offset: UInt64(ends[4]), reason: reason))
        }
    }

    @Test("is not believed when a record's content imitates a batch, because it cannot know the salt")
    func imitatedBatch() throws {
        let (bytes, ends) = try testJournal()
        var generator = RandomSource(seed: 99)
        let guess = JournalSeal(JournalSalt(using: &generator), segment: 1)
        let start = ends[4] + JournalBatchHead.byteCount + JournalRecordHead.byteCount
        let imitation = JournalBatch.encode([JournalEntry([6, 6, 6])], sequence: 6, offset: UInt64(start), guess).bytes
        let disk = SimulatedDisk()
        disk.place(bytes, as: "journal-0000000001")
        var records: [[UInt8]] = []
        var journal = try openJournal(on: disk, replaying: &records)
        _ = try journal.append([imitation + [0]])
        let size = disk["journal-0000000001"]?.count ?? 0
        disk.flip(bit: 3, at: size - 1, of: "journal-0000000001")
        let (replayed, opening) = try replay(disk)
        #expect(replayed == testBatches.flatMap(\.self))
        #expect(opening.tornBytes == UInt64(size - ends[4]))
    }

    @Test("finds a later batch wherever it is, also across what is read at once")
    func farLaterBatch() throws {
        for distance in [(1 << 20) - 100, (1 << 20) - 40, (1 << 20) - 1, 1 << 20, (2 << 20) + 7] {
            let (bytes, ends) = try testJournal()
            let header = try JournalHeader.check(
                Array(bytes.prefix(testHeaderByteCount)),
                against: testIdentity,
                path: Self.path
            )
            let place = ends[4] + distance
            let later = JournalBatch.encode([JournalEntry([1])], sequence: 9, offset: UInt64(place), header.seal).bytes
            let disk = SimulatedDisk()
            disk.place(bytes + [UInt8](repeating: 0, count: distance) + later, as: "journal-0000000001")
            let error = failure { () throws(JournalError) in try replay(disk) }
            let reason = "no batch begins here, but another one follows at byte \(place)"
            #expect(error == .damaged(path: Self.path, offset: UInt64(ends[4]), reason: reason))
        }
    }
}
