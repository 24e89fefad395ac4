import Foundation

/// How much memory a process has, in megabytes; 0 where the system does not tell.
struct ResidentMemory {
    /// That of this process.
    static let own = ResidentMemory("self")

    private let directory: String

    /// That of another process.
    init(of process: Int32) { self.init("\(process)") }

    private init(_ name: String) { directory = "/proc/\(name)" }

    /// What it has now.
    var megabytes: Double { megabytes("VmRSS:") }

    /// The most that it has had since it started, or since the last call of `forgetPeak`.
    var peakMegabytes: Double { megabytes("VmHWM:") }

    /// Has the system forget the most that it has had; without effect where the system does not do that.
    func forgetPeak() {
        guard let file = FileHandle(forWritingAtPath: "\(directory)/clear_refs") else { return }
        try? file.write(contentsOf: Data("5".utf8))
        try? file.close()
    }

    private func megabytes(_ field: String) -> Double {
        guard let text = try? String(contentsOfFile: "\(directory)/status", encoding: .utf8),
            let line = text.split(separator: "\n").first(where: { $0.hasPrefix(field) }),
            let kilobytes = line.split(separator: " ").dropFirst().first.flatMap({ Double($0) })
        else { return 0 }
        return kilobytes / 1_024
    }
}
