import Synchronization

/// Shows a demo on standard output: a block that is painted over on a terminal, sparse lines elsewhere, or nothing.
final class DemoDisplay: Sendable {
    /// How much is shown.
    enum Mode: Sendable {
        /// Lines, and on a terminal the block.
        case people(Terminal)
        /// Nothing.
        case quiet
    }

    private let mode: Mode
    private let state: DemoState
    private let replicas: Int
    /// The number of lines of the block that is on the screen.
    private let painted = Mutex(0)

    /// Creates a display of a demo's state.
    init(_ mode: Mode, state: DemoState, replicas: Int) {
        self.mode = mode
        self.state = state
        self.replicas = replicas
    }

    /// Tells that something has happened.
    func event(_ text: String) {
        guard case .people = mode else { return }
        painted.withLock { painted in
            StandardStream.output.write(erasure(of: painted) + text + "\n")
            painted = 0
        }
    }

    /// Paints the block, on a terminal.
    func refresh() {
        guard case .people(let terminal) = mode, terminal.isLive else { return }
        let block = ProgressBlock(snapshot: state.snapshot, replicas: replicas)
        // The last column stays free: some terminals break the line there.
        let lines = block.lines(width: Terminal.width - 1, terminal: terminal)
        painted.withLock { painted in
            StandardStream.output.write(erasure(of: painted) + lines.map { $0 + "\n" }.joined())
            painted = lines.count
        }
    }

    /// Takes the block off the screen.
    func clear() {
        painted.withLock { painted in
            if painted > 0 { StandardStream.output.write(erasure(of: painted)) }
            painted = 0
        }
    }

    /// Moves the cursor up over some lines and clears all below it.
    private func erasure(of lines: Int) -> String {
        lines == 0 ? "" : "\u{1B}[\(lines)A\r\u{1B}[J"
    }
}
