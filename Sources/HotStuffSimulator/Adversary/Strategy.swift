internal import HotStuff

/// One way to lie: a small value that wraps what an honest replica says.
///
/// A liar runs the real protocol, and its strategies bend every message that leaves it, one after the other; they may also
/// speak when a message is heard, and from time to time. To add one, write a page and name it in `StrategyName`.
protocol Strategy {
    /// Bends what is about to leave: change letters, drop them, add some.
    mutating func bend(_ letters: inout [Letter], as liar: inout Liar)

    /// Bends what a client is about to be told.
    mutating func bend(_ response: inout ClientResponse, as liar: inout Liar)

    /// Something was heard; add letters to answer.
    mutating func hear(_ message: Message, from sender: ReplicaID, as liar: inout Liar, answers: inout [Letter])

    /// Some time has passed; add letters to speak unasked.
    mutating func passTime(as liar: inout Liar, letters: inout [Letter])
}

extension Strategy {
    mutating func bend(_ letters: inout [Letter], as liar: inout Liar) {}
    mutating func bend(_ response: inout ClientResponse, as liar: inout Liar) {}
    mutating func hear(_ message: Message, from sender: ReplicaID, as liar: inout Liar, answers: inout [Letter]) {}
    mutating func passTime(as liar: inout Liar, letters: inout [Letter]) {}
}

/// What a liar sends to one replica.
struct Letter {
    /// A message, or bytes that are none.
    enum Content {
        case message(Message)
        case bytes([UInt8])
    }

    var content: Content
    var receiver: ReplicaID
    /// How long it is held back, in microseconds.
    var delay: UInt64 = 0

    init(_ message: Message, to receiver: ReplicaID, delay: UInt64 = 0) {
        content = .message(message)
        self.receiver = receiver
        self.delay = delay
    }

    init(bytes: [UInt8], to receiver: ReplicaID) {
        content = .bytes(bytes)
        self.receiver = receiver
    }

    /// The message, if it is one.
    var message: Message? {
        if case .message(let message) = content { message } else { nil }
    }

    /// The proposal, if it is one.
    var proposal: Proposal? {
        if case .proposal(let proposal) = message { proposal } else { nil }
    }

    /// The vote, if it is one.
    var vote: Vote? {
        if case .vote(let vote) = message { vote } else { nil }
    }

    /// The timeout, if it is one.
    var timeout: Timeout? {
        if case .timeout(let timeout) = message { timeout } else { nil }
    }
}

extension Message {
    /// Whether it is a signed statement of its sender.
    var isStatement: Bool {
        switch self {
        case .proposal, .briefProposal, .vote, .timeout: true
        case .certificates, .commands, .blockRequest, .blockResponse, .rangeRequest, .blockRange, .snapshotRequest,
            .snapshotAnswer, .echo, .plea:
            false
        }
    }
}
