import Foundation

/// What standard output can show.
struct Terminal: Equatable, Sendable {
    /// Whether lines can be painted over.
    let isLive: Bool
    /// Whether colours are welcome (https://no-color.org).
    let hasColor: Bool

    /// Reads the environment.
    ///
    /// - Parameters:
    ///   - environment: the variables `TERM` and `NO_COLOR`.
    ///   - isTerminal: whether somebody sits before standard output.
    init(environment: [String: String], isTerminal: Bool) {
        let isDumb = (environment["TERM"] ?? "").isEmpty || environment["TERM"] == "dumb"
        isLive = isTerminal && !isDumb
        hasColor = isLive && (environment["NO_COLOR"] ?? "").isEmpty
    }

    /// The terminal of this process.
    static var current: Terminal {
        Terminal(environment: ProcessInfo.processInfo.environment, isTerminal: StandardStream.output.isTerminal)
    }

    /// The number of columns; 80 if nobody knows.
    static var width: Int {
        var size = winsize()
        guard ioctl(StandardStream.output.rawValue, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    /// The colours in use.
    enum Color: String {
        case red = "31"
        case green = "32"
        case yellow = "33"
        case dim = "2"
    }

    /// Some text in a colour, if colours are welcome.
    func colored(_ text: String, _ color: Color) -> String {
        hasColor ? "\u{1B}[\(color.rawValue)m\(text)\u{1B}[0m" : text
    }
}
