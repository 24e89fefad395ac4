import Foundation

/// How much time of processors a process has used, in seconds; 0 where the system does not tell.
struct ProcessorTime {
    /// That of this process.
    static var own: Double {
        var time = timespec()
        guard clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0 else { return 0 }
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// That of another process.
    static func of(_ process: Int32) -> Double { read("/proc/\(process)/stat") ?? 0 }

    /// That of the process or thread whose `stat` file this is: its 14th and 15th field, in ticks (proc(5)); nothing if it is gone.
    static func read(_ file: String) -> Double? {
        guard let text = try? String(contentsOfFile: file, encoding: .utf8),
            // The name of the program, in brackets, may hold anything.
            let end = text.lastIndex(of: ")")
        else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else { return nil }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }
}
