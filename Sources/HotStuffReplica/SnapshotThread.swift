internal import HotStuff
internal import HotStuffStorage
internal import Logging

/// The one thread that writes snapshots: its own, one after the other while execution goes on, and those that others give.
final class SnapshotThread<Machine: StateMachine>: Sendable {
    private enum Job: Sendable {
        /// Write a state.
        case write(SnapshotWriter<Machine>)
        /// Keep what makes strangers believe in a snapshot.
        case certify(SnapshotCertificate)
        /// Begin to take a snapshot of others, or go on with it.
        case begin(SnapshotPlan)
        /// Keep a chunk of it.
        case keep(SnapshotChunk)
        /// Make it durable, and start again from it.
        case adopt(SnapshotName)
    }

    private let worker: Worker<Job>
    private let librarian: Librarian

    init(
        to store: SnapshotStore<RealDisk>,
        librarian: Librarian,
        inbox: Inbox,
        logger: Logger
    ) throws(ReplicaError) {
        self.librarian = librarian
        let desk = Desk(store: store, librarian: librarian, inbox: inbox, logger: logger)
        worker = try Worker(named: "hs-snapshots") { desk.perform($0) }
    }

    /// Writes a state when the blocks before it are durable in the archive: who starts from it finds them there.
    func take(_ writer: SnapshotWriter<Machine>) {
        librarian.sync { [worker] _ in worker.post(.write(writer), unlessWaiting: StateSync.capacity + 4) }
    }

    /// Keeps the certificate of a snapshot beside it.
    func keep(_ certificate: SnapshotCertificate) { worker.post(.certify(certificate)) }

    /// Begins to take a snapshot of others; the loop hears what is missing.
    func begin(_ plan: SnapshotPlan) { worker.post(.begin(plan)) }

    /// Keeps a chunk; the loop asks for no more than it may.
    func keep(_ chunk: SnapshotChunk) { worker.post(.keep(chunk)) }

    /// Makes the snapshot durable and asks the loop to end, so that the replica starts again from it.
    func adopt(_ name: SnapshotName) { worker.post(.adopt(name)) }

    func stop() { worker.stop() }

    /// What the thread works on.
    //
    // @unchecked Sendable: touched only in `perform`, which only the worker's one thread calls.
    private final class Desk: @unchecked Sendable {
        private let store: SnapshotStore<RealDisk>
        private let librarian: Librarian
        private let inbox: Inbox
        private let logger: Logger
        private var receiver: SnapshotReceiver<RealDisk>
        /// The newest snapshot of its own, and up to which height blocks may go when that has a certificate.
        private var pending: (newest: Height, reserve: Height)?

        init(store: SnapshotStore<RealDisk>, librarian: Librarian, inbox: Inbox, logger: Logger) {
            self.store = store
            self.librarian = librarian
            self.inbox = inbox
            self.logger = logger
            receiver = SnapshotReceiver(in: store)
        }

        func perform(_ jobs: [Job]) {
            // Of several states that wait only the newest is of use.
            let newest = jobs.lastIndex { if case .write = $0 { true } else { false } }
            for (index, job) in jobs.enumerated() {
                switch job {
                case .write(let writer): if index == newest { write(writer) }
                case .certify(let certificate): keep(certificate)
                case .begin(let plan): begin(plan)
                case .keep(let chunk): take(chunk)
                case .adopt(let name): adopt(name)
                }
            }
        }

        private func write(_ writer: SnapshotWriter<Machine>) {
            do {
                let written = try writer.write(to: store)
                let manifest = written.manifest
                logger.info(
                    "took a snapshot",
                    metadata: ["height": "\(manifest.height)", "bytes": "\(manifest.byteCount)"]
                )
                // The older of the two that are kept: the newer one may turn out to be damaged.
                pending = written.reserve.map { (manifest.height, $0) }
                prune()
            } catch {
                logger.error("cannot take a snapshot: \(error)")
            }
        }

        private func keep(_ certificate: SnapshotCertificate) {
            do {
                try store.keep(certificate)
                prune()
            } catch {
                logger.error("cannot keep the certificate of a snapshot: \(error)")
            }
        }

        /// Lets blocks go only when others believe in the newest snapshot: before that the one below it is offered, with its block.
        private func prune() {
            guard let (newest, reserve) = pending, let certificate = try? store.certificate(of: newest),
                certificate.point.height == newest
            else { return }
            pending = nil
            librarian.prune(snapshotHeight: reserve)
        }

        private func begin(_ plan: SnapshotPlan) {
            guard Machine.offersSnapshots else {
                logger.error("others offer a snapshot, but this application restores none")
                return inbox.report(.snapshotFailed(plan.name))
            }
            do {
                let missing = try receiver.begin(plan)
                logger.info(
                    "takes a snapshot from others",
                    metadata: [
                        "height": "\(plan.name.height)", "bytes": "\(plan.manifest.byteCount)",
                        "missing": "\(missing.count) of \(plan.digests.count) chunks",
                    ]
                )
                inbox.report(.snapshotBegun(plan.name, missing: missing))
            } catch {
                fail(plan.name, "\(error)")
            }
        }

        private func take(_ chunk: SnapshotChunk) {
            do {
                switch try receiver.take(chunk) {
                case .taken, .alreadyThere: inbox.report(.chunkKept(chunk.name, chunk.index))
                case .noSuchChunk, .wrong: fail(chunk.name, "chunk \(chunk.index) is not the one that belongs there")
                }
            } catch {
                fail(chunk.name, "\(error)")
            }
        }

        private func adopt(_ name: SnapshotName) {
            do {
                try receiver.finish(name)
                logger.info(
                    "has a snapshot of others, and starts again from it",
                    metadata: ["height": "\(name.height)"]
                )
                inbox.startAgain()
            } catch {
                fail(name, "\(error)")
            }
        }

        private func fail(_ name: SnapshotName, _ reason: String) {
            logger.error("cannot take the snapshot of height \(name.height) from others: \(reason)")
            inbox.report(.snapshotFailed(name))
        }
    }
}
