public import HotStuff

/// What a replica writes over a segment of its journal: the height of the last block that was final when it began.
public enum SegmentLabel {
    /// The label of a height.
    public static func encode(_ committed: Height) -> [UInt8] { committed.encoded }

    /// The height of a label; that of the genesis for a journal's first segment, which has none.
    public static func height(of label: [UInt8]) -> Height { (try? Height(decoding: label)) ?? .genesis }

    /// The segment from which to replay: the last one whose blocks before are all in the archive.
    ///
    /// - Parameters:
    ///   - labels: the labels of all segments, in order.
    ///   - archived: the height of the last block in the archive.
    /// - Returns: the index of that segment.
    public static func start(in labels: [[UInt8]], archived: Height) -> Int {
        labels.lastIndex { height(of: $0) <= archived } ?? 0
    }

    /// The first segment that is still needed when the archive is durable through a height; none if there is no segment.
    public static func firstNeeded(of segments: [JournalSegment], durable: Height) -> UInt64? {
        segments.last { height(of: $0.label) <= durable }?.number ?? segments.first?.number
    }
}
