internal import Dispatch
internal import Synchronization

/// Work done by several threads at once, each item by one.
enum Crew {
    /// The results of all items, in their order.
    ///
    /// - Parameters:
    ///   - items: what is to be done.
    ///   - jobs: how many at a time.
    ///   - work: does one.
    ///   - finished: is told of each result as it comes, one at a time.
    /// - Returns: the results, in the order of the items.
    static func map<Item: Sendable, Result: Sendable>(
        _ items: [Item],
        jobs: Int,
        work: @Sendable (Item) -> Result,
        finished: @Sendable (Int, Result) -> Void
    ) -> [Result] {
        let state = Mutex((next: 0, done: 0, results: [Result?](repeating: nil, count: items.count)))
        DispatchQueue.concurrentPerform(iterations: min(jobs, max(1, items.count))) { _ in
            while true {
                let index = state.withLock { state in
                    defer { state.next += 1 }
                    return state.next
                }
                guard index < items.count else { return }
                let result = work(items[index])
                state.withLock { state in
                    state.results[index] = result
                    state.done += 1
                    finished(state.done, result)
                }
            }
        }
        return state.withLock { $0.results.compactMap { $0 } }
    }
}
