/// A map from byte strings to byte strings that keeps its keys in lexicographic order.
///
/// The entries lie in sorted leaves of at most 256, in order, like the lowest level of a B-tree: n entries make at most
/// about n/64 leaves, which one array holds. Lookup is O(log n), a change O(log n) plus a move within one leaf and, where
/// leaves are split or joined, within the array of leaves. Iteration is in order from any key on.
package struct SortedMap: Sendable {
    /// A key with its value.
    package struct Entry: Hashable, Sendable {
        /// The key.
        package let key: [UInt8]
        /// Its value.
        package var value: [UInt8]
        /// The beginning of the key, which tells most keys apart without a look at them.
        fileprivate let prefix: UInt64

        fileprivate init(key: [UInt8], value: [UInt8]) {
            self.key = key
            self.value = value
            prefix = key.prefixWord
        }

        /// Whether the key comes before another one, whose beginning is known.
        fileprivate func precedes(_ other: [UInt8], _ otherPrefix: UInt64) -> Bool {
            prefix == otherPrefix ? key.precedes(other) : prefix < otherPrefix
        }

        /// Whether the key comes behind another one, whose beginning is known.
        fileprivate func follows(_ other: [UInt8], _ otherPrefix: UInt64) -> Bool {
            prefix == otherPrefix ? other.precedes(key) : prefix > otherPrefix
        }
    }

    /// Where an entry is, or would be put.
    private struct Location {
        var leaf: Int
        var offset: Int
        var isFound: Bool
    }

    /// The most entries of a leaf; one more and it is split in halves.
    package static let maximumLeafCount = 256

    /// No leaf is empty; keys ascend strictly within leaves and from leaf to leaf; two neighbours are more than half a leaf.
    private var leaves: [[Entry]] = []

    /// The number of entries.
    package private(set) var count = 0

    /// Creates an empty map.
    package init() {}

    /// Whether there are no entries.
    package var isEmpty: Bool { count == 0 }

    /// The value of a key, if it has one; setting nil removes the key.
    package subscript(key: [UInt8]) -> [UInt8]? {
        get {
            let location = locate(key)
            return location.isFound ? leaves[location.leaf][location.offset].value : nil
        }
        set {
            let location = locate(key)
            switch (newValue, location.isFound) {
            case (.some(let value), true): leaves[location.leaf][location.offset].value = value
            case (.some(let value), false): insert(Entry(key: key, value: value), at: location)
            case (.none, true): remove(at: location)
            case (.none, false): break
            }
        }
    }

    /// Puts an entry behind all others, unless its key does not lie there; amortised O(1), and leaves are filled.
    package mutating func appendLast(_ key: [UInt8], value: [UInt8]) -> Bool {
        let entry = Entry(key: key, value: value)
        let leaf = leaves.count - 1
        guard leaf >= 0 else {
            insert(entry, at: Location(leaf: 0, offset: 0, isFound: false))
            return true
        }
        // Through the index each time: a leaf that is held in a variable would be copied by the change.
        let count = leaves[leaf].count
        guard leaves[leaf][count - 1].key.precedes(key) else { return false }
        if count < Self.maximumLeafCount { leaves[leaf].append(entry) } else { leaves.append([entry]) }
        self.count += 1
        return true
    }

    /// Gives all entries in ascending order, a leaf at a time, several times as fast as one by one.
    package func forEachLeaf<Failure: Error>(_ body: ([Entry]) throws(Failure) -> Void) throws(Failure) {
        for leaf in leaves { try body(leaf) }
    }

    /// The entries from a key on, itself included, in ascending order; O(log n) to begin.
    package func entries(from key: [UInt8] = []) -> some Sequence<Entry> {
        var location = locate(key)
        return AnyIterator<Entry> {
            while location.leaf < leaves.count {
                let leaf = leaves[location.leaf]
                if location.offset < leaf.count {
                    defer { location.offset += 1 }
                    return leaf[location.offset]
                }
                location = Location(leaf: location.leaf + 1, offset: 0, isFound: false)
            }
            return nil
        }
    }

    /// What is wrong with the structure, for tests; nothing if all is well.
    ///
    /// O(n).
    package var fault: String? {
        let keys = leaves.joined().map(\.key)
        if keys.count != count { return "\(keys.count) entries, counted \(count)" }
        if leaves.contains(where: \.isEmpty) { return "an empty leaf" }
        if leaves.contains(where: { $0.count > Self.maximumLeafCount }) { return "a leaf that is too long" }
        if !zip(keys, keys.dropFirst()).allSatisfy({ $0.lexicographicallyPrecedes($1) }) { return "keys out of order" }
        let joinable = zip(leaves, leaves.dropFirst()).contains {
            $0.count + $1.count <= Self.maximumLeafCount / 2
        }
        return joinable ? "small leaves side by side" : nil
    }

    /// Where a key is, or else where it belongs: two binary searches.
    private func locate(_ key: [UInt8]) -> Location {
        let prefix = key.prefixWord
        let following = Self.firstIndex(below: leaves.count) { leaves[$0][0].follows(key, prefix) }
        guard following > 0 else { return Location(leaf: 0, offset: 0, isFound: false) }
        let leaf = leaves[following - 1]
        let offset = Self.firstIndex(below: leaf.count) { !leaf[$0].precedes(key, prefix) }
        return Location(
            leaf: following - 1,
            offset: offset,
            isFound: offset < leaf.count && leaf[offset].key == key
        )
    }

    /// The first index for which a condition holds that, once it holds, holds for all later ones; `count` if for none.
    private static func firstIndex(below count: Int, where holds: (Int) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if holds(middle) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    private mutating func insert(_ entry: Entry, at location: Location) {
        count += 1
        guard !leaves.isEmpty else {
            leaves.append([entry])
            return
        }
        leaves[location.leaf].insert(entry, at: location.offset)
        guard leaves[location.leaf].count > Self.maximumLeafCount else { return }
        let half = leaves[location.leaf].count / 2
        let upper = Array(leaves[location.leaf][half...])
        leaves[location.leaf].removeSubrange(half...)
        leaves.insert(upper, at: location.leaf + 1)
    }

    private mutating func remove(at location: Location) {
        count -= 1
        leaves[location.leaf].remove(at: location.offset)
        if leaves[location.leaf].isEmpty {
            leaves.remove(at: location.leaf)
        } else {
            join(location.leaf)
        }
        join(location.leaf - 1)
    }

    /// Joins a leaf and the next if both together are at most half full.
    private mutating func join(_ leaf: Int) {
        guard leaf >= 0, leaf + 1 < leaves.count,
            leaves[leaf].count + leaves[leaf + 1].count <= Self.maximumLeafCount / 2
        else { return }
        leaves[leaf] += leaves.remove(at: leaf + 1)
    }
}
