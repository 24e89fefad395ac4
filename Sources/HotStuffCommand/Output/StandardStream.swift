import Foundation

/// Standard output and standard error, written to at once and without a trap when nobody reads any more.
enum StandardStream: Int32, Sendable {
    /// Where results go.
    case output = 1
    /// Where failures and logs go.
    case error = 2

    /// Writes some text.
    func write(_ text: String) {
        let bytes = Array(text.utf8)
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { Foundation.write(rawValue, $0.baseAddress, $0.count) }
            if count > 0 {
                written += count
            } else if count < 0, errno != EINTR {
                return
            }
        }
    }

    /// Writes a line.
    func line(_ text: String) { write(text + "\n") }

    /// Whether somebody sits before it.
    var isTerminal: Bool { isatty(rawValue) == 1 }
}
