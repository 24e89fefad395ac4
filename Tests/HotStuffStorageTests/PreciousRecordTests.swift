import HotStuffSimulator
import Testing

@testable import HotStuffStorage

@Suite("A precious record")
struct PreciousRecordTests {
    @Test("is in two places, at least 4,096 bytes apart, whatever else is in the batch")
    func distance() throws {
        var generator = RandomSource(seed: 7)
        let seal = JournalSeal(JournalSalt(using: &generator), segment: 1)
        for round in 0..<200 {
            let entries = (0..<Int.random(in: 1...6, using: &generator)).map { index in
                let count = Int.random(in: 0..<(Bool.random(using: &generator) ? 60 : 3_000), using: &generator)
                return JournalEntry(
                    [UInt8(index)] + [UInt8](repeating: 5, count: count),
                    isPrecious: Bool.random(using: &generator)
                )
            }
            let (bytes, batch) = JournalBatch.encode(entries, sequence: 1, offset: 1_000, seal)
            #expect(bytes.count == JournalBatch.byteCount(of: entries), "round \(round)")
            #expect(batch.byteCount == bytes.count)
            let atMost =
                JournalBatchHead.byteCount + JournalBatch.contentByteCount(of: entries)
                + JournalBatch.maximumPaddingByteCount
            #expect(bytes.count <= atMost, "round \(round)")
            // The copies stand in order behind the head.
            var copyEnd = 1_000 + JournalBatchHead.byteCount
            for (entry, record) in zip(entries, batch.records) where entry.isPrecious {
                copyEnd += JournalRecordHead.byteCount + entry.payload.count
                #expect(Int(record.offset) - copyEnd >= 4_096, "round \(round)")
            }
        }
    }

    @Test("costs padding only where little else is in the batch")
    func cost() {
        let safety = JournalEntry([UInt8](repeating: 1, count: 400), isPrecious: true)
        let block = JournalEntry([UInt8](repeating: 2, count: 9_000))
        let alone = JournalBatch.byteCount(of: [safety])
        #expect(alone == JournalBatchHead.byteCount + 2 * (JournalRecordHead.byteCount + 400) + 4_096)
        let plain = JournalBatch.byteCount(of: [block, JournalEntry(safety.payload)])
        #expect(JournalBatch.byteCount(of: [block, safety]) == plain + JournalRecordHead.byteCount + 400)
    }

    @Test("of the last batch survives any flipped bit; a journal with one is refused, or knows the last vote")
    func flippedBits() throws {
        let whole = try threeSegments(allPrecious: false)
        let files = whole.journalFiles
        let note = try #require(whole["durable"])
        var refused = 0
        var salvaged = 0
        for (name, bytes) in files.sorted(by: { $0.key < $1.key }) {
            for offset in bytes.indices {
                let disk = SimulatedDisk()
                for (name, bytes) in files { disk.place(bytes, as: name) }
                disk.place(note, as: "durable")
                disk.flip(bit: offset % 8, at: offset, of: name)
                let before = disk.journalFiles
                var records: [[UInt8]] = []
                let opened = try? openJournal(on: disk, replaying: &records).opening
                guard let opened else {
                    refused += 1
                    #expect(disk.journalFiles == before, "\(name), byte \(offset)")
                    continue
                }
                #expect(lastVote(in: records) == 3, "\(name), byte \(offset)")
                #expect(opened.salvaged == [vote(3)], "\(name), byte \(offset)")
                salvaged += 1
                guard offset % 16 == 0 else { continue }
                disk.losePowerAndEverythingUnsynced()
                let (again, opening) = try replay(disk)
                #expect(again == records, "\(name), byte \(offset)")
                #expect(opening.tornBytes == 0 && opening.salvaged.isEmpty, "\(name), byte \(offset)")
            }
        }
        #expect(refused > 1_000 && salvaged > 4_000, "\(refused), \(salvaged)")
    }

    @Test("of the last batch survives the loss of any sector of 4,096 bytes in it")
    func lostSector() throws {
        let name = segmentName(3)
        let bytes = try threeSegments(votesInTheLast: 2)[name] ?? []
        let last = JournalBatch.byteCount(of: [
            JournalEntry(Array(repeating: 1, count: 20)), JournalEntry(vote(4), isPrecious: true),
        ])
        for start in stride(from: bytes.count - last, to: bytes.count, by: 13) {
            let disk = try threeSegments(votesInTheLast: 2)
            let end = min(bytes.count, start + 4_096)
            disk.place(bytes[..<start] + [UInt8](repeating: 0, count: end - start) + bytes[end...], as: name)
            let (records, opening) = try replay(disk)
            #expect(lastVote(in: records) == 4, "from byte \(start)")
            #expect(opening.salvaged == [vote(4)], "from byte \(start)")
        }
    }

    @Test("of a batch that was never known to be durable was never sent, and is forgotten with its batch")
    func torn() throws {
        let name = segmentName(3)
        let last = JournalBatch.byteCount(of: [
            JournalEntry(Array(repeating: 1, count: 20)), JournalEntry(vote(4), isPrecious: true),
        ])
        for count in stride(from: 1, to: last, by: 11) {
            let disk = try threeSegments(votesInTheLast: 2, isNoted: false)
            disk.truncate(name, by: count)
            let (records, opening) = try replay(disk)
            #expect(lastVote(in: records) == 3, "\(count) bytes less")
            #expect(opening.salvaged.isEmpty, "\(count) bytes less")
            #expect(opening.tornBytes == UInt64(last - count), "\(count) bytes less")
        }
    }

    @Test("that is lost in both places although it was sent is refused, and so is a batch that is gone without a trace")
    func lostTwice() throws {
        let disk = try threeSegments(votesInTheLast: 2)
        let name = segmentName(3)
        let end = disk.byteCount(of: name)
        disk.flip(bit: 0, at: end - 1, of: name)
        let last = JournalBatch.byteCount(of: [
            JournalEntry(Array(repeating: 1, count: 20)), JournalEntry(vote(4), isPrecious: true),
        ])
        disk.flip(bit: 0, at: end - last + JournalBatchHead.byteCount + 3, of: name)
        let gone = try threeSegments(votesInTheLast: 2)
        gone.truncate(name, by: last)
        for (disk, reason) in [
            (disk, "the content of a batch does not match its checksum"), (gone, "the file ends before batch 6"),
        ] {
            let before = disk.journalFiles
            let error = failure { () throws(JournalError) in try replay(disk) }
            guard case .damaged("/simulated/journal-0000000003", _, let found) = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
            #expect(found == reason + ", but it was durable once")
            #expect(disk.journalFiles == before)
        }
    }

    @Test("a note that rotted tells nothing, and one of another journal neither")
    func rottenNote() throws {
        for offset in 0..<48 {
            let disk = try threeSegments()
            disk.flip(bit: offset % 8, at: offset, of: "durable")
            disk.truncate(segmentName(3), by: 1)
            #expect(try replay(disk).opening.salvaged.isEmpty, "byte \(offset)")
        }
        let disk = try threeSegments()
        disk.place(try threeSegments(salt: 2)["durable"] ?? [], as: "durable")
        disk.truncate(segmentName(3), by: 1)
        #expect(try replay(disk).opening.salvaged.isEmpty)
    }

    @Test("that is salvaged is rejected like any other, and then nothing is changed")
    func rejection() throws {
        let disk = try threeSegments()
        disk.truncate(segmentName(3), by: 1)
        let before = disk.journalFiles
        let error = failure { () throws(JournalError) in
            try Journal.open(
                on: disk,
                identity: testIdentity,
                configuration: JournalConfiguration(durability: .powerLoss)
            ) { _, payload throws(JournalRecordRejection) in
                if payload == vote(3) { throw JournalRecordRejection(reason: "no") }
            }
        }
        guard case .rejected("/simulated/journal-0000000003", _, "no") = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(disk.journalFiles == before)
    }

    @Test("is not forgotten when its salvage is interrupted anywhere", arguments: 0..<12)
    func interruptedSalvage(seed: UInt64) throws {
        let operations: [DiskError.Operation] = [
            .listDirectory, .open, .read, .size, .write, .sync, .rename, .syncDirectory,
        ]
        for operation in operations {
            var after = 0
            var isInterrupted = true
            while isInterrupted {
                let disk = try threeSegments()
                disk.truncate(segmentName(3), by: 1)
                disk.inject(
                    .init(operation: operation, code: 5, after: after, keeping: Int(seed) * 90, leavesPending: true)
                )
                isInterrupted = (try? replay(disk)) == nil
                disk.losePower(seed: seed)
                disk.clearFaults()
                let records = try replay(disk).records
                #expect(lastVote(in: records) == 3, "seed \(seed), \(operation) \(after)")
                disk.losePowerAndEverythingUnsynced()
                let again = try replay(disk)
                #expect(again.records == records, "seed \(seed), \(operation) \(after)")
                #expect(again.opening.tornBytes == 0, "seed \(seed), \(operation) \(after)")
                after += 1
            }
            #expect(after > 1, "\(operation) was never interrupted")
        }
    }

    @Test("several are salvaged in their order, each once")
    func several() throws {
        let disk = SimulatedDisk()
        var records: [[UInt8]] = []
        var journal = try openJournal(on: disk, replaying: &records)
        _ = try journal.append((1...5 as ClosedRange<UInt8>).map { JournalEntry(vote($0), isPrecious: $0 != 3) })
        journal.noteDurable()
        // The last byte of the last record, and the head of the batch.
        disk.flip(bit: 1, at: disk.byteCount(of: segmentName(1)) - 1, of: segmentName(1))
        disk.flip(bit: 1, at: testHeaderByteCount, of: segmentName(1))
        let (found, opening) = try replay(disk)
        #expect(found == [vote(1), vote(2), vote(4), vote(5)])
        #expect(opening.salvaged == found)
        #expect(opening.records == 4)
        #expect(opening.batches == 1)
    }
}
