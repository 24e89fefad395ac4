import ConfigurationKit
import Foundation
import HotStuff
import HotStuffConfiguration
import HotStuffStorage
import Testing

@testable import HotStuffCommand

extension EndToEndTests {
    @Test("a replica that lost its data signs nothing until a quorum has spoken, catches up, and takes part again")
    func lostData() async throws {
        let cluster = try Cluster()
        var replicas = try await cluster.startAll()
        for number in 0..<5 { #expect(try await cluster.submit("put", "k\(number)", "before").status == 0) }
        #expect(cluster.folder.names.contains("data_3"))
        let mark = try Data(contentsOf: URL(fileURLWithPath: cluster.folder.file("net/key_3.json.used")))

        replicas[3].signal(SIGKILL)
        _ = try await replicas[3].finish()
        try FileManager.default.removeItem(atPath: cluster.folder.file("data_3"))
        // Only one other is left, which with the one that forgot is no quorum.
        for index in 1...2 {
            replicas[index].signal(SIGTERM)
            _ = try await replicas[index].finish()
        }
        replicas[3] = try await cluster.start(3)
        try await replicas[3].waitForLog("the key was used with another data directory")
        try await replicas[3].waitForLog("view=\"not known yet\"")
        #expect(try !replicas[3].log.contains("error"))
        #expect(try Data(contentsOf: URL(fileURLWithPath: cluster.folder.file("net/key_3.json.used"))) != mark)

        for index in 1...2 { replicas[index] = try await cluster.start(index) }
        while try Self.extents(replicas[3].log).isEmpty { try await Task.sleep(for: .milliseconds(5)) }
        #expect(try await cluster.submit("put", "k", "between").status == 0)

        // Three are needed for every block from now on, and it is one of the three.
        replicas[0].signal(SIGKILL)
        _ = try await replicas[0].finish()
        #expect(try await cluster.submit("put", "k", "after").status == 0)
        #expect(try await cluster.submit("--quiet", "get", "k").output == "after\n")
        #expect(try await cluster.submit("--quiet", "get", "k4").output == "before\n")

        // It is not asked again.
        replicas[3].signal(SIGTERM)
        #expect(try await replicas[3].finish().status == 0)
        replicas[3] = try await cluster.start(3)
        #expect(try !replicas[3].log.contains("another data directory"))
        #expect(try await cluster.submit("--quiet", "get", "k").output == "after\n")
    }

    @Test("an old backup that is put back is found out, and nothing is signed a second time")
    func backup() async throws {
        let cluster = try Cluster()
        var replicas = try await cluster.startAll()
        #expect(try await cluster.submit("put", "k", "saved").status == 0)
        replicas[3].signal(SIGTERM)
        #expect(try await replicas[3].finish().status == 0)
        let (data, backup) = (cluster.folder.file("data_3"), cluster.folder.file("backup"))
        try FileManager.default.copyItem(atPath: data, toPath: backup)
        replicas[3] = try await cluster.start(3)
        // Without replica 0, everything that follows has its signature.
        replicas[0].signal(SIGKILL)
        _ = try await replicas[0].finish()
        for number in 0..<5 { #expect(try await cluster.submit("put", "k\(number)", "later").status == 0) }
        replicas[3].signal(SIGKILL)
        _ = try await replicas[3].finish()
        let lost = try Self.signed(in: data)
        try FileManager.default.removeItem(atPath: data)
        try FileManager.default.moveItem(atPath: backup, toPath: data)

        replicas[3] = try await cluster.start(3)
        while try Self.extents(replicas[3].log).isEmpty { try await Task.sleep(for: .milliseconds(5)) }
        // Two others are no quorum for the view that it has to see certified.
        replicas[0] = try await cluster.start(0)
        #expect(try await cluster.submit("put", "k", "after").status == 0)
        // Three are needed for every block from now on, and it is one of the three.
        replicas[0].signal(SIGKILL)
        _ = try await replicas[0].finish()
        #expect(try await cluster.submit("--quiet", "get", "k4").output == "later\n")
        replicas[3].signal(SIGTERM)
        #expect(try await replicas[3].finish().status == 0)
        let signed = try Self.signed(in: data)
        for (view, vote) in lost { #expect(signed[view] == nil || signed[view] == vote, "two votes in view \(view)") }
        #expect(signed.keys.max() ?? 0 > lost.keys.max() ?? 0)
    }

    @Test("a second process with a copy of the key is found out, and one of the two halts and says why")
    func copiedKey() async throws {
        let cluster = try Cluster()
        let replicas = try await cluster.startAll()
        #expect(try await cluster.submit("put", "k", "once").status == 0)
        // Where the copy is there is no mark beside it, as on a machine that never ran this replica.
        let copy = cluster.folder.file("copy")
        try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: false)
        try FileManager.default.copyItem(atPath: cluster.folder.file("net/key_0.json"), toPath: copy + "/key_0.json")
        var moved = cluster.founded.configuration.json
        moved = moved.changing("replicas.0.port", to: .integer(UInt64(try FreePorts.draw(1)[0])))
        try cluster.folder.write("copy/config.json", moved.prettyText)
        let arguments = ["--config", "copy/config.json", "--key", "copy/key_0.json", "--data-dir", "copy/data"]
        let second = try Binary(["run", "--id", "0"] + arguments, in: cluster.folder.path)
        while second.isRunning, replicas[0].isRunning {
            #expect(try await cluster.submit("put", "k", "again").status == 0)
        }
        let ended = second.isRunning ? replicas[0] : second
        let result = try await ended.finish()
        #expect(result.status == ProgramStatus.software.rawValue, "\(result.error)")
        let line = result.errorLines.last ?? ""
        #expect(line.hasPrefix("hotstuff: replica 0 halted: a signature of this replica's key is in view "), "\(line)")
        #expect(line.contains("another process signs with a copy of the key"), "\(line)")
        #expect(try await cluster.submit("--quiet", "get", "k").output == "again\n")
    }

    /// The votes in a replica's journal, by their views.
    private static func signed(in directory: String) throws -> [UInt64: VoteStatement] {
        let disk = try RealDisk(reading: directory)
        var votes: [UInt64: VoteStatement] = [:]
        _ = try JournalSummary(JournalListing(of: disk), on: disk) { record, _ in
            if case .safety(let safety) = record, let vote = safety.lastVote { votes[vote.view.rawValue] = vote }
        }
        return votes
    }

    @Test("a key of another chain, and a place where nothing can be noted beside the key, are refused on one line")
    func marks() async throws {
        let (cluster, other) = (try Cluster(), try Cluster())
        let replica = try await cluster.start(0)
        replica.signal(SIGTERM)
        #expect(try await replica.finish().status == 0)
        let mark = "net/key_0.json.used"
        try FileManager.default.copyItem(atPath: cluster.folder.file(mark), toPath: other.folder.file(mark))
        let foreign = try await Binary(other.runArguments(0), in: other.folder.path).finish()
        #expect(foreign.status == ProgramStatus.configuration.rawValue)
        #expect(foreign.errorLines.last?.contains("key_0.json.used says that the key signs for chain") == true)

        let path = other.folder.file(mark)
        try FileManager.default.removeItem(atPath: path)
        // Whoever runs this may write everywhere, but not a directory.
        try FileManager.default.createDirectory(atPath: path + ".new", withIntermediateDirectories: true)
        let unwritable = try await Binary(other.runArguments(0), in: other.folder.path).finish()
        #expect(unwritable.status == ProgramStatus.inputOutput.rawValue)
        #expect(unwritable.errorLines.last?.contains("key_0.json.used.new: Is a directory") == true)
        for result in [foreign, unwritable] {
            #expect(result.errorLines.count == 1, "\(result.error)")
            #expect(result.output.isEmpty)
        }
    }

    /// The views through which a replica knows to have forgotten, in the order in which it told them.
    private static func extents(_ log: String) -> [UInt64] {
        log.split(separator: "\n").compactMap { line in
            guard line.contains("what this replica signed"), let field = line.firstRange(of: "view=") else {
                return nil
            }
            return UInt64(line[field.upperBound...].prefix { $0.isNumber })
        }
    }
}
