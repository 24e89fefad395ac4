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
    /// The directory.
    let disk: Storage
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
        guard let identity = try disk.smallFile(unsyncedMarkName, maximum: 256) else { return false }
        return identity != bootIdentity
    }

    /// Whether the journal is written without being synced, or was when its writer ended.
    func isSet() throws(DiskError) -> Bool { try disk.exists(unsyncedMarkName) }

    /// The path of the mark, for people.
    public var path: String { disk.path(of: unsyncedMarkName) }

    /// Sets the mark; when this returns, it survives everything.
    public func set() throws(DiskError) {
        try disk.replaceSmallFile(unsyncedMarkName, with: bootIdentity)
    }

    /// Syncs the journal, which nobody writes any more, and takes the mark away.
    public func clear() throws(DiskError) {
        guard try disk.exists(unsyncedMarkName) else { return }
        try disk.syncJournal()
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
