import HotStuff

/// The wish for a session, and the opening commands that were sent for it.
///
/// Replicas answer an opening command once, and do not remember it: those who were not connected when it was ordered
/// can never tell its result. So the first one waits for connections to a quorum, for a while; and one that stays
/// unanswered is sent again once and then followed by another under a new number, while results of the last few still
/// count.
struct SessionOpening: Sendable {
    /// What has become of the wish.
    enum Outcome: Equatable, Sendable {
        /// Nothing new.
        case pending
        /// This session is open.
        case opened(SessionID)
    }

    private struct Attempt: Sendable {
        let command: Command
        let digest: Digest
        var tally = AnswerTally()

        init(nonce: UInt64) {
            command = .openSession(nonce: nonce)
            digest = command.digest
        }
    }

    /// The most opening commands whose results still count.
    static let maximumAttemptCount = 4
    /// How often one opening command is sent.
    private static let sendsPerAttempt = 2

    /// From the oldest to the newest.
    private var attempts: [Attempt] = []
    /// How often the newest was sent.
    private var sendCount = sendsPerAttempt
    private var schedule: ResendSchedule
    /// Until then the first waits for a quorum.
    private let graceEnds: Moment

    init(at now: Moment, configuration: ClientConfiguration) {
        graceEnds = now.advanced(by: configuration.resendInterval)
        schedule = ResendSchedule(
            dueAt: graceEnds,
            interval: configuration.resendInterval,
            maximum: configuration.maximumResendInterval
        )
    }

    /// When to look again, provided that somebody is connected.
    var deadline: Moment { schedule.next }

    /// The command that was sent last, if any was.
    var command: Command? { attempts.last?.command }

    /// The opening command that must be sent now, if one must; somebody is connected.
    mutating func takeDue(
        at now: Moment,
        isQuorumConnected: Bool,
        makeNonce: () -> UInt64
    ) -> Command? {
        guard schedule.next <= now || attempts.isEmpty && isQuorumConnected else { return nil }
        if sendCount >= Self.sendsPerAttempt {
            attempts.append(Attempt(nonce: makeNonce()))
            if attempts.count > Self.maximumAttemptCount { attempts.removeFirst() }
            sendCount = 0
        }
        sendCount += 1
        schedule.sent(at: now)
        return command
    }

    /// Whether a key is one of the opening commands'.
    func contains(_ key: CommandKey) -> Bool {
        key.session == .none && attempts.contains { $0.command.key == key }
    }

    /// Takes a replica's result for one of the opening commands.
    ///
    /// If somebody else used its number, another is sent without delay.
    mutating func record(
        _ result: CommandResult,
        from replica: ReplicaID,
        at now: Moment,
        in validators: ValidatorSet
    ) -> Outcome {
        guard let index = attempts.firstIndex(where: { $0.command.key == result.key }) else { return .pending }
        let support = attempts[index].tally.record(.init(result), from: replica, in: validators)
        guard support.power >= validators.moreThanFaulty else { return .pending }
        if case .opened(let session) = result.outcome, session != .none, result.command == attempts[index].digest {
            return .opened(session)
        }
        attempts.remove(at: index)
        sendCount = Self.sendsPerAttempt
        schedule.hasten(to: now)
        return .pending
    }

    /// The power of those who agree on one result.
    func strongest(in validators: ValidatorSet) -> VotingPower {
        attempts.map { $0.tally.strongest(in: validators) }.max() ?? .zero
    }
}
