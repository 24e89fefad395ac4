/// Why a message is not believed.
public enum VerificationFailure: Error, Hashable, Sendable {
    /// It belongs to another chain.
    case wrongChain
    /// It belongs to another epoch.
    case wrongEpoch(Epoch)
    /// It is of a protocol version that this program does not speak.
    case wrongVersion(UInt16)
    /// It names a replica that is not a validator of the epoch.
    case unknownReplica(ReplicaID)
    /// It speaks for a replica other than its authenticated sender.
    case notTheSender(ReplicaID)
    /// The signature of this replica is not valid.
    case invalidSignature(ReplicaID)
    /// The signers of a certificate hold less than a quorum of the voting power.
    case noQuorum
    /// Its views contradict one another.
    case inconsistentViews
    /// Block, parent, height and certificate do not fit each other.
    case brokenLink
    /// The certificates that it rests on are missing.
    case unjustified
    /// The commands are not what the header says.
    case wrongPayload
    /// There are more or longer commands than the chain allows.
    case tooLarge
}

extension VerificationFailure: CustomStringConvertible {
    /// One clause for the log.
    public var description: String {
        switch self {
        case .wrongChain: "it belongs to another chain"
        case .wrongEpoch(let epoch): "it belongs to epoch \(epoch)"
        case .wrongVersion(let version): "it is of protocol version \(version)"
        case .unknownReplica(let replica): "replica \(replica) is no validator"
        case .notTheSender(let replica): "it speaks for replica \(replica), which did not send it"
        case .invalidSignature(let replica): "the signature of replica \(replica) is not valid"
        case .noQuorum: "its signers are no quorum"
        case .inconsistentViews: "its views contradict one another"
        case .brokenLink: "block, parent, height and certificate do not fit each other"
        case .unjustified: "the certificates that it rests on are missing"
        case .wrongPayload: "the commands are not what the header says"
        case .tooLarge: "it holds more or longer commands than the chain allows"
        }
    }
}
