import ArgumentParser
import Foundation
import HotStuff
import HotStuffConfiguration
import HotStuffStorage

/// `hotstuff inspect`: shows what is in a data directory.
struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Show what is in a data directory, also while its replica runs.",
        discussion: """
            It takes no lock, writes nothing and repairs nothing. Journal, snapshots and the last file of the archive are read whole; of the \
            other files only the ends are looked at: `hotstuff verify` reads everything. No signature is verified.
            """
    )

    @Option(help: "The directory of the replica.")
    var dataDir: String

    @Option(help: "Show the block of this height instead.")
    var height: UInt64?

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() throws {
        if height == 0 {
            throw Failure(.usage, "--height is 0", advice: "blocks are stored from height 1 on")
        }
        let disk = try DataFolder.open(dataDir)
        do {
            let text = try height.map { try block(at: Height($0), on: disk) } ?? directory(disk)
            StandardStream.output.line(text)
        } catch let error as DiskError {
            throw Failure(error, dataDirectory: dataDir)
        }
    }

    private func directory(_ disk: RealDisk) throws -> String {
        let inspection = try DirectoryInspection(under: UnsyncedMark(of: disk))
        guard !inspection.isEmpty else { throw DataFolder.nothing(in: dataDir) }
        let report = InspectionReport(directory: dataDir, inspection: inspection)
        return json ? report.json.compactText : report.text
    }

    private func block(at height: Height, on disk: RealDisk) throws -> String {
        let archive = try ArchiveListing(of: disk)
        let journal = try JournalListing(of: disk)
        guard !archive.entries.isEmpty || !journal.entries.isEmpty else { throw DataFolder.nothing(in: dataDir) }
        let found: StoredBlock?
        do {
            found = try StoredBlock.find(at: height, in: archive, journal, on: disk)
        } catch {
            if case .disk(let error) = error { throw error }
            throw Failure(.data, "\(error) in \(dataDir)", advice: "see hotstuff verify")
        }
        guard let found else {
            throw Failure(
                .no,
                "\(dataDir) has no block of height \(height)",
                advice: "see what it has without --height"
            )
        }
        let report = BlockReport(stored: found)
        return json ? report.json.compactText : report.text
    }
}
