internal import HotStuff
internal import Synchronization

/// From which height a replica goes on, for those who wait until it has started.
final class Readiness: Sendable {
    private struct State: Sendable {
        var height: Height?
        var hasEnded = false
        var waiters: [CheckedContinuation<Height?, Never>] = []
    }

    private let state = Mutex(State())

    /// The height, once it has started.
    var height: Height? { state.withLock { $0.height } }

    /// The replica has started, with so many blocks; the first time counts.
    func begin(at height: Height) { settle { $0.height = $0.height ?? height } }

    /// The replica has ended, or will.
    func end() { settle { $0.hasEnded = true } }

    /// Waits until it has started, or has ended without.
    func wait() async -> Height? {
        await withCheckedContinuation { continuation in
            let (isSettled, height) = state.withLock { state in
                let isSettled = state.height != nil || state.hasEnded
                if !isSettled { state.waiters.append(continuation) }
                return (isSettled, state.height)
            }
            if isSettled { continuation.resume(returning: height) }
        }
    }

    private func settle(_ change: (inout State) -> Void) {
        let (waiters, height) = state.withLock { state in
            change(&state)
            defer { state.waiters = [] }
            return (state.waiters, state.height)
        }
        for waiter in waiters { waiter.resume(returning: height) }
    }
}
