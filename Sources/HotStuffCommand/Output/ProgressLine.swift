/// One line on standard error that is painted over, for somebody who waits before a terminal.
struct ProgressLine {
    private let isShown: Bool

    /// Creates a line that is shown only to people, and only on a terminal.
    init(isShown: Bool) {
        self.isShown = isShown && Terminal.current.isLive && StandardStream.error.isTerminal
    }

    /// Shows what is going on.
    func show(_ text: String) {
        if isShown { StandardStream.error.write("\r\u{1B}[K\(text.prefix(Terminal.width - 1))") }
    }

    /// Takes the line off the screen.
    func clear() {
        if isShown { StandardStream.error.write("\r\u{1B}[K") }
    }
}
