import Foundation
import HotStuffStorage
import Synchronization

/// Gives the segments of all journals a second name, so that they can be read after their replicas have removed them.
///
/// A replica that is fast, on a machine that does not let us look in time, may begin and remove a segment between two looks. Such a
/// segment is missed, and whoever reads hears that: what a journal says behind a hole does not continue what it said before.
final class JournalKeeper: Sendable {
    /// What was kept of one journal.
    private struct Shelf {
        /// The segments that nobody has read to their ends, in order; the last one may still be written.
        var kept: [UInt64] = []
        /// The last one that somebody has read.
        var read: UInt64 = 0
    }

    private let folder: ProcessFolder
    private let shelves: Mutex<[Shelf]>
    private let isStopping = Atomic(false)

    init(of folder: ProcessFolder) {
        self.folder = folder
        shelves = Mutex(folder.replicas.map { _ in Shelf() })
    }

    /// Keeps whatever appears, on a thread of its own, until it is told to stop.
    func start() {
        let thread = Thread { [self] in
            while !isStopping.load(ordering: .relaxed) {
                for replica in folder.replicas { shelves.withLock { keep(replica, on: &$0[replica]) } }
                usleep(5_000)
            }
        }
        thread.name = "keeper"
        thread.start()
    }

    /// Ends the thread.
    func stop() { isStopping.store(true, ordering: .relaxed) }

    /// Shows the segments of a replica that does not run, all that there were since the last time.
    ///
    /// - Parameters:
    ///   - replica: whose journal it is.
    ///   - read: takes a directory with segments of which none is missing between two, and whether some are before them.
    /// - Throws: what `read` throws, or that files cannot be linked.
    func take(_ replica: Int, _ read: (String, _ isBehindHole: Bool) throws -> Void) throws {
        let shelf = shelves.withLock { shelves in
            keep(replica, on: &shelves[replica])
            return shelves[replica]
        }
        // The last one of the time before is among them, for it is written on.
        let numbers = shelf.kept
        var last = shelf.read
        // Whoever runs is not to wait for this: his segments come and go meanwhile.
        for run in Self.runs(of: numbers) {
            let directory = "\(folder.keptDirectory(of: replica))/\(run.lowerBound)"
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            for number in run {
                try FileManager.default.linkItem(
                    atPath: place(of: number, replica),
                    toPath: "\(directory)/\(JournalSegment.name(of: number))"
                )
            }
            try read(directory, run.lowerBound > last + 1)
            last = run.upperBound
            try FileManager.default.removeItem(atPath: directory)
        }
        for number in numbers.dropLast() { try FileManager.default.removeItem(atPath: place(of: number, replica)) }
        shelves.withLock { shelves in
            shelves[replica].kept = numbers.suffix(1)
            shelves[replica].read = last
        }
    }

    /// Numbers that grow as runs without holes.
    private static func runs(of numbers: [UInt64]) -> [ClosedRange<UInt64>] {
        var runs: [ClosedRange<UInt64>] = []
        for number in numbers {
            if let last = runs.last, last.upperBound + 1 == number {
                runs[runs.endIndex - 1] = last.lowerBound...number
            } else {
                runs.append(number...number)
            }
        }
        return runs
    }

    private func keep(_ replica: Int, on shelf: inout Shelf) {
        let names = try? FileManager.default.contentsOfDirectory(atPath: folder.dataDirectory(of: replica))
        // Before its first start a replica has no directory.
        let numbers = (names ?? []).compactMap { JournalSegment.number(of: $0) }.filter { $0 > shelf.kept.last ?? 0 }
        if !numbers.isEmpty { mkdir(folder.keptDirectory(of: replica), 0o700) }
        for number in numbers.sorted() {
            let segment = "\(folder.dataDirectory(of: replica))/\(JournalSegment.name(of: number))"
            let status = link(segment, place(of: number, replica))
            // It may be gone already.
            if status == 0 { shelf.kept.append(number) }
        }
    }

    private func place(of number: UInt64, _ replica: Int) -> String {
        "\(folder.keptDirectory(of: replica))/\(JournalSegment.name(of: number))"
    }
}
