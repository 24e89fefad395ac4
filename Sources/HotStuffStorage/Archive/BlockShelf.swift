public import HotStuff

/// The blocks that a replica serves: the committed ones out of its archive, those above them from memory.
public struct BlockShelf<Storage: Disk>: Sendable {
    private let reader: BlockArchiveReader<Storage>
    /// Final blocks that were not in the archive when the shelf was made, in ascending order, without a gap above it.
    private let unproved: [Block]

    /// Creates a shelf of the blocks of an archive.
    ///
    /// - Parameters:
    ///   - reader: reads the archive.
    ///   - unproved: final blocks above it for which no certificate has been found: they are served one by one, for each is certified by the
    ///     next one's justification, and not in ranges. Once the archive has them they are read there.
    public init(_ reader: BlockArchiveReader<Storage>, unproved: [Block] = []) {
        self.reader = reader
        self.unproved = unproved
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
        for block in unproved where block.height <= last && block.height.follows(blocks.last?.height ?? request.above) {
            blocks.append(block)
        }
        // Whoever asks block by block wants the certificates too, and here are none of blocks that came in ranges.
        blocks = Array(blocks.prefix(BlockRequest.maximumBlockCount).prefix { !$0.isBare })
        // The tail may only follow if the way up to it is whole.
        let reached = blocks.last?.height ?? request.above
        guard reached >= last else { return BlockResponse(target: target, blocks: blocks) }
        var byteCount = blocks.reduce(0) { $0 + $1.encodedSize }
        for block in pending where block.height > request.above {
            guard !block.isBare else { break }
            guard blocks.count < BlockRequest.maximumBlockCount, byteCount < Self.answerByteCount else { break }
            blocks.append(block)
            byteCount += block.encodedSize
        }
        return BlockResponse(target: target, blocks: blocks)
    }

    /// Answers a request for final blocks with as many as an answer holds, and some more up to the next one that a certificate
    /// commits.
    ///
    /// Complexity: O(bytes of the answer), all of them read from the disk.
    ///
    /// - Parameter request: what is asked.
    /// - Returns: the blocks with their proof; none if the first one is not here, or nothing proves them yet.
    /// - Throws: why a block that should be in the archive cannot be read.
    public func answer(_ request: RangeRequest) throws(ArchiveError) -> BlockRange {
        let nothing = BlockRange(nothingAbove: request.above)
        guard request.above < request.through, request.above < reader.height,
            request.above.rawValue + 1 >= reader.firstHeight.rawValue
        else { return nothing }
        let blocks = try reader.blocks(
            above: request.above,
            through: min(request.through, reader.height),
            maximumCount: RangeRequest.maximumBlockCount,
            maximumBytes: Self.answerByteCount
        )
        guard let last = blocks.last, let proof = try reader.finality(of: last.height) else { return nothing }
        return BlockRange(
            above: request.above,
            blocks: blocks.dropLast() + proof.path,
            certificate: proof.certificate
        )
    }

    private func holds(_ target: Digest, at height: Height) throws(ArchiveError) -> Bool {
        if unproved.contains(where: { $0.id == target && $0.height == height }) { return true }
        guard height >= reader.firstHeight, height <= reader.height else { return false }
        return try reader.holds(target, at: height)
    }
}

extension Block {
    /// The bytes of its commands, and a guess at the rest.
    fileprivate var encodedSize: Int { payload.commands.reduce(8_192) { $0 + $1.bodyByteCount + 32 } }
}
