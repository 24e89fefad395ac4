internal import HotStuff
internal import HotStuffStorage
internal import HotStuffTransport
internal import Logging

/// Answers requests for blocks, from memory and from the disk, on a thread of its own.
final class Librarian: Sendable {
    private struct Job: Sendable {
        let request: BlockRequest
        let pending: [Block]
        let peer: ReplicaID
    }

    /// The requests of all peers that wait at most; the next are dropped, for their senders ask again.
    private static let maximumWaiting = 64

    private let worker: Worker<Job>

    init(
        shelf: BlockShelf<RealDisk>,
        transport: ReplicaTransport,
        logger: Logger
    ) throws(ReplicaError) {
        worker = try Worker { jobs in
            for job in jobs {
                var response = BlockResponse(target: job.request.target, blocks: [])
                do {
                    response = try shelf.answer(job.request, pending: job.pending)
                } catch {
                    logger.error("cannot read a block from the journal: \(error)")
                }
                transport.send(Frame.encode(Message.blockResponse(response)), lane: .sync, to: job.peer)
            }
        }
    }

    /// Queues a request.
    ///
    /// - Parameters:
    ///   - request: what is asked.
    ///   - pending: the way from the last committed block to the target, if the target is above it.
    ///   - peer: who asks.
    func serve(_ request: BlockRequest, pending: [Block], to peer: ReplicaID) {
        worker.post(
            Job(request: request, pending: pending, peer: peer),
            unlessWaiting: Librarian.maximumWaiting
        )
    }

    func stop() { worker.stop() }
}
