/// Reads single records of a journal, from any thread, also while the journal is written.
public struct JournalReader<Storage: Disk>: Sendable {
    let handles: JournalHandles<Storage>
    private let salt: JournalSalt
    private let maximumBatchBytes: Int

    init(_ handles: JournalHandles<Storage>, salt: JournalSalt, maximumBatchBytes: Int) {
        self.handles = handles
        self.salt = salt
        self.maximumBatchBytes = maximumBatchBytes
    }

    /// The beginning that the paths of all segments have in common, for people.
    public var path: String { handles.disk.path(of: "journal") }

    /// The path of the file of a segment, for people.
    public func path(of segment: UInt64) -> String { handles.path(of: segment) }

    /// Reads a record and checks it against its checksum; O(length).
    ///
    /// Anything but the bytes that were appended is `damaged`, a location that no journal gave too. A record whose segment is
    /// not there any more is `removed`.
    public func read(_ location: JournalRecordLocation) throws(JournalError) -> [UInt8] {
        let byteCount = JournalRecordHead.byteCount + Int(location.length)
        let file = try handles.file(of: location.segment)
        let seal = JournalSeal(salt, segment: location.segment)
        guard byteCount <= maximumBatchBytes, let bytes = try bytes(byteCount, of: file, at: location.offset) else {
            throw damaged(location, "no record of that length is here")
        }
        let headBytes = Array(bytes.prefix(JournalRecordHead.byteCount))
        guard let head = JournalRecordHead.authentic(headBytes, at: location.offset, seal),
            head.length == location.length
        else {
            throw damaged(location, "no record of that length is here")
        }
        let payload = bytes.dropFirst(JournalRecordHead.byteCount)
        guard head.fits(payload, at: location.offset, seal) else {
            throw damaged(location, "a record does not match its checksum")
        }
        return Array(payload)
    }

    private func damaged(_ location: JournalRecordLocation, _ reason: String) -> JournalError {
        .damaged(path: path(of: location.segment), offset: location.offset, reason: reason)
    }

    /// Bytes of a file; nil if it ends before, which is asked first.
    private func bytes(
        _ count: Int,
        of file: Storage.File,
        at offset: UInt64
    ) throws(JournalError) -> ArraySlice<UInt8>? {
        do {
            var window = try JournalWindow(file, stride: 0)
            return try window.read(count, at: offset)
        } catch {
            throw .disk(error)
        }
    }
}
