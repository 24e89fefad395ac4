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
    /// What there is to know of a command that waits, beside the command itself.
    private struct Entry {
        let encodedSize: Int
        var isFromClient: Bool
        var isProposed = false
        var isRelayed = false
        /// The place among those that wait to be relayed.
        var relayPlace: Int?
    }

    /// What is known of a key: its command waits, or was committed, or both if it is to be ordered again.
    private struct Standing {
        private static let committedBit: UInt32 = 1 << 31
        /// The highest bit for a key that was committed; in the others its place among those that wait, counted from 1.
        private(set) var word: UInt32

        init(word: UInt32) { self.word = word }

        init(place: Int?, isCommitted: Bool) {
            word = (place.map { UInt32($0) + 1 } ?? 0) | (isCommitted ? Self.committedBit : 0)
        }

        var isCommitted: Bool { word & Self.committedBit != 0 }
        var pendingPlace: Int? {
            let place = word & ~Self.committedBit
            return place == 0 ? nil : Int(place) - 1
        }
    }

    private struct Waiting {
        let place: Int
        let since: Instant
    }

    private let maximumCount: Int
    private let maximumBytes: Int
    private var entries = IndexedList<Entry>()
    /// The command of each entry, at its place.
    private var commands: [Command?] = []
    private var standings = KeyPages()
    /// A client's commands that nobody else is known to have, in the order in which they began to wait.
    private var waiting = IndexedList<Waiting>()
    /// The keys that were committed last, the oldest first.
    private var committed = NumberedQueue<CommandKey>()
    private let rememberedCapacity: Int

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
            (0...Int(Int32.max)).contains(maximumCount) && maximumBytes >= 0 && rememberedCount >= 0,
            "a pool of \(maximumCount) commands, \(maximumBytes) bytes, that remembers \(rememberedCount)"
        )
        self.maximumCount = maximumCount
        self.maximumBytes = maximumBytes
        rememberedCapacity = rememberedCount
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
        let key = command.key
        let known = Standing(word: standings[key])
        if let place = known.pendingPlace {
            if origin == .client {
                entries.update(at: place) { $0.isFromClient = true }
                startWaiting(place, at: now)
            }
            return .alreadyPending
        }
        guard again || !known.isCommitted else { return .alreadyCommitted }
        let size = command.encodedSize
        guard count < maximumCount, size <= maximumBytes - byteCount else { return .full }
        let place = entries.append(Entry(encodedSize: size, isFromClient: origin == .client))
        if place == commands.count { commands.append(command) } else { commands[place] = command }
        standings[key] = Standing(place: place, isCommitted: known.isCommitted).word
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
        excluding: consuming KeyPages
    ) -> [Command] {
        let room = maximumBytes - Payload.minimumEncodedSize
        var left = room
        var chosen: [Command] = []
        chosen.reserveCapacity(min(maximumCount, count))
        var next = entries.first
        while let place = next, chosen.count < maximumCount {
            next = entries.place(after: place)
            let size = entries[place].encodedSize
            guard size <= room, let command = commands[place], excluding[command.key] == 0 else { continue }
            guard size <= left else { break }
            left -= size
            chosen.append(command)
        }
        return chosen
    }

    /// Notes that commands were seen in a proposal, so that they need no relaying while it lives.
    public mutating func markProposed(_ commands: [Command]) {
        if mutant("drop-proposed-commands") { return commit(commands) }
        for command in commands {
            guard let place = Standing(word: standings[command.key]).pendingPlace else { continue }
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
            guard let place = Standing(word: standings[command.key]).pendingPlace else { continue }
            entries.update(at: place) { $0.isProposed = false }
            startWaiting(place, at: now)
        }
    }

    /// Removes the commands of a committed block and remembers their keys, also of those that never were here.
    ///
    /// A key that is remembered already stays as old as it is.
    public mutating func commit(_ commands: [Command]) {
        guard rememberedCapacity > 0 else { return forget(commands) }
        for command in commands {
            let key = command.key
            let before = Standing(word: standings[key])
            if let place = before.pendingPlace { removeEntry(at: place) }
            standings[key] = Standing(place: nil, isCommitted: true).word
            if !before.isCommitted { remember(key) }
        }
    }

    /// Removes commands of which it is for others to see that they are ordered; whoever brings one again is heard again.
    public mutating func forget(_ commands: [Command]) {
        for command in commands {
            let standing = Standing(word: standings[command.key])
            guard let place = standing.pendingPlace else { continue }
            standings[command.key] = Standing(place: nil, isCommitted: standing.isCommitted).word
            removeEntry(at: place)
        }
    }

    private mutating func removeEntry(at place: Int) {
        let entry = entries.remove(at: place)
        commands[place] = nil
        if let relayPlace = entry.relayPlace { waiting.remove(at: relayPlace) }
        byteCount -= entry.encodedSize
    }

    /// Puts a key behind those that were committed before, in place of the oldest if there are too many.
    private mutating func remember(_ key: CommandKey) {
        if committed.count == rememberedCapacity, let oldest = committed.popFirst() {
            standings[oldest] = Standing(place: Standing(word: standings[oldest]).pendingPlace, isCommitted: false).word
        }
        committed.append(key)
        // Who remembers more than a few will remember all it may: nothing grows then any more, and nothing is copied on the way.
        if committed.count == Self.fewKeys { standings.reserveCapacity(rememberedCapacity + Self.fewKeys) }
    }

    /// More than a few committed keys.
    private static let fewKeys = 4_096

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
        var relayed: [Command] = []
        while let due = nextRelay(after: delayMicroseconds), due <= now, let first = waiting.first,
            relayed.count < Payload.maximumCommandCount
        {
            let place = waiting[first].place
            let entry = entries[place]
            let fitsAlone = entry.encodedSize <= room
            guard !fitsAlone || entry.encodedSize <= left else { break }
            stopWaiting(place)
            entries.update(at: place) { $0.isRelayed = true }
            guard fitsAlone else { continue }
            left -= entry.encodedSize
            if let command = commands[place] { relayed.append(command) }
        }
        return relayed
    }
}
