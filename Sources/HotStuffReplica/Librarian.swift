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
    /// The bytes after which an answer takes no more blocks.
    private static let answerByteCount = 4 << 20

    private let worker: Worker<Job>

    init(
        index: BlockIndex,
        reader: JournalReader<RealDisk>,
        transport: ReplicaTransport,
        logger: Logger
    ) throws(ReplicaError) {
        worker = try Worker { jobs in
            for job in jobs {
                let response = Librarian.answer(job, index: index, reader: reader, logger: logger)
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

    private static func answer(
        _ job: Job,
        index: BlockIndex,
        reader: JournalReader<RealDisk>,
        logger: Logger
    ) -> BlockResponse {
        let target = job.request.target
        let nothing = BlockResponse(target: target, blocks: [])
        let last: Height
        if let first = job.pending.first {
            last = Height(first.height.rawValue - 1)
        } else if let height = index.height(of: target) {
            last = height
        } else {
            return nothing
        }
        var blocks: [Block] = []
        var byteCount = 0
        let locations = index.locations(
            above: job.request.above,
            through: last,
            maximum: BlockRequest.maximumBlockCount
        )
        for location in locations where byteCount < answerByteCount {
            do {
                let bytes = try reader.read(location)
                guard case .block(let block) = try JournalRecord(decoding: bytes) else { return nothing }
                blocks.append(block)
                byteCount += bytes.count
            } catch {
                logger.error("cannot read a block from the journal: \(error)")
                return nothing
            }
        }
        // The tail may only follow if the way up to it is whole.
        let reached = blocks.last?.height ?? job.request.above
        guard reached >= last else { return BlockResponse(target: target, blocks: blocks) }
        for block in job.pending where block.height > job.request.above {
            guard blocks.count < BlockRequest.maximumBlockCount, byteCount < answerByteCount else { break }
            blocks.append(block)
            byteCount += block.encoded.count
        }
        return BlockResponse(target: target, blocks: blocks)
    }
}
