import HotStuff
import HotStuffSimulator
import HotStuffStorage

/// A chain and an owner for journals under test.
let testIdentity = JournalIdentity(chain: Digest.hash(of: [1]), owner: Digest.hash(of: [2]))

/// Opens the journal of a disk and collects what it replays.
func openJournal<Storage: Disk>(
    on disk: Storage,
    identity: JournalIdentity = testIdentity,
    _ durability: Durability = .powerLoss,
    maximumBatchBytes: Int = 1 << 20,
    damagePolicy: JournalConfiguration.DamagePolicy = .refuse,
    segmentBytes: Int = 1 << 20,
    preallocates: Bool = false,
    salt: UInt64 = 1,
    startingAt: ([[UInt8]]) -> Int = { _ in 0 },
    replaying records: inout [[UInt8]]
) throws(JournalError) -> Journal<Storage> {
    var generator = RandomSource(seed: salt)
    let salt = JournalSalt(using: &generator)
    records = []
    return try Journal.open(
        on: disk,
        identity: identity,
        configuration: JournalConfiguration(
            durability: durability,
            maximumBatchBytes: maximumBatchBytes,
            damagePolicy: damagePolicy,
            segmentBytes: segmentBytes,
            preallocates: preallocates
        ),
        salt: salt,
        startingAt: startingAt
    ) { _, payload throws(JournalRecordRejection) in records.append(payload) }
}

/// The bytes of a header without a label.
let testHeaderByteCount = 160

/// What opening gives, as values: the records and the report.
func replay(
    _ disk: SimulatedDisk,
    _ durability: Durability = .powerLoss,
    maximumBatchBytes: Int = 1 << 20,
    damagePolicy: JournalConfiguration.DamagePolicy = .refuse
) throws(JournalError) -> (records: [[UInt8]], opening: JournalOpening) {
    var records: [[UInt8]] = []
    let journal = try openJournal(
        on: disk,
        durability,
        maximumBatchBytes: maximumBatchBytes,
        damagePolicy: damagePolicy,
        replaying: &records
    )
    return (records, journal.opening)
}

/// The error of a call that must fail, or nothing.
func failure<Success: ~Copyable>(_ body: () throws(JournalError) -> Success) -> JournalError? {
    do {
        _ = try body()
        return nil
    } catch {
        return error
    }
}

/// Batches of different shapes: one record, several, empty ones.
let testBatches: [[[UInt8]]] = [
    [[1, 2, 3]],
    [Array(repeating: 7, count: 40), [], [9]],
    [[]],
    [Array("the last batch".utf8), Array(0..<30)],
]

/// The bytes of a journal with the test batches, and where each batch ends, the header first.
func testJournal() throws -> (bytes: [UInt8], ends: [Int]) {
    let disk = SimulatedDisk()
    var records: [[UInt8]] = []
    var journal = try openJournal(on: disk, replaying: &records)
    var ends = [Int(journal.byteCount)]
    for batch in testBatches {
        _ = try journal.append(batch)
        ends.append(Int(journal.byteCount))
    }
    return (disk["journal-0000000001"] ?? [], ends)
}
