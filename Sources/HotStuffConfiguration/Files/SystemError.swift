import Foundation

/// The errors of the operating system.
package enum SystemError {
    /// What an `errno` means, in the system's words.
    package static func text(_ code: Int32) -> String { String(cString: strerror(code)) }
}
