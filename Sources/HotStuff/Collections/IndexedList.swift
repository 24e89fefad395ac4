/// A list whose elements are named by places that stay theirs until they are removed.
///
/// Appending, removing and moving to the end are O(1); a freed place is given to a later element. It holds what is
/// looked up by key and left in order: the pool, the wait for relaying, the sessions by their last use.
package struct IndexedList<Element: Sendable>: Sendable {
    /// A place: the element in it, if any, and the places beside it; of a free place, `next` is the next free one.
    private struct Node: Sendable {
        var element: Element?
        var previous: Int
        var next: Int
    }

    private var nodes: [Node] = []
    private var firstFree = -1
    private var head = -1
    private var tail = -1

    /// The number of elements.
    package private(set) var count = 0

    /// Creates an empty list.
    package init() {}

    /// Whether there are no elements.
    package var isEmpty: Bool { count == 0 }

    /// The place of the first element, if there is one.
    package var first: Int? { head < 0 ? nil : head }

    /// The place of the last element, if there is one.
    package var last: Int? { tail < 0 ? nil : tail }

    /// The place of the element behind another, if there is one.
    package func place(after place: Int) -> Int? {
        let next = nodes[place].next
        return next < 0 ? nil : next
    }

    /// The element at a place that is taken.
    package subscript(place: Int) -> Element {
        guard let element = nodes[place].element else { preconditionFailure("place \(place) is free") }
        return element
    }

    /// Looks at the elements from first to last, where they are.
    package func visitAll<Failure: Error>(_ body: (borrowing Element) throws(Failure) -> Void) throws(Failure) {
        var place = head
        while place >= 0 {
            if let element = nodes[place].element { try body(element) }
            place = nodes[place].next
        }
    }

    /// Changes the element at a place that is taken, without copying it.
    package mutating func update<Result>(at place: Int, _ change: (inout Element) -> Result) -> Result {
        guard var element = nodes[place].element.take() else { preconditionFailure("place \(place) is free") }
        defer { nodes[place].element = element }
        return change(&element)
    }

    /// Puts an element at the end and returns its place.
    package mutating func append(_ element: Element) -> Int {
        let place = takePlace()
        nodes[place].element = element
        link(place)
        count += 1
        return place
    }

    /// Removes the element at a place that is taken, and returns it.
    @discardableResult
    package mutating func remove(at place: Int) -> Element {
        guard let element = nodes[place].element.take() else { preconditionFailure("place \(place) is free") }
        unlink(place)
        nodes[place].next = firstFree
        firstFree = place
        count -= 1
        return element
    }

    /// Makes the element at a place the last; its place stays the same.
    package mutating func moveToEnd(_ place: Int) {
        precondition(nodes[place].element != nil, "place \(place) is free")
        guard place != tail else { return }
        unlink(place)
        link(place)
    }

    private mutating func takePlace() -> Int {
        guard firstFree >= 0 else {
            nodes.append(Node(element: nil, previous: -1, next: -1))
            return nodes.count - 1
        }
        let place = firstFree
        firstFree = nodes[place].next
        return place
    }

    private mutating func link(_ place: Int) {
        nodes[place].previous = tail
        nodes[place].next = -1
        if tail < 0 { head = place } else { nodes[tail].next = place }
        tail = place
    }

    private mutating func unlink(_ place: Int) {
        let (previous, next) = (nodes[place].previous, nodes[place].next)
        if previous < 0 { head = next } else { nodes[previous].next = next }
        if next < 0 { tail = previous } else { nodes[next].previous = previous }
    }
}

extension IndexedList: Sequence {
    /// Goes through the elements from first to last.
    package func makeIterator() -> AnyIterator<Element> {
        var place = first
        return AnyIterator {
            guard let current = place else { return nil }
            place = self.place(after: current)
            return self[current]
        }
    }
}
