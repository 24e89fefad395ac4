import ArgumentParser
import Foundation
import HotStuffConfiguration
import KillKit

/// `Scripts/kills`: kills the processes of a cluster over and over, and looks whether anything was lost.
@main
struct KillHuntCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kills",
        abstract: "Kill the processes of a cluster over and over, and see that nothing is lost.",
        discussion: """
            Four processes of `hotstuff run` under load. One, some or all are killed at random moments, or inside a call that writes, \
            syncs, renames, removes or takes space, and started again. In the end all have one chain and one state, every confirmed \
            command was executed once, and no journal contradicts itself or a signature that another replica holds.
            """
    )

    @Option(help: "How many processes are killed.")
    var kills = 100

    @Option(
        help: "Where the random numbers begin. What dies is drawn from them; the moment also depends on the machine."
    )
    var seed: UInt64 = 1

    @Option(help: "The program.")
    var program: String

    @Option(help: "The library that kills a process inside a call; without it they are killed from outside only.")
    var library: String?

    @Option(help: "An empty folder in which all files stay.")
    var keep: String?

    @Flag(help: "Print one JSON object.")
    var json = false

    @Flag(help: ArgumentHelp("Mount a small file system for the trial of a full disk.", visibility: .hidden))
    var mayMount = false

    func run() async throws {
        let folder = try keep ?? makeFolder()
        let program = ReplicaProgram(path: program, library: library, segmentBytes: 131_072)
        let hunt = try KillHunt(
            in: try subfolder("kills", of: folder),
            program: program,
            kills: kills,
            seed: seed,
            tell: tell
        )
        var report = try await hunt.run()
        if library != nil {
            let found = try await SuspectTrial.run(in: try subfolder("suspect", of: folder), program: program)
            report.add("a command that is named after two crashes", found)
        }
        if mayMount {
            let found = try await FullDiskTrial.run(in: try subfolder("full", of: folder), program: program)
            report.add("a full disk", found)
        }
        print(json ? report.json.compactText : report.text)
        if keep != nil || !report.violations.isEmpty {
            tell("all files are in \(folder)")
        } else {
            try FileManager.default.removeItem(atPath: folder)
        }
        if !report.violations.isEmpty { throw ExitCode(1) }
    }

    private func tell(_ line: String) { FileHandle.standardError.write(Data("\(line)\n".utf8)) }

    private func subfolder(_ name: String, of folder: String) throws -> String {
        let path = "\(folder)/\(name)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    private func makeFolder() throws -> String {
        try subfolder("hotstuff-kills-\(UUID().uuidString)", of: NSTemporaryDirectory())
    }
}
