/// The open sessions of all clients, by which every command is executed at most once.
///
/// The table is part of the replicated state: it changes by ordered commands alone, so it is the same at every replica.
/// Its memory is bounded by `SessionLimits`. When a session is opened and the table is full, the session whose last use
/// is the oldest is evicted; uses are ordered as the chain orders the commands, by block and then by place in it. A
/// session that is evicted never comes back, so its commands can never run again.
public struct SessionTable: Sendable {
    /// What the table says to a command.
    public enum Verdict: Hashable, Sendable {
        /// It is new; its number is now used, and whoever asked must execute it.
        case fresh
        /// It was executed before, with this result; or with `.replyForgotten`, and then neither the digest of the command
        /// that ran nor its height is known any more: they are zero.
        case executed(CommandResult)
        /// It is not executed: its session is unknown, or its number is out of range.
        case refused(CommandOutcome)
    }

    struct Session: Sendable {
        let id: SessionID
        var window: SequenceWindow
        var results: ResultCache
    }

    /// The bounds of the table.
    public let limits: SessionLimits
    /// From the longest unused to the last used.
    private(set) var sessions = IndexedList<Session>()
    private var places = KeyTable<SessionID, Int>()

    /// Creates a table without sessions.
    public init(limits: SessionLimits = SessionLimits()) {
        self.limits = limits
    }

    /// The number of open sessions.
    public var count: Int { sessions.count }

    /// Whether a session is open.
    public func contains(_ session: SessionID) -> Bool { places.contains(session) }

    /// Opens the session of an opening command's place in the chain; evicts one if the table is full.
    ///
    /// O(1).
    public mutating func open(_ session: SessionID) {
        precondition(session != .none && !places.contains(session), "session \(session) is opened twice")
        if count >= limits.sessionCount, let oldest = sessions.first {
            places.remove(sessions.remove(at: oldest).id)
        }
        let place = sessions.append(
            Session(
                id: session,
                window: SequenceWindow(width: limits.windowWidth),
                results: ResultCache(maximumByteCount: limits.resultByteCount, windowWidth: limits.windowWidth)
            )
        )
        places.insert(place, for: session)
    }

    /// Judges the key of an ordered command and, if it is fresh, uses its number.
    ///
    /// Any command that names an open session counts as a use of it, whatever the verdict.
    public mutating func admit(_ key: CommandKey) -> Verdict {
        guard let place = place(of: key.session) else { return .refused(.unknownSession) }
        sessions.moveToEnd(place)
        return sessions.update(at: place) { session in
            switch session.window.judge(key.sequence) {
            case .outOfRange: return .refused(.sequenceOutOfRange)
            case .used where mutant("execute-twice"): return .fresh
            case .used: return .executed(session.results[key.sequence] ?? Self.forgotten(key))
            case .fresh:
                session.window.use(key.sequence)
                return .fresh
            }
        }
    }

    /// Keeps the results of commands that were fresh, as far as their sessions are still open.
    mutating func remember(_ results: [CommandResult]) {
        for result in results { remember(result) }
    }

    /// Keeps the result of a command that was fresh, if its session is still open.
    public mutating func remember(_ result: CommandResult) {
        guard let place = place(of: result.key.session) else { return }
        if mutant("execute-twice"), sessions.look(at: place, { $0.results.contains(result.key.sequence) }) { return }
        sessions.update(at: place) { $0.results.insert(result) }
    }

    /// What became of a command that was executed; nil if its key was not used or its session is not open.
    ///
    /// It is no use of the session and changes nothing, so that a replica may ask at any time.
    public func result(for key: CommandKey) -> CommandResult? {
        guard let place = places[key.session] else { return nil }
        return sessions.look(at: place) { session in
            guard session.window.judge(key.sequence) == .used else { return nil }
            return session.results[key.sequence] ?? Self.forgotten(key)
        }
    }

    /// Where an open session is; commands of one session come together, so that it is mostly the last.
    private func place(of session: SessionID) -> Int? {
        if let last = sessions.last, sessions.look(at: last, { $0.id == session }) { return last }
        return places[session]
    }

    /// Adds a session of a snapshot behind all others; its name must be new and the table not full.
    mutating func restore(_ session: Session) {
        precondition(!places.contains(session.id) && count < limits.sessionCount, "session \(session.id) is restored")
        places.insert(sessions.append(session), for: session.id)
    }

    private static func forgotten(_ key: CommandKey) -> CommandResult {
        CommandResult(key: key, command: .zero, height: .genesis, outcome: .replyForgotten)
    }
}

/// The bounds of a session table; every replica of a chain must use the same, for they decide what is executed.
public struct SessionLimits: Hashable, Sendable {
    /// The most open sessions.
    public let sessionCount: Int
    /// How many of a session's numbers below the highest are told apart, and how far above it the next may lie.
    public let windowWidth: Int
    /// The most bytes of results that are kept for a session; each result takes 128 besides its reply.
    public let resultByteCount: Int

    /// Creates bounds; with the defaults, all sessions together hold at most about 1 GiB of results.
    public init(sessionCount: Int = 4_096, windowWidth: Int = 4_096, resultByteCount: Int = 256 << 10) {
        precondition(sessionCount > 0, "a table of \(sessionCount) sessions")
        precondition(windowWidth > 0, "a window \(windowWidth) numbers wide")
        precondition(resultByteCount >= 0, "a cache of \(resultByteCount) bytes")
        self.sessionCount = sessionCount
        self.windowWidth = windowWidth
        self.resultByteCount = resultByteCount
    }
}

extension SessionTable: BorshEncodable {
    /// Appends the limits and all sessions from the longest unused on; equal tables have equal encodings.
    public func encode(into encoder: inout BorshEncoder) {
        encoder.append(UInt64(limits.sessionCount))
        encoder.append(UInt64(limits.windowWidth))
        encoder.append(UInt64(limits.resultByteCount))
        encoder.append(UInt64(count))
        sessions.visitAll { $0.encode(into: &encoder) }
    }
}
