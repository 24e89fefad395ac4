/// What must never happen.
public enum ViolationKind: String, Hashable, Sendable, CaseIterable {
    /// Two honest replicas hold different final blocks of one height, or one took a final block back.
    case agreement
    /// A block became final without a certificate that makes it so, or with a signature in it that does not verify.
    case evidence
    /// A final block is not well formed, or does not follow from the one before.
    case chain
    /// A session of an honest client holds what the client never submitted.
    case validity
    /// A command was executed twice by one replica, or twice along the chain.
    case exactlyOnce
    /// A replica contradicted what it had signed, or forgot it.
    case promise
    /// Something signed left a replica before it was durable.
    case durability
    /// A vote, a timeout or a proposal that the rules of the protocol forbid.
    case rule
    /// An honest replica believed a message in which something is not true.
    case belief
    /// An honest replica refused a message of another honest one.
    case refused
    /// A view was given up too early, too late, or without a reason.
    case pacing
    /// A replica said that a report has time, and then acted on it.
    case patience
    /// A replica did not tell others what it owes them, or told it too often.
    case courtesy
    /// A lock went back.
    case lock
    /// Replicas that executed the same blocks hold different states.
    case state
    /// A client was told what the chain does not hold.
    case answer
    /// A replica holds more than its configuration allows.
    case memory
    /// Too few of the final blocks come from honest leaders although the network is good.
    case chainQuality
    /// An honest replica stopped for good.
    case halt
    /// An honest replica cannot start from what it has written.
    case recovery
}

/// Something that must never happen, and did.
public struct Violation: Hashable, Sendable {
    /// Which promise of the system is broken.
    public let kind: ViolationKind
    /// Who did what, in one sentence.
    public let detail: String

    /// Creates a violation.
    public init(_ kind: ViolationKind, _ detail: String) {
        self.kind = kind
        self.detail = detail
    }
}
