import Foundation
import HotStuffStorage
import Synchronization

/// Gives the segments of all journals a second name, so that they can be read after their replicas have removed them.
final class JournalKeeper: Sendable {
    private let folder: ProcessFolder
    /// For each replica the number of the segment that comes next.
    private let next: Mutex<[UInt64]>

    init(of folder: ProcessFolder) {
        self.folder = folder
        next = Mutex(Array(repeating: 1, count: folder.replicas.count))
    }

    /// Keeps whatever appears until cancelled: no segment lives as briefly as the time between two looks.
    func run() async {
        while !Task.isCancelled {
            for replica in folder.replicas { next.withLock { link(replica, from: &$0[replica]) } }
            // A wait that is cancelled ends the loop.
            try? await Task.sleep(for: .milliseconds(10))
        }
    }

    /// Shows the segments of a replica that does not run, all that there were since the last time, and forgets them.
    func take(_ replica: Int, _ body: (String) throws -> Void) throws {
        try next.withLock { next in
            link(replica, from: &next[replica])
            let kept = folder.keptDirectory(of: replica)
            try body(kept)
            try FileManager.default.removeItem(atPath: kept)
            // The last one is written on.
            next[replica] = max(next[replica], 2) - 1
        }
    }

    private func link(_ replica: Int, from number: inout UInt64) {
        let kept = folder.keptDirectory(of: replica)
        mkdir(kept, 0o700)
        while true {
            let name = JournalSegment.name(of: number)
            guard Foundation.link("\(folder.dataDirectory(of: replica))/\(name)", "\(kept)/\(name)") == 0 else {
                return
            }
            number += 1
        }
    }
}
