import Foundation

/// How much of the slow tests to run: all in a release build or when `HOTSTUFF_FULL_TESTS` is set, otherwise what a debug
/// build, where plain Swift is tens of times slower, does in seconds.
enum Thoroughness {
    static let isFull: Bool = {
        #if DEBUG
        ProcessInfo.processInfo.environment["HOTSTUFF_FULL_TESTS"] != nil
        #else
        true
        #endif
    }()
}
