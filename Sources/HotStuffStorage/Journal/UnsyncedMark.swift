#if canImport(Darwin)
internal import Darwin
#elseif canImport(Glibc)
internal import Glibc
#endif

/// The note in a data directory that its journal has been written without being synced, since which start of the machine.
///
/// In `process-crash` mode what was written survives the process but not the machine. A journal under such a mark is
/// whole as long as the machine has not been started again; after that, statements that were sent may be missing from it, and
/// who goes on with it may contradict itself.
public struct UnsyncedMark<Storage: Disk>: Sendable {
    private let disk: Storage
    private let bootIdentity: [UInt8]

    /// Creates the mark of a directory.
    ///
    /// - Parameters:
    ///   - disk: the directory.
    ///   - bootIdentity: what tells this start of the machine from every other.
    public init(of disk: Storage, bootIdentity: [UInt8]) {
        self.disk = disk
        self.bootIdentity = bootIdentity
    }

    /// Whether the machine has been started again since the mark was set.
    public func isStale() throws(DiskError) -> Bool {
        guard try disk.exists(unsyncedMarkName) else { return false }
        let file = try disk.open(unsyncedMarkName, .existing)
        var bytes = [UInt8](repeating: 0, count: 256)
        var span = bytes.mutableSpan
        var buffer = span.mutableBytes
        let count = try file.read(into: &buffer, at: 0)
        return Array(bytes.prefix(count)) != bootIdentity
    }

    /// The path of the mark, for people.
    public var path: String { disk.path(of: unsyncedMarkName) }

    /// Sets the mark; when this returns, it survives everything.
    public func set() throws(DiskError) {
        let file = try disk.open(unfinishedMarkName, .createEmpty)
        try file.write(bootIdentity.span.bytes, at: 0)
        try file.syncData()
        try disk.rename(unfinishedMarkName, to: unsyncedMarkName)
        try disk.syncDirectory()
    }

    /// Syncs the journal, which nobody writes any more, and takes the mark away.
    public func clear() throws(DiskError) {
        guard try disk.exists(unsyncedMarkName) else { return }
        for name in try disk.names() where JournalSegment.number(of: name) != nil {
            try disk.open(name, .existing).syncData()
        }
        try disk.remove(unsyncedMarkName)
        try disk.syncDirectory()
    }
}

extension UnsyncedMark where Storage == RealDisk {
    /// Creates the mark of a directory of the operating system.
    public init(of disk: RealDisk) {
        self.init(of: disk, bootIdentity: currentBootIdentity())
    }
}

private let unsyncedMarkName = "unsynced"
private let unfinishedMarkName = "unsynced.new"

/// What the operating system tells one start of the machine from another by; nothing if it does not tell.
private func currentBootIdentity() -> [UInt8] {
    #if canImport(Darwin)
    var time = timeval()
    var size = MemoryLayout<timeval>.size
    guard sysctlbyname("kern.boottime", &time, &size, nil, 0) == 0 else { return [] }
    return Array("\(time.tv_sec).\(time.tv_usec)".utf8)
    #else
    let descriptor = Glibc.open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return [] }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 64)
    let count = Glibc.read(descriptor, &bytes, bytes.count)
    return count > 0 ? Array(bytes.prefix(count)) : []
    #endif
}
