// Files of a few bytes that are read and replaced as a whole.
extension Disk {
    /// The content of a small file; nil if there is none.
    ///
    /// - Parameters:
    ///   - name: the file.
    ///   - maximum: the most bytes that are read; of a longer file only the beginning.
    /// - Returns: its bytes.
    /// - Throws: that the disk failed.
    func smallFile(_ name: String, maximum: Int) throws(DiskError) -> [UInt8]? {
        guard try exists(name) else { return nil }
        let file = try open(name, .existing)
        var bytes = [UInt8](repeating: 0, count: Int(min(UInt64(maximum), try file.size())))
        var span = bytes.mutableSpan
        var buffer = span.mutableBytes
        let count = try file.read(into: &buffer, at: 0)
        bytes.removeLast(bytes.count - count)
        return bytes
    }

    /// Replaces a small file, or makes it; when this returns, it survives everything.
    ///
    /// Whoever looks, also after a crash at any moment, finds the old content or the new one.
    func replaceSmallFile(_ name: String, with bytes: [UInt8]) throws(DiskError) {
        let unfinished = name + ".new"
        let file = try open(unfinished, .createEmpty)
        try file.write(bytes.span.bytes, at: 0)
        try file.syncData()
        try rename(unfinished, to: name)
        try syncDirectory()
    }

    /// Syncs all segments of the journal, which nobody writes meanwhile.
    func syncJournal() throws(DiskError) {
        for name in try names() where JournalSegment.number(of: name) != nil {
            try open(name, .existing).syncData()
        }
        try syncDirectory()
    }
}
