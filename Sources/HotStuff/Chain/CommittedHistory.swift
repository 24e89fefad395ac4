/// The names of the last committed blocks by height: enough to tell an old certificate from one that contradicts the chain.
public struct CommittedHistory: Sendable {
    private var names: [Digest]
    private var first: Height

    /// How many names are kept at least.
    public static let capacity = 256
    /// How many names are kept at most: when there are more, the older ones go all at once.
    public static let maximumCount = capacity * 2

    /// Creates a history whose last block is known.
    public init(height: Height, block: Digest) {
        first = height
        names = [block]
    }

    /// The number of names kept.
    public var count: Int { names.count }

    /// The name of the committed block at a height, if it is still kept.
    public func block(at height: Height) -> Digest? {
        guard height >= first else { return nil }
        let offset = height.rawValue - first.rawValue
        return offset < UInt64(names.count) ? names[Int(offset)] : nil
    }

    /// Whether a block is among the last committed ones.
    public func contains(_ block: Digest) -> Bool { names.contains(block) }

    /// Adds the next committed block.
    public mutating func append(_ block: Digest) {
        names.append(block)
        if names.count > CommittedHistory.maximumCount {
            names.removeFirst(CommittedHistory.capacity)
            first = Height(first.rawValue + UInt64(CommittedHistory.capacity))
        }
    }
}
