/// Reads single records of a journal, from any thread, also while the journal is written.
public struct JournalReader<Storage: Disk>: Sendable {
    /// The path of the file, for people.
    public let path: String
    private let file: Storage.File
    private let seal: JournalSeal
    private let maximumBatchBytes: Int

    init(_ file: Storage.File, path: String, seal: JournalSeal, maximumBatchBytes: Int) {
        self.path = path
        self.file = file
        self.seal = seal
        self.maximumBatchBytes = maximumBatchBytes
    }

    /// Reads a record and checks it against its checksum; O(length).
    ///
    /// Anything but the bytes that were appended is `damaged`, a location that no journal gave too.
    public func read(_ location: JournalRecordLocation) throws(JournalError) -> [UInt8] {
        let byteCount = JournalRecordHead.byteCount + Int(location.length)
        guard byteCount <= maximumBatchBytes, let bytes = try bytes(byteCount, at: location.offset),
            let head = JournalRecordHead(Array(bytes.prefix(JournalRecordHead.byteCount))),
            head.length == location.length
        else {
            throw .damaged(path: path, offset: location.offset, reason: "no record of that length is here")
        }
        let payload = Array(bytes.dropFirst(JournalRecordHead.byteCount))
        guard head.sum == seal.shortSum(of: .record, at: location.offset, payload.span.bytes) else {
            throw .damaged(path: path, offset: location.offset, reason: "a record does not match its checksum")
        }
        return payload
    }

    /// Bytes of the file; nil if it ends before, which is asked first.
    private func bytes(_ count: Int, at offset: UInt64) throws(JournalError) -> ArraySlice<UInt8>? {
        do {
            var window = try JournalWindow(file, stride: 0)
            return try window.read(count, at: offset)
        } catch {
            throw .disk(error)
        }
    }
}
