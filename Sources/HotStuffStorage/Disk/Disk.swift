/// What storage needs of a file system, in one directory.
///
/// Names are plain: no slash, not empty. A write or a change of names is visible at once to every reader, but survives a
/// loss of power only after `DiskFile.syncData()` or `syncDirectory()` has returned. Every call is carried through
/// interruptions by signals; what still fails is a `DiskError`.
public protocol Disk: Sendable {
    /// An open file of this disk.
    associatedtype File: DiskFile

    /// The path of the directory, for people.
    var path: String { get }

    /// The path of a file, for people.
    func path(of name: String) -> String

    /// The names of all files, sorted.
    func names() throws(DiskError) -> [String]

    /// Whether a file of that name exists.
    func exists(_ name: String) throws(DiskError) -> Bool

    /// Opens a file for reading and writing.
    func open(_ name: String, _ mode: DiskOpenMode) throws(DiskError) -> File

    /// Gives a file another name, in place of the file that had it; afterwards that name means either the old or the new file.
    func rename(_ name: String, to newName: String) throws(DiskError)

    /// Removes a file; it stays readable through the handles that are open.
    func remove(_ name: String) throws(DiskError)

    /// Returns when the names that were made, changed and removed would survive a loss of power.
    func syncDirectory() throws(DiskError)
}

/// An open file, closed when the last reference goes.
///
/// All calls may come from any thread at once; reads and writes name their offset, there is no cursor.
public protocol DiskFile: AnyObject, Sendable {
    /// The length in bytes.
    func size() throws(DiskError) -> UInt64

    /// Fills a buffer from an offset and returns how many bytes there were; fewer than asked only at the end of the file.
    func read(into buffer: inout MutableRawSpan, at offset: UInt64) throws(DiskError) -> Int

    /// Writes all of the bytes at an offset; when it fails, any part of them may be in the file.
    func write(_ bytes: RawSpan, at offset: UInt64) throws(DiskError)

    /// Cuts the file, or extends it with zeros, to a length in bytes.
    func truncate(to size: UInt64) throws(DiskError)

    /// Takes space from the disk, so that the file can grow to a length in bytes; nothing that readers see changes.
    ///
    /// The length stays: what was written last is still the end of the file, and a reader needs not tell zeros that were never
    /// written from zeros that were. Taking the space is a favour to later writes. Where the file system cannot do it
    /// nothing happens; where it has no room, this fails, and nothing is taken or less than asked.
    func preallocate(to size: UInt64) throws(DiskError)

    /// Has the system begin to bring a range of the content to the medium, and does not wait for it.
    ///
    /// A favour to the next `syncData()`, which has less to wait for; nothing is durable by it, and it cannot fail.
    func startWriting(_ range: Range<UInt64>)

    /// Returns when the content and the length would survive a loss of power.
    ///
    /// After a failure nobody knows what is on disk, and a second call may succeed without having written anything:
    /// it must not be taken for an answer.
    func syncData() throws(DiskError)

    /// Locks the file against every other open handle, also of other processes; false if one of them has it.
    ///
    /// The lock goes with `unlock()`, with the handle, and with the process.
    func lockExclusively() throws(DiskError) -> Bool

    /// Gives the lock back.
    func unlock() throws(DiskError)
}

extension DiskFile {
    /// Does nothing: where a file is in memory, or the system has no such call.
    public func startWriting(_ range: Range<UInt64>) {}
}

/// What opening a file does when it exists, and when it does not.
public enum DiskOpenMode: Sendable {
    /// The file must exist.
    case existing
    /// The file is opened as it is, or created empty.
    case createIfMissing
    /// The file is emptied or created.
    case createEmpty
}
