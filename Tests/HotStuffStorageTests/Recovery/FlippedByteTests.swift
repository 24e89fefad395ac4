import Foundation
import HotStuff
import HotStuffSimulator
import Testing

@testable import HotStuffStorage

/// The directory of a replica and that of its key, of which any byte may have changed.
private struct Place {
    static let boot = Array("this start of the machine".utf8)
    static let otherBoot = Array("the start after it".utf8)
    private static let keyName = "key.used"

    let fixture: AuditFixture
    /// What stands in the data directory, and in the directory of the key.
    let files: [(name: String, bytes: [UInt8])]
    /// What was signed last.
    let truth: SafetyRecord
    /// The length of the journal's last segment without its last batch.
    let lastBatch: Int

    /// A replica that has signed in nine views, two snapshots, two segments, and all small files.
    init() throws {
        fixture = try AuditFixture(count: 9, interval: 3)
        let disk = SimulatedDisk()
        try fixture.fill(disk, archived: 6, synced: 4, segmentAt: 5)
        var lease = try SigningLease(of: disk)
        try lease.extend(over: View(9))
        try UnsyncedMark(of: disk, bootIdentity: Self.boot).set()
        _ = try SkipList(on: disk).add(
            SkippedCommands([CommandKey(session: SessionID(height: Height(1), position: 0), sequence: 9_999)])
        )
        let witnessed = WitnessedCommand(
            key: CommandKey(session: SessionID(height: Height(1), position: 0), sequence: 8),
            digest: Digest.hash(of: [1]),
            index: 0
        )
        try ExecutionRecorder(on: disk).willExecute(witnessed, at: Height(7))
        let keys = SimulatedDisk()
        try KeyMark(on: keys, named: Self.keyName, chain: fixture.committee.chain).set(for: disk)
        files = disk.files + keys.files
        var last: SafetyRecord?
        var end: UInt64 = 0
        var walk = JournalWalk(try JournalListing(of: disk), on: disk)
        var ends: [UInt64] = []
        while let batch = try walk.nextBatch() {
            for record in batch { if case .safety(let safety)? = record.content { last = safety } }
            end = walk.end
            ends.append(end)
        }
        truth = try #require(last)
        #expect(truth.lastVotedView == View(9))
        lastBatch = Int(ends[ends.count - 2])
    }

    /// What became of a start.
    enum Outcome {
        case refused(String)
        case started(SafetyRecord, BlockShelf<SimulatedDisk>)
    }

    /// Does what the shell of a replica does before its first signature, with one file changed.
    func start(changing name: String, at offset: Int, by mask: UInt8, boot: [UInt8]) throws -> Outcome {
        let (data, keys) = (SimulatedDisk(), SimulatedDisk())
        for file in files {
            var bytes = file.bytes
            if file.name == name { bytes[offset] ^= mask }
            (file.name == Self.keyName ? keys : data).place(bytes, as: file.name)
        }
        let mark = UnsyncedMark(of: data, bootIdentity: boot)
        let lease = try SigningLease(of: data)
        let amnesia = try mark.amnesia(under: lease)
        var forgotten = amnesia
        do throws(KeyMarkError) {
            if let lost = try KeyMark(on: keys, named: Self.keyName, chain: fixture.committee.chain).amnesia(with: data)
            {
                forgotten = amnesia.map { $0.joined(with: lost) } ?? lost
            }
        } catch {
            return .refused("\(error)")
        }
        let skipped: SkippedCommands
        do throws(SkipListError) {
            skipped = try SkipList(on: data).read()
        } catch {
            return .refused("\(error)")
        }
        let recorder = try ExecutionRecorder(on: data)
        var verifier = MessageVerifier(
            committee: fixture.committee,
            parameters: fixture.genesis.parameters,
            verifier: fixture.keys
        )
        do throws(RecoveryFailure) {
            let recovered = try RecoveredReplica.recover(
                on: data,
                identity: fixture.identity,
                configuration: JournalConfiguration(
                    durability: .powerLoss,
                    damagePolicy: amnesia == nil ? .refuse : .cut,
                    preallocates: false
                ),
                archive: ArchiveConfiguration(fileByteCount: 4_000),
                committee: fixture.committee,
                machine: KeyValueStore(),
                parameters: fixture.genesis.parameters,
                verifier: &verifier,
                amnesia: forgotten,
                supervision: ExecutionSupervision(skipped: skipped, witness: recorder)
            )
            let record = recovered.state?.record
            return .started(
                record ?? SafetyRecord(epoch: fixture.committee.epoch, genesis: .genesis),
                recovered.keeper.shelf
            )
        } catch {
            return .refused("\(error)")
        }
    }

    /// Whether a record lets its replica contradict what it signed.
    func isDangerous(_ record: SafetyRecord) -> Bool {
        // Who knows that something is forgotten signs nothing up to there.
        if let forgotten = record.forgottenThrough { return forgotten < truth.highestSignedView }
        return record.lastVotedView < truth.lastVotedView || record.lastTimedOutView < truth.lastTimedOutView
            || record.lockedView < truth.lockedView || record.lastVote != truth.lastVote
    }
}

@Suite("One changed byte, anywhere in the directories of a replica")
struct FlippedByteTests {
    private let place: Place

    init() throws { place = try Place() }

    /// What the starts with every byte of some files changed came to.
    private struct Tally {
        var refused = 0
        var whole = 0
        var cautious = 0
        /// The offsets at which a change lets a replica forget what it signed.
        var dangerous: [Int] = []
    }

    /// Which bytes of some files are changed: all of them when the environment has `HOTSTUFF_EVERY_BYTE`, which takes minutes.
    ///
    /// Otherwise the beginnings of all files, everything around the journal's last batch, and of the rest so many that a test
    /// has some hundred starts.
    private func offsets(of name: String, among names: [String]) -> [Int] {
        let lengths = place.files.filter { names.contains($0.name) }.map(\.bytes.count)
        let length = place.files.first { $0.name == name }?.bytes.count ?? 0
        let isThorough = ProcessInfo.processInfo.environment["HOTSTUFF_EVERY_BYTE"] != nil
        let step = isThorough ? 1 : max(1, lengths.reduce(0, +) / 300)
        let close = name == lastSegment ? place.lastBatch - 8..<length : 0..<0
        return (0..<length).filter { $0 % step == 0 || $0 < 16 || $0 >= 4_096 && $0 % 4_096 < 8 || close.contains($0) }
    }

    /// Changes one byte after the other, one bit of it or all.
    private func tally(_ names: [String], boot: [UInt8]) throws -> Tally {
        var tally = Tally()
        for name in names {
            for offset in offsets(of: name, among: names) {
                let mask: UInt8 = offset % 9 == 8 ? 0xFF : 1 << UInt8(offset % 9)
                switch try place.start(changing: name, at: offset, by: mask, boot: boot) {
                case .refused(let line):
                    tally.refused += 1
                    #expect(line.contains("/simulated/\(name)"), "byte \(offset) of \(name): \(line)")
                    #expect(!line.contains("\n"))
                case .started(let record, let shelf):
                    if place.isDangerous(record) {
                        tally.dangerous.append(offset)
                        Issue.record("byte \(offset) of \(name): \(record)")
                    } else if record.forgottenThrough != nil {
                        tally.cautious += 1
                    } else {
                        tally.whole += 1
                    }
                    if name.hasPrefix("blocks-") || name.hasPrefix("index-") {
                        try serve(shelf, "byte \(offset) of \(name)")
                    }
                }
            }
        }
        return tally
    }

    /// Every block that is served is the right one.
    private func serve(_ shelf: BlockShelf<SimulatedDisk>, _ comment: Comment) throws {
        for height in stride(from: UInt64(0), to: 6, by: 2) {
            let request = RangeRequest(above: Height(height), through: Height(height + 2))
            do throws(ArchiveError) {
                for block in try shelf.answer(request).blocks {
                    #expect(block.id == place.fixture.blocks[Int(block.height.rawValue) - 1].id, comment)
                    #expect(block.payload.digest == block.header.payloadDigest, comment)
                }
            } catch {
                guard case .damaged = error else {
                    Issue.record("\(error)")
                    continue
                }
            }
        }
    }

    private var lastSegment: String { place.files.map(\.name).last { $0.hasPrefix("journal-") } ?? "" }

    private func names(_ prefixes: String...) -> [String] {
        place.files.map(\.name).filter { name in prefixes.contains { name.hasPrefix($0) } }
    }

    @Test("of the journal is refused with its file, and in the very last batch nothing that was signed is forgotten")
    func journal() throws {
        let found = try tally(names("journal-"), boot: Place.boot)
        #expect(found.dangerous == [])
        #expect(found.refused > 0 && found.whole > 0 && found.cautious == 0, "\(found.refused), \(found.whole)")
    }

    @Test("of the journal after a power cut without syncs never hides that something is forgotten")
    func staleJournal() throws {
        let found = try tally(names("journal-"), boot: Place.otherBoot)
        #expect(found.dangerous == [] && found.whole == 0)
    }

    @Test("of the archive or its indexes gives the right block or none, and nothing that was signed is forgotten")
    func archive() throws {
        let found = try tally(names("blocks-", "index-"), boot: Place.boot)
        #expect(found.dangerous == [] && found.cautious == 0)
        #expect(found.whole > 0)
    }

    @Test("of a snapshot costs that snapshot alone")
    func snapshot() throws {
        let found = try tally(names("snapshot-"), boot: Place.boot)
        #expect(found.dangerous == [] && found.cautious == 0 && found.refused == 0)
    }

    @Test("of a small file is harmless, or known as a loss, or refused with its file", arguments: [true, false])
    func smallFiles(isSameBoot: Bool) throws {
        let small = ["identity", "key.used", "lease", "unsynced", "skipped", "executing", "durable"]
        let boot = isSameBoot ? Place.boot : Place.otherBoot
        for name in small {
            let found = try tally([name], boot: boot)
            #expect(found.dangerous == [], "\(name)")
            #expect(isSameBoot || found.whole == 0, "\(name)")
            switch name {
            case "skipped": #expect(found.whole + found.cautious == 0, "\(name): a replay would differ")
            case "identity", "key.used", "unsynced": #expect(found.whole == 0 && found.refused == 0, "\(name)")
            default: #expect(found.refused == 0, "\(name)")
            }
        }
    }
}
