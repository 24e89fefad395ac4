/// A key that a `KeyTable` can place.
@usableFromInline
package protocol TableKey: Equatable, Sendable {
    /// A number that is as good as random for who does not know the seeds; equal keys have equal numbers.
    func place(by seeds: TableSeeds) -> UInt64
}

extension UInt64: TableKey {
    @inlinable
    package func place(by seeds: TableSeeds) -> UInt64 {
        seeds.place(of: self, among: seeds.third)
    }
}

extension SessionID: TableKey {
    @inlinable
    package func place(by seeds: TableSeeds) -> UInt64 {
        TableSeeds.fold(height.rawValue ^ seeds.first, UInt64(position) ^ seeds.second)
    }
}

extension CommandKey: TableKey {
    @inlinable
    package func place(by seeds: TableSeeds) -> UInt64 {
        seeds.place(of: sequence, among: session.place(by: seeds) ^ seeds.third)
    }
}

/// Values by keys, for tables that every command passes through: a third of the cost of a dictionary, and no order that anybody could see.
///
/// Open addressing in sixteen lanes, at most three fifths full: a key has its lane and its row, and if that place is taken the rows behind it are
/// tried in the same lane. What is removed leaves no mark, for those behind it move up (Knuth, TAOCP 3, section 6.4, algorithm R). All
/// operations on one key are O(1) on average.
@usableFromInline
package struct KeyTable<Key: TableKey, Value: Sendable>: Sendable {
    @usableFromInline
    struct Slot: Sendable {
        @usableFromInline let key: Key
        @usableFromInline var value: Value

        @inlinable
        init(key: Key, value: Value) {
            self.key = key
            self.value = value
        }

        @inlinable
        mutating func change<Result>(_ body: (inout Value) -> Result) -> Result { body(&value) }
    }

    @usableFromInline let seeds = TableSeeds.own
    /// Row by row, as many rows as a power of two, or none.
    @usableFromInline var slots: [Slot?] = []

    @usableFromInline var used = 0

    /// The number of keys.
    @inlinable package var count: Int { used }

    /// Creates an empty table.
    @inlinable
    package init() {}

    /// Whether there are no keys.
    @inlinable package var isEmpty: Bool { used == 0 }

    /// Whether a key is here.
    @inlinable
    package func contains(_ key: Key) -> Bool { index(of: key) != nil }

    /// The value of a key, if it is here.
    @inlinable
    package subscript(key: Key) -> Value? {
        guard let index = index(of: key) else { return nil }
        return slots[index]?.value
    }

    /// Gives a key a value, unless it has one.
    ///
    /// - Returns: whether the key is new.
    @inlinable
    @discardableResult
    package mutating func insert(_ value: @autoclosure () -> Value, for key: Key) -> Bool {
        if (used + 1) * 5 > slots.count * 3 { grow(to: max(2, rows * 2)) }
        while true {
            var index = home(of: key)
            for _ in 0..<rows {
                // Only the key is looked at: a value that is counted would be counted up and down again.
                guard let found = slots[index]?.key else {
                    slots[index] = Slot(key: key, value: value())
                    used += 1
                    return true
                }
                if found == key { return false }
                index = row(after: index)
            }
            // A lane may be full where the table is not.
            grow(to: rows * 2)
        }
    }

    /// Changes the value of a key, if it is here, where it is.
    @inlinable
    package mutating func update<Result>(_ key: Key, _ change: (inout Value) -> Result) -> Result? {
        guard let index = index(of: key) else { return nil }
        return slots[index]?.change(change)
    }

    /// Removes a key.
    ///
    /// - Returns: its value, if it was here.
    @inlinable
    @discardableResult
    package mutating func remove(_ key: Key) -> Value? {
        guard var hole = index(of: key), let removed = slots[hole].take() else { return nil }
        used -= 1
        let mask = slots.count - 1
        var next = row(after: hole)
        // Who stands behind the hole, and would stand in it or before it if it were free, moves up.
        while next != hole, let key = slots[next]?.key {
            let home = home(of: key)
            if (next &- home) & mask >= (next &- hole) & mask {
                slots[hole] = slots[next].take()
                hole = next
            }
            next = row(after: next)
        }
        return removed.value
    }

    /// Makes room for so many keys at once.
    package mutating func reserveCapacity(_ capacity: Int) {
        var wanted = max(2, rows)
        while wanted * Self.laneCount * 3 < capacity * 5 { wanted *= 2 }
        if wanted > rows { grow(to: wanted) }
    }

    /// The values, in no order that means anything.
    package var values: [Value] { slots.compactMap { $0?.value } }

    /// The keys, in no order that means anything.
    package var keys: [Key] { slots.compactMap { $0?.key } }

    @usableFromInline static var laneCount: Int {
        @inlinable get { 16 }
    }

    @inlinable var rows: Int { slots.count / Self.laneCount }

    /// Where a key belongs.
    @inlinable
    func home(of key: Key) -> Int { Int(truncatingIfNeeded: key.place(by: seeds)) & (slots.count - 1) }

    /// The place behind another in its lane; behind the last row is the first.
    @inlinable
    func row(after index: Int) -> Int { (index + Self.laneCount) & (slots.count - 1) }

    @inlinable
    func index(of key: Key) -> Int? {
        guard used > 0 else { return nil }
        var index = home(of: key)
        for _ in 0..<rows {
            guard let found = slots[index]?.key else { return nil }
            if found == key { return index }
            index = row(after: index)
        }
        return nil
    }

    /// Puts all keys into so many rows, or into more if a lane had no room for its own.
    @inlinable
    mutating func grow(to wanted: Int) {
        let before = slots
        slots = Array(repeating: nil, count: wanted * Self.laneCount)
        for case .some(let slot) in before {
            var index = home(of: slot.key)
            var tries = 0
            while slots[index] != nil, tries < wanted {
                index = row(after: index)
                tries += 1
            }
            guard tries < wanted else {
                slots = before
                return grow(to: wanted * 2)
            }
            slots[index] = slot
        }
    }
}
