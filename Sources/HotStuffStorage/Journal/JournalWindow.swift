/// The part of a file that is in memory while it is read from the beginning to the end.
struct JournalWindow<File: DiskFile> {
    /// The length of the file, which does not change while it is read.
    let fileSize: UInt64
    private let file: File
    private let stride: Int
    private var bytes: [UInt8] = []
    private var start: UInt64 = 0

    /// Creates a window that reads at least some number of bytes at once.
    init(_ file: File, stride: Int) throws(DiskError) {
        self.file = file
        self.stride = stride
        fileSize = try file.size()
    }

    /// The number of bytes from an offset to the end of the file.
    func remaining(from offset: UInt64) -> UInt64 {
        offset < fileSize ? fileSize - offset : 0
    }

    /// Bytes at an offset; nil if the file ends before.
    ///
    /// No more memory is taken than the larger of count and stride.
    mutating func read(_ count: Int, at offset: UInt64) throws(DiskError) -> ArraySlice<UInt8>? {
        guard UInt64(count) <= remaining(from: offset) else { return nil }
        if offset < start || offset - start > UInt64(bytes.count) || bytes.count - Int(offset - start) < count {
            try fill(max(count, stride), at: offset)
        }
        let first = Int(offset - start)
        guard bytes.count - first >= count else { return nil }
        return bytes[first..<first + count]
    }

    private mutating func fill(_ count: Int, at offset: UInt64) throws(DiskError) {
        let count = Int(min(UInt64(count), remaining(from: offset)))
        var filled = [UInt8](repeating: 0, count: count)
        var span = filled.mutableSpan
        var buffer = span.mutableBytes
        let found = try file.read(into: &buffer, at: offset)
        filled.removeLast(count - found)
        bytes = filled
        start = offset
    }
}
