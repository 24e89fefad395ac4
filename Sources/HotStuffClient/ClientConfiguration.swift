public import HotStuff
public import HotStuffTransport

/// What a client must know of the chain that it talks to, and how patient it is.
public struct ClientConfiguration: Sendable {
    /// The replicas whose word counts, and how much.
    public var validators: ValidatorSet
    /// The chain, the scheme of its keys, and where the replicas are.
    ///
    /// Listeners may be among them: they are asked for their status, but get no commands, and what else they say is ignored.
    public var transport: TransportConfiguration
    /// How long a command waits for a result before it is sent again; each further wait is twice as long.
    public var resendInterval: Duration
    /// The longest wait before a command is sent again.
    public var maximumResendInterval: Duration
    /// How long a command may take from the call to its result.
    public var requestTimeout: Duration
    /// The most commands that are on their way at a time; further ones wait for a place.
    public var maximumOutstanding: Int
    /// The most bytes of the commands that are on their way, encoded; one longer command goes alone.
    public var maximumOutstandingByteCount: Int
    /// How long a command waits for others to share a message with, where more than `maximumUnbatchedCount` are on their way.
    public var batchInterval: Duration
    /// As long as no more commands than these are on their way, each leaves at once: so few hardly ever come together.
    public var maximumUnbatchedCount: Int
    /// The most commands of one message.
    public var maximumBatchCount: Int
    /// The most bytes of one message; one longer command goes alone.
    public var maximumBatchByteCount: Int

    /// Creates a configuration with defaults for everything but the chain.
    public init(validators: ValidatorSet, transport: TransportConfiguration) {
        self.validators = validators
        self.transport = transport
        resendInterval = .milliseconds(500)
        maximumResendInterval = .seconds(4)
        requestTimeout = .seconds(30)
        maximumOutstanding = 1_024
        maximumOutstandingByteCount = 2 << 20
        batchInterval = .microseconds(200)
        maximumUnbatchedCount = 8
        maximumBatchCount = 512
        maximumBatchByteCount = 512 << 10
    }

    /// What a message has besides its commands: a version, a tag and a count.
    static let envelopeByteCount = 7

    /// The longest command that a replica reads, encoded.
    var maximumCommandByteCount: Int {
        let limits = transport.limits
        return min(
            limits.maximumClientMessageByteCount,
            limits.commands.maximumMessageByteCount,
            Frame.maximumByteCount
        )
            - Self.envelopeByteCount
    }
}

/// Why a configuration is none.
public enum ClientConfigurationError: Error, Equatable, Sendable {
    /// The transport cannot be made.
    case transport(TransportError)
    /// This peer is not among the validators, or has another key there.
    case notValidator(ReplicaID)
    /// All peers together have less power than must agree on a result.
    case tooFewPeers(power: VotingPower, needed: VotingPower)
    /// A number is out of its range; the text names both.
    case outOfRange(String)
}

extension ClientConfigurationError: CustomStringConvertible {
    /// One line for the user.
    public var description: String {
        switch self {
        case .transport(let error): "\(error)"
        case .notValidator(let replica): "replica \(replica) is no validator with this key"
        case .tooFewPeers(let power, let needed):
            "the replicas have a voting power of \(power) together, and \(needed) must agree on a result"
        case .outOfRange(let clause): clause
        }
    }
}

extension ClientConfiguration {
    /// What is wrong with this configuration; nothing if all is well.
    var fault: ClientConfigurationError? {
        for peer in transport.peers where !peer.id.isListener {
            guard validators.contains(peer.id),
                validators.validators[peer.id.index].verificationKey == peer.verificationKey
            else { return .notValidator(peer.id) }
        }
        let power = validators.power(of: Set(transport.peers.map(\.id)))
        guard power >= validators.moreThanFaulty else {
            return .tooFewPeers(power: power, needed: validators.moreThanFaulty)
        }
        let durations: [(String, Duration, ClosedRange<Duration>)] = [
            ("resendInterval", resendInterval, .milliseconds(1) ... .seconds(3_600)),
            ("maximumResendInterval", maximumResendInterval, .milliseconds(1) ... .seconds(3_600)),
            ("requestTimeout", requestTimeout, .milliseconds(1) ... .seconds(86_400)),
            ("batchInterval", batchInterval, .zero ... .seconds(1)),
        ]
        for (name, value, range) in durations where !range.contains(value) {
            return .outOfRange("\(name) is \(value), allowed are \(range.lowerBound) to \(range.upperBound)")
        }
        let counts: [(String, Int, ClosedRange<Int>)] = [
            ("maximumOutstanding", maximumOutstanding, 1...Int(SessionNumbers.span)),
            ("maximumOutstandingByteCount", maximumOutstandingByteCount, 1...(1 << 30)),
            ("maximumUnbatchedCount", maximumUnbatchedCount, 0...Payload.maximumCommandCount),
            ("maximumBatchCount", maximumBatchCount, 1...Payload.maximumCommandCount),
            ("maximumClientMessageByteCount", transport.limits.maximumClientMessageByteCount, 256...(1 << 30)),
        ]
        for (name, value, range) in counts where !range.contains(value) {
            return .outOfRange("\(name) is \(value), allowed are \(range.lowerBound) to \(range.upperBound)")
        }
        let longestBatch = maximumCommandByteCount + Self.envelopeByteCount
        guard (1...max(1, longestBatch)).contains(maximumBatchByteCount) else {
            return .outOfRange("maximumBatchByteCount is \(maximumBatchByteCount), allowed are 1 to \(longestBatch)")
        }
        return nil
    }
}
