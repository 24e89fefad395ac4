/// What will happen when, in virtual time: a heap by moment and then by the order of entry.
struct Agenda<Entry> {
    private var heap: [(time: UInt64, order: UInt64, entry: Entry)] = []
    private var order: UInt64 = 0

    var isEmpty: Bool { heap.isEmpty }

    /// The moment of the next entry.
    var nextTime: UInt64? { heap.first?.time }

    mutating func add(_ entry: Entry, at time: UInt64) {
        heap.append((time, order, entry))
        order += 1
        var child = heap.count - 1
        while child > 0, precedes(child, (child - 1) / 2) {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func next() -> (time: UInt64, entry: Entry)? {
        guard let last = heap.popLast() else { return nil }
        guard let first = heap.first else { return (last.time, last.entry) }
        heap[0] = last
        var parent = 0
        while true {
            var least = parent
            let left = 2 * parent + 1
            if left < heap.count, precedes(left, least) { least = left }
            if left + 1 < heap.count, precedes(left + 1, least) { least = left + 1 }
            guard least != parent else { break }
            heap.swapAt(parent, least)
            parent = least
        }
        return (first.time, first.entry)
    }

    private func precedes(_ left: Int, _ right: Int) -> Bool {
        (heap[left].time, heap[left].order) < (heap[right].time, heap[right].order)
    }
}
