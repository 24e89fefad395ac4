#if canImport(Darwin)
internal import Darwin
#elseif canImport(Glibc)
internal import Glibc
#endif

/// An open file of the operating system.
public final class RealFile: DiskFile {
    private let descriptor: Int32
    private let path: String

    /// The most bytes that one call asks for: below what Linux (2^31 - 4,096) and macOS (2^31 - 1) accept.
    private static let longestTransfer = 1 << 30

    /// Takes over an open file descriptor; it is closed with this object.
    init(descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    deinit {
        // Never again after an interruption: the descriptor may already be another file's.
        _ = close(descriptor)
    }

    /// The length in bytes.
    public func size() throws(DiskError) -> UInt64 {
        var status = stat()
        try SystemCall.run(.size, path) { fstat(descriptor, &status) }
        return UInt64(clamping: status.st_size)
    }

    /// Fills a buffer from an offset, in as many reads as it takes.
    public func read(into buffer: inout MutableRawSpan, at offset: UInt64) throws(DiskError) -> Int {
        try buffer.withUnsafeMutableBytes { (bytes: UnsafeMutableRawBufferPointer) throws(DiskError) -> Int in
            var done = 0
            while done < bytes.count {
                let rest = UnsafeMutableRawBufferPointer(rebasing: bytes[done...].prefix(RealFile.longestTransfer))
                let position = try fileOffset(offset, plus: done, .read)
                let count = try SystemCall.run(.read, path) {
                    pread(descriptor, rest.baseAddress, rest.count, position)
                }
                guard count > 0 else { break }
                done += count
            }
            return done
        }
    }

    /// Writes all of the bytes at an offset, in as many writes as it takes.
    public func write(_ bytes: RawSpan, at offset: UInt64) throws(DiskError) {
        try bytes.withUnsafeBytes { (bytes: UnsafeRawBufferPointer) throws(DiskError) in
            var done = 0
            while done < bytes.count {
                let rest = UnsafeRawBufferPointer(rebasing: bytes[done...].prefix(RealFile.longestTransfer))
                let position = try fileOffset(offset, plus: done, .write)
                let count = try SystemCall.run(.write, path) {
                    pwrite(descriptor, rest.baseAddress, rest.count, position)
                }
                guard count > 0 else { throw DiskError(operation: .write, path: path, code: EIO) }
                done += count
            }
        }
    }

    /// Cuts the file, or extends it with zeros, to a length in bytes.
    public func truncate(to size: UInt64) throws(DiskError) {
        let length = try fileOffset(size, plus: 0, .truncate)
        try SystemCall.run(.truncate, path) { ftruncate(descriptor, length) }
    }

    /// Calls `fallocate` with `FALLOC_FL_KEEP_SIZE`, on macOS `F_PREALLOCATE`; only a lack of space is a failure.
    public func preallocate(to size: UInt64) throws(DiskError) {
        let length = try fileOffset(size, plus: 0, .preallocate)
        do {
            try SystemCall.run(.preallocate, path) { SystemCall.preallocate(descriptor, length) }
        } catch {
            guard !error.isOutOfSpace else { throw error }
        }
    }

    /// Calls `sync_file_range` with `SYNC_FILE_RANGE_WRITE` on Linux; elsewhere nothing.
    public func startWriting(_ range: Range<UInt64>) {
        guard let start = off_t(exactly: range.lowerBound),
            let count = off_t(exactly: range.upperBound - range.lowerBound)
        else { return }
        SystemCall.startWriting(descriptor, start, count)
    }

    /// Calls `fdatasync`, on macOS `F_FULLFSYNC`.
    public func syncData() throws(DiskError) {
        try SystemCall.run(.sync, path) { SystemCall.syncData(descriptor) }
    }

    /// Takes the lock of `flock(2)`, without waiting for it.
    public func lockExclusively() throws(DiskError) -> Bool {
        do {
            try SystemCall.run(.lock, path) { flock(descriptor, LOCK_EX | LOCK_NB) }
            return true
        } catch {
            guard error.code == EWOULDBLOCK else { throw error }
            return false
        }
    }

    /// Gives the lock of `flock(2)` back.
    public func unlock() throws(DiskError) {
        try SystemCall.run(.unlock, path) { flock(descriptor, LOCK_UN) }
    }

    private func fileOffset(
        _ offset: UInt64,
        plus done: Int,
        _ operation: DiskError.Operation
    ) throws(DiskError) -> off_t {
        let (position, overflow) = offset.addingReportingOverflow(UInt64(done))
        guard !overflow, let position = off_t(exactly: position) else {
            throw DiskError(operation: operation, path: path, code: EFBIG)
        }
        return position
    }
}
