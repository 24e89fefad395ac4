import HotStuff

/// A command that has no number yet.
struct WaitingCommand: Sendable {
    let submission: SubmissionID
    let body: [UInt8]
    let submitted: Moment
    let deadline: Moment

    /// The number of bytes of the command that it will be.
    var encodedSize: Int { Command.minimumEncodedSize + body.count }
}

/// The commands that wait for a session or for room among those on their way, first in first out.
///
/// Every operation on one command is O(1).
struct WaitingCommands: Sendable {
    private var list = IndexedList<WaitingCommand>()
    private var places = KeyTable<SubmissionID, Int>()

    /// Whether there is none.
    var isEmpty: Bool { list.isEmpty }

    /// The one that came first.
    var first: WaitingCommand? { list.first.map { list[$0] } }

    /// Puts a command at the end.
    mutating func append(_ waiting: WaitingCommand) {
        places.insert(list.append(waiting), for: waiting.submission)
    }

    /// Takes the command of a call out, if it is here.
    @discardableResult
    mutating func remove(_ submission: SubmissionID) -> WaitingCommand? {
        places.remove(submission).map { list.remove(at: $0) }
    }
}
