/// What is to happen, by time, and in order where times are equal.
///
/// A heap of times and places: the entries themselves, which are large, stay where they are.
struct Agenda<Entry> {
    private struct Appointment {
        let time: UInt64
        let order: UInt64
        let place: Int

        static func < (left: Appointment, right: Appointment) -> Bool {
            left.time == right.time ? left.order < right.order : left.time < right.time
        }
    }

    private var heap: [Appointment] = []
    private var entries: [Entry?] = []
    private var free: [Int] = []
    private var order: UInt64 = 0

    var isEmpty: Bool { heap.isEmpty }

    /// The moment of the next entry.
    var nextTime: UInt64? { heap.first?.time }

    mutating func add(_ entry: Entry, at time: UInt64) {
        let place: Int
        if let last = free.popLast() {
            place = last
            entries[place] = entry
        } else {
            place = entries.count
            entries.append(entry)
        }
        let appointment = Appointment(time: time, order: order, place: place)
        order += 1
        heap.append(appointment)
        var child = heap.count - 1
        while child > 0, appointment < heap[(child - 1) / 2] {
            heap[child] = heap[(child - 1) / 2]
            child = (child - 1) / 2
        }
        heap[child] = appointment
    }

    mutating func next() -> (time: UInt64, entry: Entry)? {
        guard let first = heap.first, let last = heap.popLast() else { return nil }
        if !heap.isEmpty { sink(last) }
        free.append(first.place)
        guard let entry = entries[first.place].take() else { preconditionFailure("an appointment without an entry") }
        return (first.time, entry)
    }

    /// Puts an appointment in from the top.
    private mutating func sink(_ appointment: Appointment) {
        var parent = 0
        while true {
            var child = 2 * parent + 1
            guard child < heap.count else { break }
            if child + 1 < heap.count, heap[child + 1] < heap[child] { child += 1 }
            guard heap[child] < appointment else { break }
            heap[parent] = heap[child]
            parent = child
        }
        heap[parent] = appointment
    }
}
