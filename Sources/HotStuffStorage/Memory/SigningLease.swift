public import HotStuff

/// A bound on the views that a replica signs: on the medium before anything signed in those views leaves.
///
/// In `process-crash` mode the journal itself may lose its end with the power. What was signed then is forgotten, but not up to which
/// view it can have been. The bound runs ahead, so that it costs two syncs in hundreds of views.
///
/// The file `lease` holds it twice, 4,096 bytes apart, each with a checksum; one place is synced before the other is written. Of
/// two that are whole the higher one counts: a bound that is too high only makes a replica wait a little longer.
public struct SigningLease<Storage: Disk>: Sendable {
    /// How many views a new bound is ahead of the view for which it is needed.
    public static var length: UInt64 { 256 }

    private static var fileName: String { "lease" }
    private static var distance: UInt64 { 4_096 }

    private let disk: Storage
    private var file: Storage.File?
    /// The highest view in which something may be signed; none before the first.
    public private(set) var bound: View?

    /// Reads the lease of a directory; there need not be one.
    ///
    /// - Throws: that the disk failed. A file in which no place is whole counts as none.
    public init(of disk: Storage) throws(DiskError) {
        self.disk = disk
        guard try disk.exists(Self.fileName) else { return }
        let file = try disk.open(Self.fileName, .existing)
        self.file = file
        for place in [0, Self.distance] {
            var bytes = [UInt8](repeating: 0, count: Entry.byteCount)
            var span = bytes.mutableSpan
            var buffer = span.mutableBytes
            guard try file.read(into: &buffer, at: place) == bytes.count, let found = Entry.bound(in: bytes) else {
                continue
            }
            bound = max(bound ?? found, found)
        }
    }

    /// Whether a view is within the bound.
    public func covers(_ view: View) -> Bool { bound.map { view <= $0 } ?? false }

    /// Moves the bound so far that a view is well within it; when this returns, it survives everything.
    ///
    /// After a failure the old bound counts.
    public mutating func extend(over view: View) throws(DiskError) {
        let (sum, overflow) = view.rawValue.addingReportingOverflow(Self.length)
        let next = View(overflow ? view.rawValue : sum)
        guard next > bound ?? .genesis else { return }
        let isNew = file == nil
        let file: Storage.File
        if let open = self.file { file = open } else { file = try disk.open(Self.fileName, .createIfMissing) }
        let bytes = Entry.bytes(of: next)
        for place in [0, Self.distance] {
            try file.write(bytes.span.bytes, at: place)
            try file.syncData()
        }
        if isNew { try disk.syncDirectory() }
        self.file = file
        bound = next
    }

    /// What stands at each place: magic 8, bound 8, checksum 16.
    private enum Entry {
        static var byteCount: Int { 32 }
        private static var magic: String { "hs_lease" }

        static func bytes(of bound: View) -> [UInt8] {
            var encoder = BorshEncoder()
            encoder.append(bound)
            return SealedBytes.seal(encoder.bytes, magic: magic)
        }

        static func bound(in bytes: [UInt8]) -> View? {
            guard let content = SealedBytes.open(bytes, magic: magic) else { return nil }
            return try? View(decoding: content)
        }
    }
}

extension SafetyRecord {
    /// The highest view of which something is signed.
    public var highestSignedView: View {
        max(lastVotedView, lastTimedOutView, lastProposal?.view ?? lastVotedView)
    }
}

extension UnsyncedMark {
    /// How much of what was signed the journal of this directory may lack; nothing, if it was kept as it should be.
    ///
    /// - Parameter lease: the lease of the same directory.
    /// - Returns: what is forgotten, if the machine was started again while the journal was not synced.
    /// - Throws: that the disk failed.
    public func amnesia(under lease: SigningLease<Storage>) throws(DiskError) -> Amnesia? {
        guard try isStale() else { return nil }
        return lease.bound.map { .through($0) } ?? .unknown
    }
}
