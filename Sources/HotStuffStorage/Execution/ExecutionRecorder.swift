public import HotStuff
internal import Synchronization

/// Writes down what the application is about to execute, so that the next process knows on what this one crashed.
///
/// In normal operation one write for each block with commands, and one when there is nothing to do. If the last process ended while
/// it executed a block, that block is executed command by command with a write for each, so that another crash names the command; so
/// is every block with a single command. A command that was begun twice and never finished is *poisoned*.
///
/// Nothing is synced: what was written outlives the process, and a machine that loses its power has not crashed on a command. A
/// write that fails is given up; the worst that follows is a crash without a name.
public final class ExecutionRecorder<Storage: Disk>: ExecutionWitness {
    /// After how many crashes on one command a replica does not try again.
    public static var maximumAttempts: UInt32 { 2 }

    private struct State: Sendable {
        /// What the last process was executing when it ended.
        var suspect: ExecutionMark
        /// What stands in the file.
        var mark: ExecutionMark
    }

    private let file: Storage.File
    private let state: Mutex<State>

    /// Opens the file of a data directory, or makes it.
    public init(on disk: Storage) throws(DiskError) {
        let found = ExecutionMark(
            try disk.smallFile(ExecutionMark.fileName, maximum: ExecutionMark.fileByteCount) ?? []
        )
        file = try disk.open(ExecutionMark.fileName, .createIfMissing)
        state = Mutex(State(suspect: found, mark: found))
    }

    /// The height of the block that the last process was executing when it ended; nil if there is none.
    public var suspectHeight: Height? {
        let height = state.withLock { $0.suspect.height }
        return height == .genesis ? nil : height
    }

    /// The command on which the application has crashed too often, and the height of its block; nil if there is none.
    public var poisoned: (command: WitnessedCommand, height: Height)? {
        let suspect = state.withLock { $0.suspect }
        guard let command = suspect.command, suspect.attempts >= Self.maximumAttempts else { return nil }
        return (command, suspect.height)
    }

    /// Notes the block, if its commands are not noted one by one; says whether the block is to be executed command by command.
    public func willExecute(_ count: Int, from first: WitnessedCommand, at height: Height) -> Bool {
        state.withLock { state in
            // A single command gets a mark of its own anyway.
            if count == 1 || state.suspect.height == height { return true }
            write(ExecutionMark(height: height, command: nil, attempts: 0), &state)
            return false
        }
    }

    /// Notes the command, and how often it was begun.
    public func willExecute(_ command: WitnessedCommand, at height: Height) {
        state.withLock { state in
            let isSuspect = state.suspect.height == height && state.suspect.command?.key == command.key
            let (attempts, overflow) = state.suspect.attempts.addingReportingOverflow(1)
            write(
                ExecutionMark(height: height, command: command, attempts: isSuspect && !overflow ? attempts : 1),
                &state
            )
        }
    }

    /// A block that was suspected has turned out well; of the others the mark stays until the next one.
    public func didExecute(at height: Height) {
        state.withLock { state in
            guard state.suspect.height == height else { return }
            state.suspect = .nothing
            write(.nothing, &state)
            // A loss of power must not bring back how often it was begun.
            try? file.syncData()
        }
    }

    /// Notes that nothing is executed.
    public func rest() {
        state.withLock { state in
            guard state.mark != .nothing else { return }
            write(.nothing, &state)
        }
    }

    /// Notes what the file said at first, if that block has not been executed since.
    public func giveUp() {
        state.withLock { state in
            guard state.mark != state.suspect else { return }
            write(state.suspect, &state)
        }
    }

    private func write(_ mark: ExecutionMark, _ state: inout State) {
        state.mark = mark
        try? file.write(mark.fileBytes.span.bytes, at: 0)
    }
}
