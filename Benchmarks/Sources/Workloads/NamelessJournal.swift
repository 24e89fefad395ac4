internal import HotStuff
internal import HotStuffStorage

#if canImport(Darwin)
internal import Darwin
#else
internal import Glibc
#endif

/// A journal on a real disk whose file has no name any more, so that it goes with the process.
final class NamelessJournal {
    private var journal: Journal<RealDisk>

    /// Makes an empty journal in the folder for temporary files.
    init(of identity: JournalIdentity) throws {
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        let path = "\(parent)/hotstuff-workload-\(getpid())"
        let disk = try RealDisk(path: path, createIfMissing: true)
        defer {
            for name in (try? disk.names()) ?? [] { try? disk.remove(name) }
            rmdir(path)
        }
        journal = try Journal.open(
            on: disk,
            identity: identity,
            configuration: JournalConfiguration(durability: .processCrash, preallocates: false),
            salt: JournalSalt(Digest.hash(of: [1]))
        ) { (_, _) throws(JournalRecordRejection) in }
    }

    /// Appends records as one batch.
    func append(_ records: [JournalRecord]) throws {
        consume(try journal.append(records.map { JournalEntry($0) }))
    }
}
