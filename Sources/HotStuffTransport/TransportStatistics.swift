import Synchronization

/// What a transport has done since it was made.
public struct TransportStatistics: Hashable, Sendable {
    /// Frames sealed and handed to the system.
    public var framesSent: UInt64 = 0
    /// Frames opened.
    public var framesReceived: UInt64 = 0
    /// Bytes handed to the system, handshakes not counted.
    public var bytesSent: UInt64 = 0
    /// Bytes received, handshakes not counted.
    public var bytesReceived: UInt64 = 0
    /// Whole messages received.
    public var messagesReceived: UInt64 = 0
    /// Handshakes that ended well.
    public var connectionsEstablished: UInt64 = 0
    /// Handshakes that did not.
    public var handshakesFailed: UInt64 = 0
    /// Messages of consensus dropped because their queue was full.
    public var consensusDrops: UInt64 = 0
    /// Messages of sync dropped because their queue was full or nobody was connected.
    public var syncDrops: UInt64 = 0
    /// Commands and replies dropped because their queue was full or nobody was connected.
    public var commandDrops: UInt64 = 0

    /// Creates statistics of nothing.
    public init() {}

    mutating func add(_ other: TransportStatistics) {
        framesSent &+= other.framesSent
        framesReceived &+= other.framesReceived
        bytesSent &+= other.bytesSent
        bytesReceived &+= other.bytesReceived
        messagesReceived &+= other.messagesReceived
        connectionsEstablished &+= other.connectionsEstablished
        handshakesFailed &+= other.handshakesFailed
        consensusDrops &+= other.consensusDrops
        syncDrops &+= other.syncDrops
        commandDrops &+= other.commandDrops
    }

    mutating func countDrops(_ count: Int, in lane: Lane) {
        let count = UInt64(clamping: count)
        switch lane {
        case .consensus: consensusDrops &+= count
        case .sync: syncDrops &+= count
        case .commands: commandDrops &+= count
        }
    }
}

/// Adds up statistics from many threads, one batch at a time.
final class StatisticsRecorder: Sendable {
    private let total = Mutex(TransportStatistics())

    func add(_ batch: TransportStatistics) {
        total.withLock { $0.add(batch) }
    }

    var snapshot: TransportStatistics {
        total.withLock { $0 }
    }
}
