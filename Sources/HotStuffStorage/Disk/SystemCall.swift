#if canImport(Darwin)
internal import Darwin
#elseif canImport(Glibc)
internal import Glibc
#endif

/// Calls of the operating system that report failure by a negative result and `errno`.
enum SystemCall {
    /// Makes a call again for as long as signals interrupt it, and turns any other failure into an error.
    @discardableResult
    static func run<Result: SignedInteger>(
        _ operation: DiskError.Operation,
        _ path: String,
        _ call: () -> Result
    ) throws(DiskError) -> Result {
        while true {
            let result = call()
            if result >= 0 { return result }
            let code = errno
            guard code == EINTR else { throw DiskError(operation: operation, path: path, code: code) }
        }
    }

    /// Asks the kernel to bring the content of a file to the medium, not only to the drive's cache.
    static func syncData(_ descriptor: Int32) -> Int32 {
        #if canImport(Darwin)
        fcntl(descriptor, F_FULLFSYNC)
        #else
        fdatasync(descriptor)
        #endif
    }

    /// Asks the kernel to begin to bring a part of a file to the medium; whether it does is its own affair.
    static func startWriting(_ descriptor: Int32, _ start: off_t, _ count: off_t) {
        #if !canImport(Darwin)
        let write: UInt32 = 2  // SYNC_FILE_RANGE_WRITE
        _ = syncFileRange?(descriptor, start, count, write)
        #endif
    }

    /// Asks the kernel for the space of a file up to a length, which stays what it is.
    static func preallocate(_ descriptor: Int32, _ length: off_t) -> Int32 {
        #if canImport(Darwin)
        var request = fstore_t()
        request.fst_flags = UInt32(F_ALLOCATEALL)
        // From the end of what the file has.
        request.fst_posmode = F_PEOFPOSMODE
        request.fst_length = length
        return fcntl(descriptor, F_PREALLOCATE, &request)
        #else
        guard let fallocate else {
            errno = ENOSYS
            return -1
        }
        let keepSize: Int32 = 1  // FALLOC_FL_KEEP_SIZE
        return fallocate(descriptor, keepSize, 0, length)
        #endif
    }

    #if !canImport(Darwin)
    /// `fallocate(2)`, which the headers show only to programs that ask for more than POSIX; nil if the C library has none.
    private static let fallocate: (@convention(c) (Int32, Int32, off_t, off_t) -> Int32)? = {
        guard let symbol = dlsym(nil, "fallocate") else { return nil }
        // Safe: this is the declaration of the manual page, in which all types are those of C.
        return unsafeBitCast(symbol, to: (@convention(c) (Int32, Int32, off_t, off_t) -> Int32).self)
    }()

    /// `sync_file_range(2)`, in the same way.
    private static let syncFileRange: (@convention(c) (Int32, off_t, off_t, UInt32) -> Int32)? = {
        guard let symbol = dlsym(nil, "sync_file_range") else { return nil }
        // Safe: this is the declaration of the manual page, in which all types are those of C.
        return unsafeBitCast(symbol, to: (@convention(c) (Int32, off_t, off_t, UInt32) -> Int32).self)
    }()
    #endif

    /// Asks the kernel to bring the entries of a directory to the medium.
    static func syncDirectory(_ descriptor: Int32) -> Int32 {
        #if canImport(Darwin)
        fcntl(descriptor, F_FULLFSYNC)
        #else
        fsync(descriptor)
        #endif
    }
}
