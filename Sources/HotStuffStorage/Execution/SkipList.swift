public import HotStuff

/// The file `skipped` of a data directory: the commands that its replica does not execute, for as long as it has the chain.
///
/// It is durable before any block is executed without them, so that every replay leaves out the same.
public struct SkipList<Storage: Disk>: Sendable {
    private static var fileName: String { "skipped" }
    private static var magic: String { "hs_skip1" }
    /// The most commands of a list.
    public static var maximumCount: Int { 4_096 }

    private let disk: Storage

    /// Creates the list of a data directory.
    public init(on disk: Storage) { self.disk = disk }

    /// The path of the file, for people.
    public var path: String { disk.path(of: Self.fileName) }

    /// The commands of the list; none if there is no file.
    ///
    /// - Returns: the commands.
    /// - Throws: that the file is damaged, or how the disk failed.
    public func read() throws(SkipListError) -> SkippedCommands {
        let file: [UInt8]?
        do {
            file = try disk.smallFile(Self.fileName, maximum: Self.maximumByteCount)
        } catch {
            throw .disk(error)
        }
        guard let file else { return .none }
        guard let content = SealedBytes.open(file, magic: Self.magic),
            content.count.isMultiple(of: CommandKey.minimumEncodedSize)
        else { throw .damaged(path: path) }
        var decoder = BorshDecoder(content)
        var keys: [CommandKey] = []
        for _ in 0..<content.count / CommandKey.minimumEncodedSize {
            guard let key = try? decoder.read(CommandKey.self) else { throw .damaged(path: path) }
            keys.append(key)
        }
        return SkippedCommands(keys)
    }

    /// Adds commands to the list; when this returns, it survives everything.
    ///
    /// - Parameter commands: the commands.
    /// - Returns: all commands of the list.
    /// - Throws: that the file is damaged or the list too long, or how the disk failed.
    public func add(_ commands: SkippedCommands) throws(SkipListError) -> SkippedCommands {
        let before = try read()
        let all = before.union(commands)
        guard all != before else { return all }
        guard all.keys.count <= Self.maximumCount else { throw .tooMany(path: path) }
        var encoder = BorshEncoder(capacity: all.keys.count * CommandKey.minimumEncodedSize)
        for key in all.keys { encoder.append(key) }
        do {
            try disk.replaceSmallFile(Self.fileName, with: SealedBytes.seal(encoder.bytes, magic: Self.magic))
        } catch {
            throw .disk(error)
        }
        return all
    }

    private static var maximumByteCount: Int { maximumCount * CommandKey.minimumEncodedSize + 64 }
}

/// Why the list of skipped commands cannot be used.
public enum SkipListError: Error, Equatable, Sendable {
    /// The file is damaged.
    case damaged(path: String)
    /// More commands than fit into it.
    case tooMany(path: String)
    /// The disk failed.
    case disk(DiskError)
}

extension SkipListError: CustomStringConvertible {
    /// One line: what is wrong, and where.
    public var description: String {
        switch self {
        case .damaged(let path): "the list of skipped commands \(path) is damaged"
        case .tooMany(let path): "the list of skipped commands \(path) has no room for more"
        case .disk(let error): error.description
        }
    }
}
