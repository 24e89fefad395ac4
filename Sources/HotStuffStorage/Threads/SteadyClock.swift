#if canImport(Darwin)
internal import Darwin
#elseif canImport(Glibc)
internal import Glibc
#endif

/// The clocks of the operating system.
package enum SteadyClock {
    /// Nanoseconds of a clock that only goes forward, at an even pace, from an arbitrary start.
    package static var nanoseconds: UInt64 { read(CLOCK_MONOTONIC) }

    /// Milliseconds since 1970 by the clock on the wall, which may be set.
    package static var wallMilliseconds: UInt64 { read(CLOCK_REALTIME) / 1_000_000 }

    private static func read(_ clock: clockid_t) -> UInt64 {
        var time = Self.timespec(nanoseconds: 0)
        guard clock_gettime(clock, &time) == 0 else { return 0 }
        return UInt64(clamping: time.tv_sec) &* 1_000_000_000 &+ UInt64(clamping: time.tv_nsec)
    }

    #if canImport(Darwin)
    static func timespec(nanoseconds: UInt64) -> Darwin.timespec {
        Darwin.timespec(tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
    }
    #else
    static func timespec(nanoseconds: UInt64) -> Glibc.timespec {
        Glibc.timespec(tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
    }
    #endif
}
