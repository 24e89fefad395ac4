public import HotStuff

/// The content of a stored snapshot, read piece by piece; every chunk is checked before a byte of it is given.
public struct SnapshotContent<Storage: Disk>: SnapshotSource {
    /// The number of bytes that are left.
    public private(set) var remaining: UInt64
    private let reader: SnapshotReader<Storage>
    private var chunk: [UInt8] = []
    private var position = 0
    private var next = 0

    init(_ reader: SnapshotReader<Storage>) {
        self.reader = reader
        remaining = reader.manifest.byteCount
    }

    /// The next bytes, exactly so many, or an error.
    public mutating func read(count: Int) throws(SnapshotError) -> [UInt8] {
        guard count >= 0, UInt64(count) <= remaining else { throw .truncated }
        remaining -= UInt64(count)
        if count <= chunk.count - position {
            defer { position += count }
            return Array(chunk[position..<position + count])
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        while bytes.count < count {
            if position == chunk.count { try turn() }
            let taken = min(count - bytes.count, chunk.count - position)
            bytes += chunk[position..<position + taken]
            position += taken
        }
        return bytes
    }

    /// Takes the next chunk in place of the one that was read.
    private mutating func turn() throws(SnapshotError) {
        // The old one goes first, so that there are never two.
        chunk = []
        do {
            chunk = try reader.chunk(next)
        } catch {
            throw .unreadable(error.description)
        }
        next += 1
        position = 0
    }
}

extension SnapshotReader {
    /// The content from its beginning, with one chunk of it in memory.
    public func content() -> SnapshotContent<Storage> { SnapshotContent(self) }
}
