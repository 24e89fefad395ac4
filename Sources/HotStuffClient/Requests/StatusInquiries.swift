import HotStuff

/// The name of one call to ask a replica for its status, never used twice by one client.
struct InquiryID: Hashable, Sendable {
    let rawValue: UInt64
}

/// The calls that wait to hear how a replica is.
///
/// There are few at a time, so that every operation may look at all of them.
struct StatusInquiries: Sendable {
    private struct Inquiry: Sendable {
        let id: InquiryID
        let replica: ReplicaID
        let deadline: Moment
        var schedule: ResendSchedule
    }

    private var inquiries: [Inquiry] = []

    /// Adds a call; its question is due at once.
    mutating func insert(
        _ id: InquiryID,
        about replica: ReplicaID,
        until deadline: Moment,
        at now: Moment,
        configuration: ClientConfiguration
    ) {
        let schedule = ResendSchedule(
            dueAt: now,
            interval: configuration.resendInterval,
            maximum: configuration.maximumResendInterval
        )
        inquiries.append(Inquiry(id: id, replica: replica, deadline: deadline, schedule: schedule))
    }

    /// Takes out all calls about a replica, which has answered.
    mutating func take(about replica: ReplicaID) -> [InquiryID] {
        take { $0.replica == replica }
    }

    /// Takes out the calls whose time is over.
    mutating func takeExpired(at now: Moment) -> [InquiryID] {
        take { $0.deadline <= now }
    }

    /// Takes out all calls.
    mutating func takeAll() -> [InquiryID] {
        take { _ in true }
    }

    /// Takes out a call; whether it was here.
    mutating func remove(_ id: InquiryID) -> Bool {
        !take { $0.id == id }.isEmpty
    }

    /// The replicas that must be asked now, or asked again, each once.
    mutating func takeDue(at now: Moment) -> [ReplicaID] {
        var replicas: [ReplicaID] = []
        for index in inquiries.indices where inquiries[index].schedule.next <= now {
            inquiries[index].schedule.sent(at: now)
            if !replicas.contains(inquiries[index].replica) { replicas.append(inquiries[index].replica) }
        }
        return replicas
    }

    /// Makes the questions to a replica due.
    mutating func hasten(about replica: ReplicaID, to now: Moment) {
        for index in inquiries.indices where inquiries[index].replica == replica {
            inquiries[index].schedule.hasten(to: now)
        }
    }

    /// When to look again.
    var deadline: Moment? {
        inquiries.map { min($0.deadline, $0.schedule.next) }.min()
    }

    private mutating func take(where isTaken: (Inquiry) -> Bool) -> [InquiryID] {
        let taken = inquiries.filter(isTaken).map(\.id)
        if !taken.isEmpty { inquiries.removeAll(where: isTaken) }
        return taken
    }
}
