/// The keys of the commands that were committed last, a bounded number of them.
///
/// Who remembers more than a few will remember all it may, so the memory for them is taken at once then: it does not grow any more
/// while the chain does, and nothing is copied on the way.
package struct RecentKeys: Sendable {
    /// More than a few.
    private static let fewKeys = 4_096

    private let capacity: Int
    private var ring: [CommandKey] = []
    private var oldest = 0
    private var known = KeyTable<CommandKey, Void>()

    /// Creates a memory for some keys; none if the capacity is 0.
    package init(capacity: Int) {
        precondition(capacity >= 0, "a memory for \(capacity) keys")
        self.capacity = capacity
    }

    /// The number of keys remembered.
    package var count: Int { ring.count }

    /// Whether a key is remembered; O(1).
    package func contains(_ key: CommandKey) -> Bool { known.contains(key) }

    /// Remembers a key in place of the oldest one; a key that is remembered already stays as old as it is.
    ///
    /// O(1).
    package mutating func insert(_ key: CommandKey) {
        guard capacity > 0, known.insert((), for: key) else { return }
        guard ring.count == capacity else {
            ring.append(key)
            if ring.count == Self.fewKeys {
                ring.reserveCapacity(capacity)
                known.reserveCapacity(capacity)
            }
            return
        }
        known.remove(ring[oldest])
        ring[oldest] = key
        oldest = (oldest + 1) % capacity
    }
}
