import HotStuff

/// The name of one call to submit a command, never used twice by one client.
struct SubmissionID: Hashable, Sendable, TableKey {
    let rawValue: UInt64

    func place(by seeds: TableSeeds) -> UInt64 { rawValue.place(by: seeds) }
}

/// A command that has its number and waits for its result.
struct PendingCommand: Sendable {
    let submission: SubmissionID
    let command: Command
    /// Its digest, from when it is sent.
    var digest: Digest?
    let submitted: Moment
    let deadline: Moment
    /// When it is sent again.
    var schedule: ResendSchedule
    /// Whether it still waits to be sent for the first time.
    var isQueued = true
    /// Whether it was handed to a connection.
    var wasSent = false
    var tally = AnswerTally()
}

/// The commands that wait for their results, in the order of their numbers.
///
/// Every operation on one command is O(1).
struct PendingCommands: Sendable {
    private var list = IndexedList<PendingCommand>()
    private var places = KeyTable<CommandKey, Int>()
    private var keys = KeyTable<SubmissionID, CommandKey>()

    /// The sum of the encoded sizes.
    private(set) var byteCount = 0

    /// The number of commands.
    var count: Int { list.count }

    /// Whether there is none.
    var isEmpty: Bool { list.isEmpty }

    /// Adds a command whose key is new.
    mutating func insert(_ pending: PendingCommand) {
        let key = pending.command.key
        byteCount += pending.command.encodedSize
        keys.insert(key, for: pending.submission)
        let isNew = places.insert(list.append(pending), for: key)
        precondition(isNew, "number \(key.sequence) of session \(key.session) is given twice")
    }

    /// Changes a command, if it is here.
    mutating func update<Result>(_ key: CommandKey, _ change: (inout PendingCommand) -> Result) -> Result? {
        guard let place = places[key] else { return nil }
        return list.update(at: place, change)
    }

    /// The command that waits under a key, if one does.
    func command(_ key: CommandKey) -> Command? { places[key].map { list.look(at: $0) { $0.command } } }

    /// Whether a command waits under this key.
    func contains(_ key: CommandKey) -> Bool { places.contains(key) }

    /// Takes a command out, if it is here.
    mutating func remove(_ key: CommandKey) -> PendingCommand? {
        guard let place = places.remove(key) else { return nil }
        let pending = list.remove(at: place)
        keys.remove(pending.submission)
        byteCount -= pending.command.encodedSize
        return pending
    }

    /// Takes the command of a call out, if it is here.
    mutating func remove(_ submission: SubmissionID) -> PendingCommand? {
        keys[submission].flatMap { remove($0) }
    }

    /// The least number of a session that waits; O(number of commands of earlier sessions).
    func oldestSequence(in session: SessionID) -> UInt64? {
        var place = list.first
        while let current = place {
            let key = list.look(at: current) { $0.command.key }
            if key.session == session { return key.sequence }
            place = list.place(after: current)
        }
        return nil
    }

    /// All commands in order; O(count).
    var all: [PendingCommand] { Array(list) }
}
