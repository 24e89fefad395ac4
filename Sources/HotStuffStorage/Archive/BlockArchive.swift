public import HotStuff

/// The committed blocks of a chain on disk by height, with the certificates that prove them final.
///
/// The blocks are in data files, each named by its first height, with an index of fixed entries beside it, so that reading costs the
/// same at any length of the chain. One owner appends, repairs and prunes; any thread reads through `reader`. What is appended is
/// durable after `sync()`. After a failure of a write or a sync nothing is written any more, for nobody knows what is on disk.
public struct BlockArchive<Storage: Disk>: ~Copyable, Sendable {
    /// How the archive is kept.
    public let configuration: ArchiveConfiguration
    /// A handle that reads blocks, from any thread.
    public let reader: BlockArchiveReader<Storage>

    let chain: Digest
    let salt: JournalSalt
    /// The data file that is written; none before the first block.
    var tail: ArchiveTail<Storage>?
    var isStopped = false
    /// The memory of the last write, for the next: to get it anew and touch it for the first time takes longer than to fill it.
    var spare: [UInt8]?

    /// Takes over files that have been opened and checked.
    init(
        _ catalogue: ArchiveCatalogue<Storage>,
        tail: ArchiveTail<Storage>?,
        chain: Digest,
        salt: JournalSalt,
        configuration: ArchiveConfiguration
    ) {
        reader = BlockArchiveReader(catalogue: catalogue)
        self.tail = tail
        self.chain = chain
        self.salt = salt
        self.configuration = configuration
    }

    /// The height of the last block, durable or not; that of the genesis, or of the snapshot, if there is none.
    public var height: Height { reader.height }

    /// The height through which a loss of power takes nothing.
    public var durableHeight: Height { reader.durableHeight }

    /// The height of the first block, or of the first one to come.
    public var firstHeight: Height { reader.firstHeight }

    var catalogue: ArchiveCatalogue<Storage> { reader.catalogue }

    /// Makes all that was appended durable: one sync of the file that is written.
    ///
    /// The index is written afterwards and not synced: it never tells of a block that could be lost, and what it lacks after a loss of
    /// power is in the data file.
    public mutating func sync() throws(ArchiveError) {
        try checkRunning()
        let (durable, pending) = catalogue.withState { ($0.durable, $0.pending) }
        guard let tail, !pending.isEmpty, let first = durable.next else { return }
        try writing { () throws(DiskError) in
            try tail.page.handles.blocks.syncData()
            try tail.page.writeIndex(pending[...], from: first)
        }
        catalogue.withState { state in
            state.durable = state.height
            state.pending = []
        }
    }

    /// Makes an archive without blocks that begins above a snapshot, in place of what it holds from below.
    ///
    /// When the power fails in between, the archive is what it was, without some of its blocks, or empty: it is begun again.
    ///
    /// - Parameters:
    ///   - height: the height of the snapshot, above everything that the archive holds.
    ///   - block: the name of the block at that height.
    /// - Throws: `alreadyHolds` if the archive reaches that height.
    public mutating func begin(above height: Height, block: Digest) throws(ArchiveError) {
        try checkRunning()
        let (reached, tip, files) = catalogue.withState { ($0.height, $0.tip, $0.files.map(\.first)) }
        guard let first = height.next, files.isEmpty || reached < height else {
            if firstHeight > reached, reached == height, tip == block { return }
            throw .alreadyHolds(reached)
        }
        tail = nil
        catalogue.withState { state in
            state.files = []
            state.open = []
            state.pending = []
            state.durable = height
            state.tip = block
        }
        let disk = catalogue.disk
        try writing { () throws(DiskError) in
            for first in files { try ArchiveFile.remove(first, from: disk) }
        }
        try start(at: first, parent: block)
    }

    /// Makes the next data file, empty, and writes there from now on.
    mutating func start(at first: Height, parent: Digest) throws(ArchiveError) {
        let header = ArchiveHeader(chain: chain, first: first, parent: parent, salt: salt)
        let disk = catalogue.disk
        let handles = try writing { () throws(DiskError) in
            try ArchiveFile.create(header, on: disk)
            return try ArchiveHandles(on: disk, first: first)
        }
        let file = ArchiveFile(header)
        catalogue.withState { $0.files.append(file) }
        tail = ArchiveTail(page: ArchivePage(file: file, handles: handles), end: ArchivePlace.blocks.start)
    }

    /// Fails if an earlier write failed.
    func checkRunning() throws(ArchiveError) {
        guard !isStopped else { throw .stopped }
    }

    /// Writes; when that fails, nothing is written any more.
    mutating func writing<Result>(_ body: () throws(DiskError) -> Result) throws(ArchiveError) -> Result {
        do {
            return try body()
        } catch {
            isStopped = true
            throw .disk(error)
        }
    }
}

/// The data file that is written, and where its next entry goes.
struct ArchiveTail<Storage: Disk>: Sendable {
    let page: ArchivePage<Storage>
    private(set) var end: UInt64
    /// Syncs are rare: what they wait for is on its way before.
    private var behind: WriteBehind

    init(page: ArchivePage<Storage>, end: UInt64) {
        self.page = page
        self.end = end
        behind = WriteBehind(from: end)
    }

    /// Writes at the end.
    mutating func append(_ bytes: [UInt8]) throws(DiskError) {
        try page.handles.blocks.write(bytes.span.bytes, at: end)
        end += UInt64(bytes.count)
        behind.advance(to: end, of: page.handles.blocks)
    }
}
