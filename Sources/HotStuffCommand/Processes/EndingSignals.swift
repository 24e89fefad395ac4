import Dispatch
import Foundation

/// The signals by which a user or the system asks the program to end.
enum EndingSignals {
    /// Ctrl-C, the wish of a service manager, and a terminal that is closed.
    static let all = [SIGINT, SIGTERM, SIGHUP]

    /// Calls a closure at each such signal, on a queue of its own, for the rest of the process's life.
    static func watch(_ handler: @escaping @Sendable (Int32) -> Void) {
        let queue = DispatchQueue(label: "hotstuff.signals")
        for number in all {
            // The default action would end the process before the source sees the signal.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler { handler(number) }
            source.resume()
            // A source that nobody holds is cancelled; this one is held for ever.
            _ = Unmanaged.passRetained(source as AnyObject)
        }
    }
}
