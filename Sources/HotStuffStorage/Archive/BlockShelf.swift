public import HotStuff

/// The blocks that a replica serves: the committed ones out of its journal, those above them from memory.
public struct BlockShelf<Storage: Disk>: Sendable {
    private let index: BlockIndex
    private let reader: JournalReader<Storage>

    /// Creates a shelf of the blocks that an index knows of, in the journal that a reader reads.
    public init(index: BlockIndex, reader: JournalReader<Storage>) {
        self.index = index
        self.reader = reader
    }

    /// The bytes after which an answer takes no more blocks.
    public static var answerByteCount: Int { 4 << 20 }

    /// Answers a request with as many blocks as an answer holds.
    ///
    /// Complexity: O(bytes of the answer), all of them read from the disk.
    ///
    /// - Parameters:
    ///   - request: what is asked.
    ///   - pending: the way from the last committed block to the target, if the target is above it.
    /// - Returns: blocks in ascending order without a gap; none if the target is not known.
    /// - Throws: why a block that should be in the journal cannot be read.
    public func answer(_ request: BlockRequest, pending: [Block]) throws(JournalError) -> BlockResponse {
        let target = request.target
        let last: Height
        if let first = pending.first {
            last = Height(first.height.rawValue - 1)
        } else if let height = index.height(of: target) {
            last = height
        } else {
            return BlockResponse(target: target, blocks: [])
        }
        var blocks: [Block] = []
        var byteCount = 0
        let locations = index.locations(
            above: request.above,
            through: last,
            maximum: BlockRequest.maximumBlockCount
        )
        for location in locations where byteCount < Self.answerByteCount {
            blocks.append(try block(at: location))
            byteCount += Int(location.length)
        }
        // The tail may only follow if the way up to it is whole.
        let reached = blocks.last?.height ?? request.above
        guard reached >= last else { return BlockResponse(target: target, blocks: blocks) }
        for block in pending where block.height > request.above {
            guard blocks.count < BlockRequest.maximumBlockCount, byteCount < Self.answerByteCount else { break }
            blocks.append(block)
            byteCount += block.encoded.count
        }
        return BlockResponse(target: target, blocks: blocks)
    }

    private func block(at location: JournalRecordLocation) throws(JournalError) -> Block {
        let bytes = try reader.read(location)
        let record: JournalRecord
        do {
            record = try JournalRecord(decoding: bytes)
        } catch {
            throw .rejected(path: reader.path(of: location.segment), offset: location.offset, reason: error.description)
        }
        guard case .block(let block) = record else {
            throw .rejected(
                path: reader.path(of: location.segment),
                offset: location.offset,
                reason: "the record is not a block"
            )
        }
        return block
    }
}
