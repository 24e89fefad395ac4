/// A queue whose elements are numbered as they come, from 0 on, and looked up by their numbers as long as they are in it.
///
/// They lie in a ring that doubles when it is full: appending is O(1) amortised, everything else O(1).
struct NumberedQueue<Element: Sendable>: Sendable {
    /// As many as a power of two, or none; element n lies at n modulo that.
    private var slots: [Element?] = []

    /// The number of the oldest element, or of the next one to come where there is none.
    private(set) var first = 0

    /// How many elements there are.
    private(set) var count = 0

    /// Adds an element behind all others.
    ///
    /// - Returns: its number.
    @discardableResult
    mutating func append(_ element: Element) -> Int {
        if count == slots.count { grow() }
        let number = first + count
        slots[number & (slots.count - 1)] = element
        count += 1
        return number
    }

    /// Takes out the oldest element, if there is one.
    mutating func popFirst() -> Element? {
        guard count > 0 else { return nil }
        let element = slots[first & (slots.count - 1)].take()
        first += 1
        count -= 1
        return element
    }

    /// The element with a number, if it is here.
    subscript(number: Int) -> Element? {
        guard number >= first, number - first < count else { return nil }
        return slots[number & (slots.count - 1)]
    }

    /// Looks at the elements from the oldest on, where they are.
    func visitAll(_ body: (borrowing Element) -> Void) {
        for number in first..<first + count {
            if let element = slots[number & (slots.count - 1)] { body(element) }
        }
    }

    private mutating func grow() {
        var larger = [Element?](repeating: nil, count: max(4, 2 * slots.count))
        for number in first..<first + count {
            larger[number & (larger.count - 1)] = slots[number & (slots.count - 1)].take()
        }
        slots = larger
    }
}
