import Dispatch
import Foundation

/// Takes over the signals by which a user or the system asks the program to end.
final class SignalWatch: Sendable {
    private let sources: [any DispatchSourceSignal]

    /// The signals: Ctrl-C, the wish of a service manager, and a terminal that is closed.
    static let endingSignals = [SIGINT, SIGTERM, SIGHUP]

    /// Calls a closure at each such signal, on a queue of its own, until the watch is gone.
    init(_ handler: @escaping @Sendable (Int32) -> Void) {
        let queue = DispatchQueue(label: "hotstuff.signals")
        sources = SignalWatch.endingSignals.map { number in
            // The default action would end the process before the source sees the signal.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler { handler(number) }
            source.resume()
            return source
        }
    }

    deinit {
        for source in sources { source.cancel() }
    }
}
