internal import Synchronization

/// How a replica ended, for those who wait for it; the first reason stays.
final class Ending: Sendable {
    private struct State: Sendable {
        var reason: ReplicaStop?
        var waiters: [CheckedContinuation<ReplicaStop, Never>] = []
    }

    private let state = Mutex(State())

    /// Ends the replica, unless it has ended.
    func end(_ reason: ReplicaStop) {
        let waiters = state.withLock { state in
            if state.reason == nil { state.reason = reason }
            defer { state.waiters = [] }
            return state.waiters
        }
        let first = state.withLock { $0.reason ?? reason }
        for waiter in waiters { waiter.resume(returning: first) }
    }

    /// Waits for the end.
    func reason() async -> ReplicaStop {
        await withCheckedContinuation { continuation in
            let reason = state.withLock { state in
                if state.reason == nil { state.waiters.append(continuation) }
                return state.reason
            }
            if let reason { continuation.resume(returning: reason) }
        }
    }
}

/// Blocking work that is done once, on a thread of its own, however many wait for it.
actor Once {
    private let body: @Sendable () -> Void
    private var work: Task<Void, Never>?

    init(_ body: @escaping @Sendable () -> Void) { self.body = body }

    /// Does the work, or waits until it is done.
    func run() async {
        let work =
            self.work
            ?? Task.detached { [body] in
                body()
            }
        self.work = work
        await work.value
    }
}
