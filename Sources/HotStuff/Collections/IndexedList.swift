/// A list whose elements are named by places that stay theirs until they are removed.
///
/// Appending, removing and moving to the end are O(1); a freed place is given to a later element. It holds what is
/// looked up by key and left in order: the pool, the wait for relaying, the sessions by their last use.
@usableFromInline
package struct IndexedList<Element: Sendable>: Sendable {
    /// A place: the element in it, if any, and the places beside it; of a free place, `next` is the next free one.
    @usableFromInline
    struct Node: Sendable {
        @usableFromInline var held: Held<Element>?
        @usableFromInline var previous: Int
        @usableFromInline var next: Int

        /// A place beside no others, without an element.
        @inlinable
        init() {
            previous = -1
            next = -1
        }
    }

    @usableFromInline var nodes: [Node] = []
    @usableFromInline var firstFree = -1
    @usableFromInline var head = -1
    @usableFromInline var tail = -1

    /// The number of elements.
    @inlinable package var count: Int { length }
    @usableFromInline var length = 0

    /// Creates an empty list.
    @inlinable
    package init() {}

    /// Whether there are no elements.
    @inlinable
    package var isEmpty: Bool { count == 0 }

    /// The place of the first element, if there is one.
    @inlinable
    package var first: Int? { head < 0 ? nil : head }

    /// The place of the last element, if there is one.
    @inlinable
    package var last: Int? { tail < 0 ? nil : tail }

    /// The place of the element behind another, if there is one.
    @inlinable
    package func place(after place: Int) -> Int? {
        let next = nodes[place].next
        return next < 0 ? nil : next
    }

    /// The element at a place that is taken.
    @inlinable
    package subscript(place: Int) -> Element {
        guard let element = nodes[place].held?.value else { preconditionFailure("place \(place) is free") }
        return element
    }

    /// Looks at the element at a place that is taken, where it is.
    @inlinable
    package func look<Result>(at place: Int, _ body: (borrowing Element) -> Result) -> Result {
        switch nodes[place].held {
        case .some(let held): return body(held.value)
        case .none: preconditionFailure("place \(place) is free")
        }
    }

    /// Looks at the elements from first to last, where they are.
    @inlinable
    package func visitAll<Failure: Error>(_ body: (borrowing Element) throws(Failure) -> Void) throws(Failure) {
        var place = head
        while place >= 0 {
            if let held = nodes[place].held { try body(held.value) }
            place = nodes[place].next
        }
    }

    /// Changes the element at a place that is taken, without copying it.
    @inlinable
    package mutating func update<Result>(at place: Int, _ change: (inout Element) -> Result) -> Result {
        guard let result = nodes[place].held?.change(change) else { preconditionFailure("place \(place) is free") }
        return result
    }

    /// Puts an element at the end and returns its place.
    @inlinable
    package mutating func append(_ element: Element) -> Int {
        let place = takePlace()
        nodes[place].held = Held(element)
        link(place)
        length += 1
        return place
    }

    /// Removes the element at a place that is taken, and returns it.
    @inlinable
    @discardableResult
    package mutating func remove(at place: Int) -> Element {
        guard let held = nodes[place].held.take() else { preconditionFailure("place \(place) is free") }
        unlink(place)
        nodes[place].next = firstFree
        firstFree = place
        length -= 1
        return held.take()
    }

    /// Makes the element at a place the last; its place stays the same.
    @inlinable
    package mutating func moveToEnd(_ place: Int) {
        precondition(nodes[place].held != nil, "place \(place) is free")
        guard place != tail else { return }
        unlink(place)
        link(place)
    }

    @inlinable
    mutating func takePlace() -> Int {
        guard firstFree >= 0 else {
            nodes.append(Node())
            return nodes.count - 1
        }
        let place = firstFree
        firstFree = nodes[place].next
        return place
    }

    @inlinable
    mutating func link(_ place: Int) {
        nodes[place].previous = tail
        nodes[place].next = -1
        if tail < 0 { head = place } else { nodes[tail].next = place }
        tail = place
    }

    @inlinable
    mutating func unlink(_ place: Int) {
        let (previous, next) = (nodes[place].previous, nodes[place].next)
        if previous < 0 { head = next } else { nodes[previous].next = next }
        if next < 0 { tail = previous } else { nodes[next].previous = previous }
    }
}

extension IndexedList: Sequence {
    /// Goes through the elements from first to last.
    @inlinable
    package func makeIterator() -> AnyIterator<Element> {
        var place = first
        return AnyIterator {
            guard let current = place else { return nil }
            place = self.place(after: current)
            return self[current]
        }
    }
}
