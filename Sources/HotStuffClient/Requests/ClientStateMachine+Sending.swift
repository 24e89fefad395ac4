import HotStuff

extension ClientStateMachine {
    /// Does what has become possible: numbers commands, opens a session if one is wanted, and sends what is full or
    /// due.
    mutating func advance(at now: Moment, into actions: inout [ClientAction]) {
        guard !isStopped else { return }
        admit(at: now, into: &actions)
        openSession(at: now, into: &actions)
        if let flushDeadline, flushDeadline <= now { flush(at: now, into: &actions) }
    }

    /// Gives numbers to the commands that wait, as long as there is room.
    private mutating func admit(at now: Moment, into actions: inout [ClientAction]) {
        while let command = waiting.first, hasRoom(for: command), let key = takeKey() {
            waiting.remove(command.submission)
            enqueue(PendingCommand(command, key: key, at: now, configuration: configuration), at: now, into: &actions)
        }
    }

    func hasRoom(for command: WaitingCommand) -> Bool {
        guard !pending.isEmpty else { return true }
        return pending.count < configuration.maximumOutstanding
            && command.encodedSize <= configuration.maximumOutstandingByteCount - pending.byteCount
    }

    /// The next number of the session, if there is a session and the number is not too far ahead.
    mutating func takeKey() -> CommandKey? {
        guard let open = numbers else { return nil }
        guard !open.isWornOut else {
            numbers = nil
            return nil
        }
        guard open.reaches(from: pending.oldestSequence(in: open.session)) else { return nil }
        return numbers?.take()
    }

    /// Puts a command into the next message, and sends that if it is full.
    mutating func enqueue(_ command: PendingCommand, at now: Moment, into actions: inout [ClientAction]) {
        let size = command.command.encodedSize
        let limit = configuration.maximumBatchByteCount - ClientConfiguration.envelopeByteCount
        if size > limit - queueByteCount { flush(at: now, into: &actions) }
        pending.insert(command)
        queue.append(command.command.key)
        queueByteCount += size
        // Who is almost alone would wait for nobody.
        if pending.count <= configuration.maximumUnbatchedCount && waiting.isEmpty
            || queue.count >= configuration.maximumBatchCount || queueByteCount >= limit
        {
            flush(at: now, into: &actions)
        } else if flushDeadline == nil {
            flushDeadline = now.advanced(by: configuration.batchInterval)
        }
    }

    /// Sends what is queued.
    private mutating func flush(at now: Moment, into actions: inout [ClientAction]) {
        let keys = queue
        queue = []
        queueByteCount = 0
        flushDeadline = nil
        let commands = keys.compactMap { pending.command($0) }
        for (command, digest) in zip(commands, Domain.command.digests(of: commands)) {
            let next = pending.update(command.key) { pending in
                pending.isQueued = false
                pending.digest = digest
                pending.schedule.sent(at: now)
                return pending.schedule.next
            }
            if let next { wake(at: next) }
        }
        send(commands, to: connected.sorted(), into: &actions)
    }

    /// Sends commands that are on their way to some replicas, in as many messages as it takes.
    mutating func send(_ commands: [Command], to replicas: [ReplicaID], into actions: inout [ClientAction]) {
        guard !replicas.isEmpty else { return }
        let limit = configuration.maximumBatchByteCount - ClientConfiguration.envelopeByteCount
        var batch: [Command] = []
        var byteCount = 0
        for command in commands {
            let size = command.encodedSize
            if !batch.isEmpty, batch.count >= configuration.maximumBatchCount || size > limit - byteCount {
                actions.append(.send(batch, to: replicas))
                batch = []
                byteCount = 0
            }
            batch.append(command)
            byteCount += size
            _ = pending.update(command.key) { $0.wasSent = true }
        }
        if !batch.isEmpty { actions.append(.send(batch, to: replicas)) }
    }

    /// Asks for a session if commands wait for one.
    private mutating func openSession(at now: Moment, into actions: inout [ClientAction]) {
        guard numbers == nil, !waiting.isEmpty else { return }
        var current = opening ?? SessionOpening(at: now, configuration: configuration)
        defer { opening = current }
        guard !connected.isEmpty else { return }
        let validators = configuration.validators
        let command = current.takeDue(
            at: now,
            isQuorumConnected: validators.power(of: connected) >= validators.quorum,
            makeNonce: makeNonce
        )
        if let command { actions.append(.send([command], to: connected.sorted())) }
        wake(at: current.deadline)
    }
}

extension ClientStateMachine {
    /// Settles the calls whose time is over.
    mutating func expire(at now: Moment, into actions: inout [ClientAction]) {
        let validators = configuration.validators
        for command in pending.all where command.deadline <= now {
            let confirmed = command.tally.strongest(in: validators)
            expire(command.submission, wasSent: command.wasSent, confirmed: confirmed, into: &actions)
        }
        // All wait equally long, so those that came first are over first.
        while let command = waiting.first, command.deadline <= now {
            let confirmed = opening?.strongest(in: validators) ?? .zero
            expire(command.submission, wasSent: false, confirmed: confirmed, into: &actions)
        }
        actions += inquiries.takeExpired(at: now).map { .tell($0, nil) }
    }

    private mutating func expire(
        _ id: SubmissionID,
        wasSent: Bool,
        confirmed: VotingPower,
        into actions: inout [ClientAction]
    ) {
        guard !wasSent, connected.isEmpty else {
            let needed = configuration.validators.moreThanFaulty
            finish(id, with: .failure(.timedOut(confirmed: confirmed, needed: needed)), into: &actions)
            return
        }
        forget(id)
        actions.append(.giveUpUnreached(id))
    }

    /// Sends again what was not answered for too long.
    mutating func sendAgain(at now: Moment, into actions: inout [ClientAction]) {
        var commands: [Command] = []
        for command in pending.all where !command.isQueued && command.schedule.next <= now {
            _ = pending.update(command.command.key) { $0.schedule.sent(at: now) }
            commands.append(command.command)
        }
        if !connected.isEmpty { statistics.resentCommands += UInt64(commands.count) }
        send(commands, to: connected.sorted(), into: &actions)
    }

    /// Asks the replicas for their status that were not asked, or have not answered for too long.
    mutating func askAgain(at now: Moment, into actions: inout [ClientAction]) {
        for replica in inquiries.takeDue(at: now)
        where connected.contains(replica) || connectedListeners.contains(replica) {
            actions.append(.askStatus(replica))
        }
        if let deadline = inquiries.deadline { wake(at: deadline) }
    }

    /// Finds out when to look again.
    mutating func setWakeDeadline(after now: Moment) {
        let earliest = now.advanced(by: Self.granularity)
        for command in pending.all {
            wake(at: max(earliest, command.isQueued ? command.deadline : min(command.deadline, command.schedule.next)))
        }
        if let command = waiting.first { wake(at: max(earliest, command.deadline)) }
        if let deadline = inquiries.deadline { wake(at: max(earliest, deadline)) }
    }
}

extension PendingCommand {
    /// A command that has just got its number.
    init(
        _ waiting: WaitingCommand,
        key: CommandKey,
        at now: Moment,
        configuration: ClientConfiguration
    ) {
        let command = Command(key: key, body: waiting.body)
        self.init(
            submission: waiting.submission,
            command: command,
            submitted: waiting.submitted,
            deadline: waiting.deadline,
            schedule: ResendSchedule(
                dueAt: now,
                interval: configuration.resendInterval,
                maximum: configuration.maximumResendInterval
            )
        )
    }
}
