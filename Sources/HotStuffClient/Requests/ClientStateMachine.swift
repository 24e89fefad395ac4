import HotStuff

/// The client without its sockets, clock and callers: events go in with the time, actions come out.
///
/// A call to submit waits in `waiting` until there is a session and room; then its command takes the session's next
/// number, is queued, leaves together with others in one message to all replicas, and is sent again until replicas with
/// more than f of the power have said the same about it, or its time is over. Memory is bounded by the commands on
/// their way times the replicas, and by the callers that wait.
struct ClientStateMachine: Sendable {
    /// What is due in one of the following moments is done together.
    static let granularity = Duration.milliseconds(5)

    let configuration: ClientConfiguration
    let makeNonce: @Sendable () -> UInt64

    /// The replicas to which a connection is open, without the listeners.
    var connected: Set<ReplicaID> = []
    /// The listeners to which a connection is open.
    var connectedListeners: Set<ReplicaID> = []
    var waiting = WaitingCommands()
    var pending = PendingCommands()
    /// The open session, if there is one.
    var numbers: SessionNumbers?
    /// The wish for a session, if there is none.
    var opening: SessionOpening?
    /// The commands that leave with the next message, in order; some may be settled meanwhile.
    var queue: [CommandKey] = []
    var queueByteCount = 0
    /// When the queue must leave.
    var flushDeadline: Moment?
    /// When to look for what is over or due again; perhaps too early, never too late.
    var wakeDeadline: Moment?
    var inquiries = StatusInquiries()
    var isStopped = false
    /// What was seen so far.
    var statistics = ClientStatistics()

    /// Creates a client without connections.
    ///
    /// - Parameters:
    ///   - configuration: One without fault.
    ///   - makeNonce: Draws a random number for an opening command.
    init(configuration: ClientConfiguration, makeNonce: @escaping @Sendable () -> UInt64) {
        self.configuration = configuration
        self.makeNonce = makeNonce
    }

    /// When `timePassed` wants to be called.
    var nextDeadline: Moment? {
        guard let flushDeadline else { return wakeDeadline }
        return min(flushDeadline, wakeDeadline ?? flushDeadline)
    }

    /// Somebody wants a command executed.
    mutating func submit(_ body: [UInt8], as id: SubmissionID, at now: Moment) -> [ClientAction] {
        guard !isStopped else { return [.finish(id, .failure(.stopped))] }
        let deadline = now.advanced(by: configuration.requestTimeout)
        let command = WaitingCommand(submission: id, body: body, submitted: now, deadline: deadline)
        guard body.count <= Command.maximumBodyByteCount,
            command.encodedSize <= configuration.maximumCommandByteCount
        else { return [.finish(id, .failure(.tooLong))] }
        wake(at: deadline)
        var actions: [ClientAction] = []
        // What nothing stands before need not wait.
        if waiting.isEmpty, hasRoom(for: command), let key = takeKey() {
            enqueue(PendingCommand(command, key: key, at: now, configuration: configuration), at: now, into: &actions)
        } else {
            waiting.append(command)
        }
        advance(at: now, into: &actions)
        return actions
    }

    /// The caller does not wait any more.
    mutating func cancel(_ id: SubmissionID, at now: Moment) -> [ClientAction] {
        guard waiting.remove(id) != nil || pending.remove(id) != nil else { return [] }
        var actions: [ClientAction] = [.finish(id, .failure(.cancelled))]
        advance(at: now, into: &actions)
        return actions
    }

    /// Somebody wants to know how a replica is.
    mutating func ask(
        _ replica: ReplicaID,
        as id: InquiryID,
        until deadline: Moment,
        at now: Moment
    ) -> [ClientAction] {
        guard !isStopped else { return [.tell(id, nil)] }
        inquiries.insert(id, about: replica, until: deadline, at: now, configuration: configuration)
        wake(at: deadline)
        var actions: [ClientAction] = []
        askAgain(at: now, into: &actions)
        return actions
    }

    /// The caller does not want to know any more.
    mutating func cancel(_ id: InquiryID) -> [ClientAction] {
        inquiries.remove(id) ? [.tell(id, nil)] : []
    }

    /// A replica has proved who it is: it gets all that is on its way, unless it is a listener.
    mutating func connected(_ replica: ReplicaID, at now: Moment) -> [ClientAction] {
        guard !isStopped else { return [] }
        var actions: [ClientAction] = []
        if replica.isListener {
            connectedListeners.insert(replica)
        } else {
            connected.insert(replica)
            if let command = opening?.command, !waiting.isEmpty { actions.append(.send([command], to: [replica])) }
            send(pending.all.filter { !$0.isQueued }.map(\.command), to: [replica], into: &actions)
        }
        inquiries.hasten(about: replica, to: now)
        askAgain(at: now, into: &actions)
        advance(at: now, into: &actions)
        return actions
    }

    /// The connection to a replica is over.
    mutating func disconnected(_ replica: ReplicaID) {
        connected.remove(replica)
        connectedListeners.remove(replica)
    }

    /// The moment of `nextDeadline` has come, or another one.
    mutating func timePassed(at now: Moment) -> [ClientAction] {
        var actions: [ClientAction] = []
        if let wakeDeadline, wakeDeadline <= now {
            self.wakeDeadline = nil
            expire(at: now, into: &actions)
            sendAgain(at: now, into: &actions)
            askAgain(at: now, into: &actions)
            setWakeDeadline(after: now)
        }
        advance(at: now, into: &actions)
        return actions
    }

    /// The client is not used any more: nobody waits longer.
    mutating func stop() -> [ClientAction] {
        isStopped = true
        var actions: [ClientAction] = []
        for command in pending.all {
            finish(command.submission, with: .failure(.stopped), into: &actions)
        }
        while let command = waiting.first {
            finish(command.submission, with: .failure(.stopped), into: &actions)
        }
        actions += inquiries.takeAll().map { .tell($0, nil) }
        opening = nil
        queue = []
        flushDeadline = nil
        wakeDeadline = nil
        return actions
    }

    /// Asks for `timePassed` at some moment.
    mutating func wake(at deadline: Moment) {
        wakeDeadline = min(wakeDeadline ?? deadline, deadline)
    }

    /// Settles a call.
    mutating func finish(
        _ id: SubmissionID,
        with result: Result<Receipt, ClientError>,
        into actions: inout [ClientAction]
    ) {
        forget(id)
        actions.append(.finish(id, result))
    }

    /// Drops the command of a call, wherever it is.
    mutating func forget(_ id: SubmissionID) {
        guard waiting.remove(id) == nil else { return }
        _ = pending.remove(id)
    }
}
