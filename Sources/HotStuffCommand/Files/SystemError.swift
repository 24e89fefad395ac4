import Foundation

/// The errors of the operating system.
enum SystemError {
    /// What an `errno` means, in the system's words.
    static func text(_ code: Int32) -> String { String(cString: strerror(code)) }
}
