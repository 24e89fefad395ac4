import HotStuff
import HotStuffStorage

/// An application whose state is in a file and never in memory: each command makes it so many bytes longer.
///
/// A file that only grows has the state of every earlier moment at its beginning, so a copy of the value with its length is a frozen one.
struct FileState: StateMachine {
    private let disk: RealDisk
    private let name: String
    private var file: RealFile?
    /// The length of the state.
    private(set) var byteCount: UInt64 = 0

    /// So many bytes of it are in memory at a time.
    private static let pieceByteCount = 256 << 10

    /// An empty state that will be in a file of a directory.
    init(on disk: RealDisk, name: String = "state") {
        self.disk = disk
        self.name = name
    }

    static var offersSnapshots: Bool { true }

    /// The body of the command that makes the state longer.
    static func command(byteCount: UInt64) -> [UInt8] {
        var encoder = BorshEncoder(capacity: 8)
        encoder.append(byteCount)
        return encoder.bytes
    }

    mutating func execute(_ commands: [Command], at block: BlockContext) -> [Reply] {
        commands.map { command in
            var decoder = BorshDecoder(command.body)
            if let count = try? decoder.readUInt64() { try? grow(by: count, seed: block.height.rawValue) }
            return Reply(Self.command(byteCount: byteCount))
        }
    }

    /// Appends bytes that look random and follow from a seed.
    private mutating func grow(by count: UInt64, seed: UInt64) throws(DiskError) {
        if file == nil { file = try disk.open(name, .createEmpty) }
        var number = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        var words = [UInt64](repeating: 0, count: Self.pieceByteCount / 8)
        var left = count
        while left > 0 {
            for index in words.indices {
                number ^= number << 13
                number ^= number >> 7
                number ^= number << 17
                words[index] = number
            }
            let piece = Int(min(left, UInt64(Self.pieceByteCount)))
            try file?.write(words.span.bytes.extracting(first: piece), at: byteCount)
            byteCount += UInt64(piece)
            left -= UInt64(piece)
        }
    }

    /// The root of its bytes alone.
    var stateDigest: Digest {
        var sink = SnapshotHasher()
        writeSnapshot(into: &sink)
        return sink.finish()
    }

    func writeSnapshot<Sink: SnapshotSink>(into sink: inout Sink) throws(Sink.Failure) {
        try sink.write(Self.command(byteCount: byteCount))
        var offset: UInt64 = 0
        while offset < byteCount {
            let count = Int(min(byteCount - offset, UInt64(Self.pieceByteCount)))
            var bytes = [UInt8](repeating: 0, count: count)
            var span = bytes.mutableSpan
            var buffer = span.mutableBytes
            // What cannot be read makes another root, by which it is noticed.
            guard let found = try? file?.read(into: &buffer, at: offset), found == count else { return }
            try sink.write(bytes)
            offset += UInt64(count)
        }
    }

    mutating func restore<Source: SnapshotSource>(from source: inout Source) throws(SnapshotError) {
        let count = try source.readUInt64()
        guard count <= source.remaining else { throw .truncated }
        do {
            file = try disk.open(name, .createEmpty)
        } catch {
            throw .unreadable(error.description)
        }
        byteCount = 0
        while byteCount < count {
            let piece = try source.read(count: Int(min(count - byteCount, UInt64(Self.pieceByteCount))))
            do {
                try file?.write(piece.span.bytes, at: byteCount)
            } catch {
                throw .unreadable(error.description)
            }
            byteCount += UInt64(piece.count)
        }
        do {
            try file?.syncData()
        } catch {
            throw .unreadable(error.description)
        }
    }
}
