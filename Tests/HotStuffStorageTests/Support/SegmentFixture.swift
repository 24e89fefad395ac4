import HotStuffSimulator
import HotStuffStorage

/// The name of a segment's file.
func segmentName(_ number: UInt64) -> String { "journal-000000000\(number)" }

/// A disk with a journal of three segments, of which each begins with a checkpoint and holds a vote.
///
/// Records are `["c", n]` and `["v", n]`. Votes are precious; those before the last segment need not be, to save bytes. That all
/// is durable is noted, unless the power failed before the note was on the disk.
func threeSegments(
    salt: UInt64 = 1,
    votesInTheLast count: UInt8 = 1,
    allPrecious: Bool = true,
    isNoted: Bool = true
) throws -> SimulatedDisk {
    let disk = SimulatedDisk()
    var records: [[UInt8]] = []
    var journal = try openJournal(on: disk, salt: salt, replaying: &records)
    _ = try journal.append([JournalEntry(vote(1), isPrecious: allPrecious)])
    for number in 2...3 as ClosedRange<UInt8> {
        _ = try journal.startSegment([checkpoint(number)], label: [number])
        for index in 0..<(number == 3 ? count : 1) {
            _ = try journal.append([
                JournalEntry(Array(repeating: 1, count: 20)),
                JournalEntry(vote(number + index), isPrecious: allPrecious || number == 3),
            ])
        }
    }
    if isNoted {
        journal.noteDurable()
        // As it is after some time.
        try disk.open("durable", .existing).syncData()
        try disk.syncDirectory()
    }
    return disk
}

/// What a segment begins with.
func checkpoint(_ number: UInt8) -> [UInt8] { [UInt8(ascii: "c"), number] }

/// What must not be forgotten.
func vote(_ number: UInt8) -> [UInt8] { [UInt8(ascii: "v"), number] }

/// The last vote among some records.
func lastVote(in records: [[UInt8]]) -> UInt8? {
    records.last { $0.count == 2 && $0[0] == UInt8(ascii: "v") }?[1]
}

extension SimulatedDisk {
    /// What the segments hold.
    var journalFiles: [String: [UInt8]] {
        Dictionary(uniqueKeysWithValues: journalNames.map { ($0, self[$0] ?? []) })
    }
}
