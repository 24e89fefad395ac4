internal import Kernels
internal import Workloads

#if canImport(Darwin)
internal import Darwin
#else
internal import Glibc
#endif

/// A program that does one workload a given number of times, for callgrind to count its instructions; `Scripts/benchmarks` runs it.
///
/// A number of times is counted, and twice that number. What both have in common, the start of the program and all preparation, falls
/// out of the difference: so the program prepares the same whatever the number.
@main
struct InstructionCounts {
    /// The numbers of sysexits.h.
    private enum Status {
        static let usage: Int32 = 64
        static let unavailable: Int32 = 69
        static let software: Int32 = 70
    }

    static func main() {
        let arguments = Array(CommandLine.arguments.dropFirst())
        if arguments == ["--list"] {
            for workload in Workload.all { print("\(workload.repetitions)\t\(workload.name)") }
            return
        }
        guard arguments.count == 2, let workload = Workload.all.first(where: { $0.name == arguments[0] }),
            let count = Int(arguments[1]), (0...2 * workload.repetitions).contains(count)
        else { fail(Status.usage, "--list, or a name of that list and a number up to twice the one before it") }
        // A kernel that is asked for and not there is replaced by another, which would be counted in its place.
        if let wanted = getenv("HOTSTUFF_KERNEL").map({ String(cString: $0) }), wanted != Kernel.preferred.rawValue {
            fail(Status.unavailable, "no kernel \(wanted) on this processor")
        }
        do {
            let work = try workload.prepared(for: 2 * workload.repetitions)
            for index in 0..<count { try work(index) }
        } catch {
            fail(Status.software, "\(workload.name): \(error)")
        }
        // What was prepared is not taken apart.
        exit(0)
    }

    private static func fail(_ status: Int32, _ reason: String) -> Never {
        let line = Array("InstructionCounts: \(reason)\n".utf8)
        _ = write(STDERR_FILENO, line, line.count)
        exit(status)
    }
}
