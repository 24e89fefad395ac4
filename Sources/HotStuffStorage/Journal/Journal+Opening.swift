internal import HotStuff

/// The file of the journal.
let journalName = "journal"
/// The file as which a journal comes into being; one that is found was never finished.
private let unfinishedName = "journal.new"

extension Journal {
    /// Opens the journal of a disk, or makes an empty one if there is none, and replays what it holds.
    ///
    /// The records go to `replay` in order, batch by batch, in memory of one batch; what was replayed before an error is thrown
    /// must be forgotten. A torn end is cut off: the last batch, when it is not whole and nothing of this journal follows.
    /// When this returns under `Durability.powerLoss`, all that was replayed is durable, whatever the writer before died of.
    ///
    /// - Parameters:
    ///   - disk: the directory.
    ///   - identity: whose journal it must be.
    ///   - configuration: the durability and the limits.
    ///   - salt: the salt of the journal if it has to be made.
    ///   - replay: takes a record's place and payload, or rejects it, which ends the opening.
    /// - Returns: the journal, ready to append behind its last batch.
    /// - Throws: what is wrong with which file; nothing has been changed then, unless it is the disk itself that failed.
    public static func open(
        on disk: Storage,
        identity: JournalIdentity,
        configuration: JournalConfiguration,
        salt: @autoclosure () -> JournalSalt = .random(),
        replay: (JournalRecordLocation, [UInt8]) throws(JournalRecordRejection) -> Void
    ) throws(JournalError) -> Journal {
        var opening = JournalOpening()
        let file: Storage.File
        let found: [UInt8]
        do {
            if try !disk.exists(journalName) {
                try create(JournalHeader(identity: identity, salt: salt()), on: disk)
                opening.isNew = true
            }
            file = try disk.open(journalName, .existing)
            found = try readHeader(of: file)
        } catch {
            throw .disk(error)
        }
        let path = disk.path(of: journalName)
        let header = try JournalHeader.check(found, against: identity, path: path)
        let seal = JournalSeal(header.salt)
        let reader = JournalReader<Storage>(
            file,
            path: path,
            seal: seal,
            maximumBatchBytes: configuration.maximumBatchBytes
        )
        var scanner = try scanner(of: file, path: path, seal, configuration)
        let lastBatch = try scan(&scanner, into: &opening, path: path, configuration, replay)
        let lastBytes = if let lastBatch { try scanner.bytes(of: lastBatch) } else { [UInt8]() }
        do {
            if opening.tornBytes > 0 {
                try file.truncate(to: scanner.offset)
                try file.syncData()
            }
            switch configuration.durability {
            case .powerLoss:
                if !mutant("trust-unsynced-tail") {
                    try settle(lastBytes, at: lastBatch?.offset ?? 0, in: file, on: disk)
                }
            case .processCrash: break
            }
        } catch {
            throw .disk(error)
        }
        return Journal(
            file,
            reader: reader,
            seal: seal,
            configuration: configuration,
            opening: opening,
            end: scanner.offset
        )
    }

    /// Makes an empty journal, so that the name means a whole header or nothing, whatever happens in between.
    private static func create(_ header: JournalHeader, on disk: Storage) throws(DiskError) {
        let file = try disk.open(unfinishedName, .createEmpty)
        try file.write(header.bytes.span.bytes, at: 0)
        try file.syncData()
        try disk.rename(unfinishedName, to: journalName)
        if !mutant("no-directory-sync") { try disk.syncDirectory() }
    }

    /// Makes durable what was read, because its writer may have died before its own sync, or of it.
    ///
    /// The last batch is written again, the same bytes to the same place: after a failed sync the system may hold it in memory and
    /// believe it clean, so that a sync alone would write nothing. Batches before the last one had their sync before the next
    /// one was written. The name may also be younger than the last sync of the directory.
    private static func settle(
        _ lastBatch: [UInt8],
        at offset: UInt64,
        in file: Storage.File,
        on disk: Storage
    ) throws(DiskError) {
        if !lastBatch.isEmpty { try file.write(lastBatch.span.bytes, at: offset) }
        try file.syncData()
        if !mutant("no-directory-sync") { try disk.syncDirectory() }
    }

    private static func readHeader(of file: Storage.File) throws(DiskError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: JournalHeader.byteCount)
        var span = bytes.mutableSpan
        var buffer = span.mutableBytes
        let count = try file.read(into: &buffer, at: 0)
        return Array(bytes.prefix(count))
    }

    private static func scanner(
        of file: Storage.File,
        path: String,
        _ seal: JournalSeal,
        _ configuration: JournalConfiguration
    ) throws(JournalError) -> JournalScanner<Storage.File> {
        do {
            return try JournalScanner(file, path: path, seal: seal, maximumBatchBytes: configuration.maximumBatchBytes)
        } catch {
            throw .disk(error)
        }
    }

    /// Replays to the end of what is whole and decides whether the rest is a torn end; gives the last batch.
    private static func scan(
        _ scanner: inout JournalScanner<Storage.File>,
        into opening: inout JournalOpening,
        path: String,
        _ configuration: JournalConfiguration,
        _ replay: (JournalRecordLocation, [UInt8]) throws(JournalRecordRejection) -> Void
    ) throws(JournalError) -> JournalBatch? {
        var last: JournalBatch?
        while true {
            switch try scanner.next() {
            case .batch(let batch):
                for record in batch.records {
                    let payload = try scanner.payload(of: record)
                    do {
                        try replay(record, payload)
                    } catch {
                        throw .rejected(path: path, offset: record.offset, reason: error.reason)
                    }
                }
                opening.batches += 1
                opening.records += UInt64(batch.records.count)
                last = batch
            case .end:
                return last
            case .bad(let reason):
                if configuration.damagePolicy == .refuse, !mutant("cut-at-damage"),
                    let later = try scanner.laterBatch()
                {
                    let reason = "\(reason), but another one follows at byte \(later)"
                    throw .damaged(path: path, offset: scanner.offset, reason: reason)
                }
                opening.tornBytes = scanner.remaining
                return last
            }
        }
    }
}
