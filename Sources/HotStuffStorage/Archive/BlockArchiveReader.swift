public import HotStuff

/// Reads the blocks of an archive, from any thread, also while the archive is written.
///
/// What it gives has passed its checksum and is, by name and height, what the index says. Every call takes time for what it reads,
/// not for the length of the chain.
public struct BlockArchiveReader<Storage: Disk>: Sendable {
    let catalogue: ArchiveCatalogue<Storage>

    /// The height of the last block, durable or not.
    public var height: Height { catalogue.withState { $0.height } }

    /// The height through which a loss of power takes nothing.
    public var durableHeight: Height { catalogue.withState { $0.durable } }

    /// The height of the first block, or of the first one to come.
    public var firstHeight: Height { catalogue.withState { $0.first } }

    /// The path of the data file that has a block of some height, or should have it; for people.
    public func path(of height: Height) -> String {
        let first = catalogue.withState { state in
            (state.files.last { $0.first <= height } ?? state.files.first)?.first ?? height
        }
        return catalogue.disk.path(of: ArchiveFileName.blocks(first))
    }

    /// Reads a block.
    public func block(at height: Height) throws(ArchiveError) -> Block { try entry(at: height).block }

    /// Reads blocks that follow each other, up to a damaged one.
    ///
    /// - Parameters:
    ///   - height: the height below the first one.
    ///   - last: the height of the last one; blocks that are not there yet are left out.
    ///   - maximumCount: the most blocks.
    ///   - maximumBytes: the bytes, as they are stored, beyond which there is no second block.
    /// - Returns: blocks in ascending order without a gap.
    /// - Throws: why the first of them cannot be read.
    public func blocks(
        above height: Height,
        through last: Height,
        maximumCount: Int,
        maximumBytes: Int
    ) throws(ArchiveError) -> [Block] {
        var blocks: [Block] = []
        var byteCount = 0
        var next = height.next
        let last = min(last, self.height)
        while let height = next, height <= last, blocks.count < maximumCount {
            do {
                let entry = try location(of: height)
                byteCount += Int(entry.length)
                guard blocks.isEmpty || byteCount <= maximumBytes else { break }
                blocks.append(try block(at: height))
            } catch {
                guard !blocks.isEmpty, case .damaged = error else { throw error }
                break
            }
            next = height.next
        }
        return blocks
    }

    /// The name of a block, also of a damaged one if the index or the block above tells it.
    public func id(at height: Height) throws(ArchiveError) -> Digest {
        let found = try location(of: height).block
        guard found == .zero else { return found }
        let page = try catalogue.page(of: height)
        // Not in the index and not in its own head: the block above names it.
        guard let above = height.next, above <= self.height else { throw .unknownName(height) }
        let next = try catalogue.page(of: above)
        if next.file.first != page.file.first { return next.file.parent }
        do {
            return try block(at: above).header.parent
        } catch {
            guard case .damaged = error else { throw error }
            throw .unknownName(height)
        }
    }

    /// Whether the block of a height has a name; no if there is none.
    public func holds(_ id: Digest, at height: Height) throws(ArchiveError) -> Bool {
        do {
            return try self.id(at: height) == id
        } catch {
            guard case .missing = error else { throw error }
            return false
        }
    }

    /// The heights in a range whose blocks can no longer be read; reads all of them.
    public func damagedHeights(in range: ClosedRange<Height>) throws(ArchiveError) -> [Height] {
        var damaged: [Height] = []
        let last = min(range.upperBound, height)
        var next: Height? = max(range.lowerBound, firstHeight)
        while let height = next, height <= last {
            do {
                _ = try entry(at: height)
            } catch {
                guard case .damaged = error else { throw error }
                damaged.append(height)
            }
            next = height.next
        }
        return damaged
    }
}
