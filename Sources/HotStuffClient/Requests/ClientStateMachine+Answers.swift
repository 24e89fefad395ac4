import HotStuff

extension ClientStateMachine {
    /// A replica has said something; what nobody has asked for is ignored, and so is all that a listener says but its status.
    mutating func received(_ response: ClientResponse, from replica: ReplicaID, at now: Moment) -> [ClientAction] {
        guard !isStopped else { return [] }
        var actions: [ClientAction] = []
        switch response {
        case .results, .busy, .refused: guard configuration.validators.contains(replica) else { return [] }
        case .status: break
        }
        switch response {
        case .results(let results):
            for result in results { record(result, from: replica, at: now, into: &actions) }
        case .busy(let keys):
            // They stay on their way; the wait before they are sent again grows by itself.
            for key in keys where pending.contains(key) || opening?.contains(key) ?? false {
                statistics.busyAnswers += 1
            }
        case .refused(let keys):
            for key in keys { refuse(key, by: replica, into: &actions) }
        case .status(let status):
            guard status.replica == replica else { break }
            actions += inquiries.take(about: replica).map { .tell($0, status) }
        }
        advance(at: now, into: &actions)
        return actions
    }

    private mutating func record(
        _ result: CommandResult,
        from replica: ReplicaID,
        at now: Moment,
        into actions: inout [ClientAction]
    ) {
        let validators = configuration.validators
        if opening?.contains(result.key) ?? false {
            switch opening?.record(result, from: replica, at: now, in: validators) {
            case .opened(let session):
                opening = nil
                numbers = SessionNumbers(session: session)
                statistics.openedSessions += 1
            case .pending, .none: break
            }
            return
        }
        let support = pending.update(result.key) { pending in
            pending.tally.record(.init(result), from: replica, in: validators)
        }
        guard let support, support.power >= validators.moreThanFaulty,
            let command = pending.remove(result.key)
        else { return }
        let verdict = judge(result, of: command, confirmations: support.count, at: now)
        actions.append(.finish(command.submission, verdict))
    }

    /// What a result means that at least one honest replica has told.
    ///
    /// Whatever shows that the session is gone, or that somebody else uses its numbers, ends its use.
    private mutating func judge(
        _ result: CommandResult,
        of command: PendingCommand,
        confirmations: Int,
        at now: Moment
    ) -> Result<Receipt, ClientError> {
        switch result.outcome {
        case .executed(let reply):
            use(result.key)
            guard result.command == command.digest ?? command.command.digest else {
                leave(result.key.session)
                return .failure(.sequenceTaken(by: result.command, at: result.height))
            }
            let latency = command.submitted.duration(to: now)
            return .success(
                Receipt(reply: reply, height: result.height, latency: latency, confirmations: confirmations)
            )
        case .replyForgotten:
            use(result.key)
            return .failure(.sessionLost(result.outcome))
        case .opened, .unknownSession, .sequenceOutOfRange:
            leave(result.key.session)
            return .failure(.sessionLost(result.outcome))
        }
    }

    /// Notes that a number of the session is used.
    private mutating func use(_ key: CommandKey) {
        guard numbers?.session == key.session else { return }
        numbers?.used(key.sequence)
    }

    /// Uses a session no more, so that later commands go into another one.
    private mutating func leave(_ session: SessionID) {
        guard numbers?.session == session else { return }
        numbers = nil
    }

    private mutating func refuse(_ key: CommandKey, by replica: ReplicaID, into actions: inout [ClientAction]) {
        let validators = configuration.validators
        let support = pending.update(key) { $0.tally.record(.refused, from: replica, in: validators) }
        guard let support, support.power >= validators.moreThanFaulty, let command = pending.remove(key) else { return }
        actions.append(.finish(command.submission, .failure(.tooLong)))
    }
}
