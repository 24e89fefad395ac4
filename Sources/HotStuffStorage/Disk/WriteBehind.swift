/// Has a file that grows without syncs brought to its medium bit by bit.
///
/// Otherwise the system keeps tens of megabytes in memory, and the sync that ends the file waits for all of them, with everybody who wants
/// to write meanwhile: 150 ms for 64 MiB, measured with four journals on one disk.
struct WriteBehind: Sendable {
    /// Up to where writing has begun.
    private var begun: UInt64

    /// So many bytes are asked for at a time.
    private static var stride: UInt64 { 1 << 20 }
    /// A page that is still written to is left for the next time.
    private static var pageByteCount: UInt64 { 4_096 }

    /// Starts behind what is on the medium.
    init(from offset: UInt64) { begun = offset }

    /// Takes note that a file has grown, and asks for what is new when it is enough.
    mutating func advance(to end: UInt64, of file: some DiskFile) {
        let limit = end - end % Self.pageByteCount
        guard limit >= begun, limit - begun >= Self.stride else { return }
        file.startWriting(begun..<limit)
        begun = limit
    }
}
