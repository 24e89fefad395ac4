package import HotStuff

/// The small files of a data directory, read without any change.
package struct DirectoryMarks: Sendable {
    /// The name of the directory that no other has, as hexadecimal digits; none if it has none that is whole.
    package let identity: String?
    /// The process that opened the directory last; none if it is not written there.
    package let process: Int32?
    /// Whether the journal is, or was, written without being synced.
    package let isUnsynced: Bool
    /// Whether the machine was started again since then, so that the journal may lack its end.
    package let isStale: Bool
    /// The highest view in which something may be signed while the journal is not synced; none if there is no lease.
    package let lease: View?
    /// The block that is being executed, or was when the process ended; none if none is.
    package let executingHeight: Height?
    /// The command that is being executed, or was when the process ended, if it is known.
    package let executing: WitnessedCommand?
    /// How often that command was begun and not finished.
    package let attempts: UInt32
    /// The commands that are never executed.
    package let skipped: [CommandKey]
    /// What is wrong with the list of skipped commands, if anything is.
    package let skipListProblem: String?

    /// Reads the marks of a directory.
    ///
    /// - Parameter mark: the mark of a journal that is not synced, which knows the directory and this start of the machine.
    /// - Throws: how the disk failed.
    package init<Storage: Disk>(under mark: UnsyncedMark<Storage>) throws(DiskError) {
        let disk = mark.disk
        identity = try DataIdentity.find(on: disk).map { Hexadecimal.encode($0.bytes) }
        let lock = try disk.smallFile(DataDirectory<Storage>.lockName, maximum: 16) ?? []
        process = Int32(String(decoding: lock.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
        isUnsynced = try mark.isSet()
        isStale = try mark.isStale()
        lease = try SigningLease(of: disk).bound
        let mark = ExecutionMark(try disk.smallFile(ExecutionMark.fileName, maximum: ExecutionMark.fileByteCount) ?? [])
        executingHeight = mark == .nothing ? nil : mark.height
        executing = mark.command
        attempts = mark.attempts
        do throws(SkipListError) {
            skipped = try SkipList(on: disk).read().keys
            skipListProblem = nil
        } catch {
            if case .disk(let error) = error { throw error }
            skipped = []
            skipListProblem = error.description
        }
    }
}
