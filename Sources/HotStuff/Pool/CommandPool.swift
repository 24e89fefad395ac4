/// Whether a command was taken into the pool.
public enum Admission: Hashable, Sendable {
    /// It was taken and waits to be ordered.
    case accepted
    /// A command with its key waits already; that one stays.
    case alreadyPending
    /// A command with its key was among the last that were committed.
    case alreadyCommitted
    /// There is no room for it.
    case full
}

/// Who brought a command.
public enum CommandOrigin: Hashable, Sendable {
    /// A client, which counts on this replica to make it known.
    case client
    /// Another replica, which has sent it to the others too.
    case replica
}

/// The commands that wait to be ordered: bounded, first in first out, each key once.
///
/// A key that a batch excludes, because an uncommitted block holds it, stays here until it is committed: the block may yet
/// be abandoned. Every operation is amortised O(1) for each command that it handles. The caller admits only commands
/// that a block of the chain can hold.
public struct CommandPool: Sendable {
    private struct Entry {
        let command: Command
        let encodedSize: Int
        var isFromClient: Bool
        var isProposed = false
        var isRelayed = false
        /// The place among those that wait to be relayed.
        var relayPlace: Int?
    }

    private struct Waiting {
        let place: Int
        let since: Instant
    }

    private let maximumCount: Int
    private let maximumBytes: Int
    private var entries = IndexedList<Entry>()
    private var places = KeyTable<CommandKey, Int>()
    /// A client's commands that nobody else is known to have, in the order in which they began to wait.
    private var waiting = IndexedList<Waiting>()
    private var committed: RecentKeys

    /// The sum of the encoded sizes of all commands.
    public private(set) var byteCount = 0

    /// Creates an empty pool.
    ///
    /// - Parameters:
    ///   - maximumCount: The most commands that wait at a time.
    ///   - maximumBytes: The most bytes of their encodings together.
    ///   - rememberedCount: The number of committed commands whose keys are remembered.
    public init(maximumCount: Int, maximumBytes: Int, rememberedCount: Int) {
        precondition(
            maximumCount >= 0 && maximumBytes >= 0,
            "a pool of \(maximumCount) commands, \(maximumBytes) bytes"
        )
        self.maximumCount = maximumCount
        self.maximumBytes = maximumBytes
        committed = RecentKeys(capacity: rememberedCount)
    }

    /// The number of commands.
    public var count: Int { entries.count }

    /// The number of clients' commands that wait to be made known to the others.
    public var waitingCount: Int { waiting.count }

    /// The number of committed commands whose keys are remembered.
    public var rememberedCount: Int { committed.count }

    /// Whether no command waits.
    public var isEmpty: Bool { entries.isEmpty }

    /// Takes a command, unless its key is known or there is no room.
    ///
    /// A command that a replica brought first and a client brings now waits for relaying from now on: whether the replica
    /// sent it to anyone else is only its word.
    ///
    /// - Parameters:
    ///   - command: The command.
    ///   - now: The time.
    ///   - origin: Who brings it.
    ///   - again: Whether it is to be ordered even if a command with its key has been committed.
    /// - Returns: Whether it was taken, or why not.
    public mutating func insert(
        _ command: Command,
        at now: Instant,
        origin: CommandOrigin,
        again: Bool = false
    ) -> Admission {
        if let place = places[command.key] {
            if origin == .client {
                entries.update(at: place) { $0.isFromClient = true }
                startWaiting(place, at: now)
            }
            return .alreadyPending
        }
        guard again || !committed.contains(command.key) else { return .alreadyCommitted }
        let size = command.encodedSize
        guard count < maximumCount, size <= maximumBytes - byteCount else { return .full }
        let place = entries.append(
            Entry(command: command, encodedSize: size, isFromClient: origin == .client)
        )
        places.insert(place, for: command.key)
        byteCount += size
        startWaiting(place, at: now)
        return .accepted
    }

    /// The oldest commands for one block.
    ///
    /// It ends before the first command that does not fit the rest of the bytes, so that a session's commands stay in order;
    /// only a command that would not fit an empty block is passed over, for it would block all others for ever.
    ///
    /// - Parameters:
    ///   - maximumCount: The most commands.
    ///   - maximumBytes: The most bytes of the encoded payload, with its 4 bytes of count.
    ///   - excluding: Keys of commands that the block's uncommitted ancestors hold.
    /// - Returns: Commands in the order in which they came.
    package func batch(
        maximumCount: Int,
        maximumBytes: Int,
        excluding: KeyTable<CommandKey, Void>
    ) -> [Command] {
        let room = maximumBytes - Payload.minimumEncodedSize
        var left = room
        var commands: [Command] = []
        var next = entries.first
        while let place = next, commands.count < maximumCount {
            next = entries.place(after: place)
            let size = entries.look(at: place) { entry in
                entry.encodedSize > room || excluding.contains(entry.command.key) ? nil : entry.encodedSize
            }
            guard let size else { continue }
            guard size <= left else { break }
            left -= size
            commands.append(entries.look(at: place) { $0.command })
        }
        return commands
    }

    /// Notes that commands were seen in a proposal, so that they need no relaying while it lives.
    public mutating func markProposed(_ commands: [Command]) {
        if mutant("drop-proposed-commands") { return commit(commands) }
        for command in commands {
            guard let place = places[command.key] else { continue }
            let relayPlace = entries.update(at: place) { entry in
                entry.isProposed = true
                return entry.relayPlace.take()
            }
            if let relayPlace { waiting.remove(at: relayPlace) }
        }
    }

    /// Notes that the proposal with these commands failed, so that a client's among them wait for relaying again.
    ///
    /// Without this a leader that shows its proposal to one replica alone could keep the others from ever learning
    /// of the commands in it. A command that was relayed once is not relayed again.
    public mutating func markUnproposed(_ commands: [Command], at now: Instant) {
        for command in commands {
            guard let place = places[command.key] else { continue }
            entries.update(at: place) { $0.isProposed = false }
            startWaiting(place, at: now)
        }
    }

    /// Removes the commands of a committed block and remembers their keys, also of those that never were here.
    public mutating func commit(_ commands: [Command]) {
        for command in commands { committed.insert(command.key) }
        forget(commands)
    }

    /// Removes commands of which it is for others to see that they are ordered; whoever brings one again is heard again.
    public mutating func forget(_ commands: [Command]) {
        for command in commands {
            guard let place = places.remove(command.key) else { continue }
            let entry = entries.remove(at: place)
            if let relayPlace = entry.relayPlace { waiting.remove(at: relayPlace) }
            byteCount -= entry.encodedSize
        }
    }

    private mutating func startWaiting(_ place: Int, at now: Instant) {
        let isToWait = entries.look(at: place) { entry in
            entry.isFromClient && !entry.isProposed && !entry.isRelayed && entry.relayPlace == nil
        }
        guard isToWait else { return }
        let last = waiting.last.map { waiting[$0].since } ?? now
        let relayPlace = waiting.append(Waiting(place: place, since: max(now, last)))
        entries.update(at: place) { $0.relayPlace = relayPlace }
    }

    private mutating func stopWaiting(_ place: Int) {
        let relayPlace = entries.update(at: place) { $0.relayPlace.take() }
        if let relayPlace { waiting.remove(at: relayPlace) }
    }
}

extension CommandPool {
    /// When the client's command that has waited longest for a proposal is due to be sent to everyone; nil if none waits.
    public func nextRelay(after delayMicroseconds: UInt64) -> Instant? {
        waiting.first.map { waiting[$0].since.advanced(byMicroseconds: delayMicroseconds) }
    }

    /// Takes the commands that are due to be sent to everyone, for one message; each is taken once.
    ///
    /// What does not fit stays due; a command that alone is too long for such a message is given up.
    ///
    /// - Parameters:
    ///   - now: The present moment.
    ///   - delayMicroseconds: How long a client's command waits for a proposal before it is due.
    ///   - maximumBytes: The most bytes of the list of commands, with its 4 bytes of count.
    /// - Returns: Commands in the order in which they began to wait, no more than a message may hold.
    public mutating func takeForRelay(
        at now: Instant,
        after delayMicroseconds: UInt64,
        maximumBytes: Int
    ) -> [Command] {
        let room = maximumBytes - Payload.minimumEncodedSize
        var left = room
        var commands: [Command] = []
        while let due = nextRelay(after: delayMicroseconds), due <= now, let first = waiting.first,
            commands.count < Payload.maximumCommandCount
        {
            let place = waiting[first].place
            let entry = entries[place]
            let fitsAlone = entry.encodedSize <= room
            guard !fitsAlone || entry.encodedSize <= left else { break }
            stopWaiting(place)
            entries.update(at: place) { $0.isRelayed = true }
            guard fitsAlone else { continue }
            left -= entry.encodedSize
            commands.append(entry.command)
        }
        return commands
    }
}
