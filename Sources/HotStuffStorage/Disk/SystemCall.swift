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

    /// Asks the kernel to bring the entries of a directory to the medium.
    static func syncDirectory(_ descriptor: Int32) -> Int32 {
        #if canImport(Darwin)
        fcntl(descriptor, F_FULLFSYNC)
        #else
        fsync(descriptor)
        #endif
    }
}
