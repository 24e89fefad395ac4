internal import HotStuff
internal import HotStuffStorage
internal import Logging

/// Writes snapshots, one after the other, while execution goes on.
final class SnapshotThread<Machine: StateMachine>: Sendable {
    private let worker: Worker<SnapshotWriter<Machine>>
    private let librarian: Librarian

    init(
        to store: SnapshotStore<RealDisk>,
        librarian: Librarian,
        logger: Logger
    ) throws(ReplicaError) {
        self.librarian = librarian
        worker = try Worker { writers in
            // Of several that wait only the newest is of use.
            guard let writer = writers.last else { return }
            do {
                let written = try writer.write(to: store)
                let manifest = written.manifest
                logger.info(
                    "took a snapshot",
                    metadata: ["height": "\(manifest.height)", "bytes": "\(manifest.byteCount)"]
                )
                // The older of the two that are kept: the newer one may turn out to be damaged.
                if let reserve = written.reserve { librarian.prune(snapshotHeight: reserve) }
            } catch {
                logger.error("cannot take a snapshot: \(error)")
            }
        }
    }

    /// Writes a state when the blocks before it are durable in the archive: who starts from it finds them there.
    func take(_ writer: SnapshotWriter<Machine>) {
        librarian.sync { [worker] _ in worker.post(writer, unlessWaiting: 2) }
    }

    func stop() { worker.stop() }
}
