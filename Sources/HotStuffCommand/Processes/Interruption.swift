import Foundation
import Synchronization

/// What has to be undone when a signal ends the program: processes that it started, folders that it made.
enum Interruption {
    /// A promise to undo something, kept by the signal unless it is taken back.
    struct Pledge: Sendable {
        fileprivate let number: UInt64

        /// Takes it back: it has been undone.
        func takeBack() { state.withLock { $0.undoings[number] = nil } }
    }

    private struct State {
        var next: UInt64 = 0
        var undoings: [UInt64: @Sendable () -> Void] = [:]
        var isWatching = false
    }

    private static let state = Mutex(State())

    /// Promises to undo something if a signal comes; what was promised last is undone first.
    static func pledge(_ undo: @escaping @Sendable () -> Void) -> Pledge {
        state.withLock { state in
            defer { state.next += 1 }
            state.undoings[state.next] = undo
            return Pledge(number: state.next)
        }
    }

    /// From now on a signal undoes what was promised, and ends the program with a line and the status that shells know.
    ///
    /// The first who calls this decides what is said.
    ///
    /// - Parameters:
    ///   - remark: what else the line says, beside the signal.
    ///   - clear: takes off the screen what is shown there.
    static func watch(_ remark: String? = nil, clear: @escaping @Sendable () -> Void) {
        let isFirst = state.withLock { state in
            defer { state.isWatching = true }
            return !state.isWatching
        }
        guard isFirst else { return }
        EndingSignals.watch { number in
            let undoings = state.withLock { $0.undoings.sorted { $0.key > $1.key }.map(\.value) }
            for undo in undoings { undo() }
            clear()
            StandardStream.error.line("hotstuff: stopped by signal \(number)\(remark.map { "; \($0)" } ?? "")")
            Foundation.exit(128 + number)
        }
    }
}
