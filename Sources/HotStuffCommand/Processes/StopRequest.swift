import Foundation
import Synchronization

/// The wish that the program ends, by a signal or because nobody is left who started it.
///
/// The first wish is carried out as soon as it is known how; a second signal ends the process at once.
final class StopRequest: Sendable {
    private struct State {
        var isRequested = false
        var action: (@Sendable () -> Void)?
    }

    private final class Inner: Sendable {
        let state = Mutex(State())

        /// Takes note of a wish; tells whether it is the first.
        func request() -> Bool {
            let (isFirst, action) = state.withLock { state in
                defer {
                    state.isRequested = true
                    state.action = nil
                }
                return (!state.isRequested, state.action)
            }
            action?()
            return isFirst
        }
    }

    private let inner: Inner

    /// Begins to listen for signals.
    init() {
        let inner = Inner()
        self.inner = inner
        EndingSignals.watch { number in
            if !inner.request() { exit(128 + number) }
        }
    }

    /// Says how the program is stopped; done at once if that was wished before.
    func whenRequested(_ action: @escaping @Sendable () -> Void) {
        let isLate = inner.state.withLock { state in
            if !state.isRequested { state.action = action }
            return state.isRequested
        }
        if isLate { action() }
    }

    /// Takes the end of standard input for the wish to stop.
    func watchStandardInput() {
        let inner = inner
        Thread.detachNewThread {
            var byte: UInt8 = 0
            while true {
                let count = read(0, &byte, 1)
                if count == 0 || count < 0 && errno != EINTR { break }
            }
            _ = inner.request()
        }
    }
}
