public import HotStuff

/// The blocks that a replica serves: the committed ones out of its archive, those above them from memory.
public struct BlockShelf<Storage: Disk>: Sendable {
    private let reader: BlockArchiveReader<Storage>

    /// Creates a shelf of the blocks of an archive.
    public init(_ reader: BlockArchiveReader<Storage>) {
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
    ///   - pending: the way from the last committed block to the target, if the target is above it; or the target, if it is that.
    /// - Returns: blocks in ascending order without a gap; none if the target is not known.
    /// - Throws: why a block that should be in the archive cannot be read.
    public func answer(_ request: BlockRequest, pending: [Block]) throws(ArchiveError) -> BlockResponse {
        let target = request.target
        let last: Height
        if let first = pending.first {
            last = Height(first.height.rawValue - 1)
        } else if try holds(target, at: request.height) {
            last = request.height
        } else {
            return BlockResponse(target: target, blocks: [])
        }
        var blocks: [Block] = []
        if request.above < last, request.above.rawValue + 1 >= reader.firstHeight.rawValue {
            blocks = try reader.blocks(
                above: request.above,
                through: last,
                maximumCount: BlockRequest.maximumBlockCount,
                maximumBytes: Self.answerByteCount
            )
        }
        // The tail may only follow if the way up to it is whole.
        let reached = blocks.last?.height ?? request.above
        guard reached >= last else { return BlockResponse(target: target, blocks: blocks) }
        var byteCount = blocks.reduce(0) { $0 + $1.encodedSize }
        for block in pending where block.height > request.above {
            guard blocks.count < BlockRequest.maximumBlockCount, byteCount < Self.answerByteCount else { break }
            blocks.append(block)
            byteCount += block.encodedSize
        }
        return BlockResponse(target: target, blocks: blocks)
    }

    private func holds(_ target: Digest, at height: Height) throws(ArchiveError) -> Bool {
        guard height >= reader.firstHeight, height <= reader.height else { return false }
        return try reader.holds(target, at: height)
    }
}

extension Block {
    /// The bytes of its commands, and a guess at the rest.
    fileprivate var encodedSize: Int { payload.commands.reduce(8_192) { $0 + $1.body.count + 32 } }
}
