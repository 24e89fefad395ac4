import HotStuff
import Testing

/// A type with an encoding and a maker of random values of it, erased so that one table holds all of them.
struct EncodedKind: Sendable, CustomTestStringConvertible {
    let name: String
    /// What the type claims as the size of its smallest value.
    let minimumEncodedSize: Int
    /// The encoding of a random value.
    let encoding: @Sendable (inout SplitMix64) throws -> [UInt8]
    /// The encoding of the value that some bytes decode to.
    let reencoding: @Sendable ([UInt8]) throws(DecodingError) -> [UInt8]
    /// Encodes and decodes a random value and says what differs; nothing if all is well.
    let roundTripFault: @Sendable (inout SplitMix64) throws -> String?

    var testDescription: String { name }

    init<Value: BorshCodable & Equatable & Sendable>(
        _ name: String,
        _ make: @escaping @Sendable (inout SplitMix64) throws -> Value
    ) {
        self.name = name
        minimumEncodedSize = Value.minimumEncodedSize
        encoding = { generator in try make(&generator).encoded }
        reencoding = { bytes throws(DecodingError) in try Value(decoding: bytes).encoded }
        roundTripFault = { generator in
            let value = try make(&generator)
            let encoding = value.encoded
            let decoded = try Value(decoding: encoding)
            guard decoded == value else { return "\(value) became \(decoded)" }
            guard decoded.encoded == encoding else { return "\(value) has two encodings" }
            guard encoding.count >= Value.minimumEncodedSize else { return "\(value) is shorter than the minimum" }
            return nil
        }
    }

    /// Every type that is ever read from bytes.
    static let all: [EncodedKind] =
        quantities + [
            EncodedKind("Digest") { $0.digest() },
            EncodedKind("ReplicaID") { $0.replica() },
            EncodedKind("Signature") { $0.signature() },
            EncodedKind("SignatureSet") { $0.signatureSet() },
            EncodedKind("SessionID") { $0.session() },
            EncodedKind("CommandKey") { $0.commandKey() },
            EncodedKind("Command") { $0.command() },
            EncodedKind("Payload") { $0.payload() },
            EncodedKind("ExecutedState") { $0.executed() },
            EncodedKind("BlockHeader") { $0.header() },
            EncodedKind("Block") { $0.block() },
            EncodedKind("VoteStatement") { $0.voteStatement() },
            EncodedKind("Vote") { $0.vote() },
            EncodedKind("QuorumCertificate") { $0.quorumCertificate() },
            EncodedKind("TimeoutStatement") { $0.timeoutStatement() },
            EncodedKind("Timeout") { $0.timeout() },
            EncodedKind("TimeoutCertificate") { $0.timeoutCertificate() },
            EncodedKind("CertificatePair") { $0.certificatePair() },
            EncodedKind("Checkpoint") { $0.checkpoint() },
            EncodedKind("JournalRecord of a checkpoint") { JournalRecord.checkpoint($0.checkpoint()) },
            EncodedKind("ProposalStatement") { generator in
                let header = generator.header()
                return ProposalStatement(proposing: header, id: header.id)
            },
            EncodedKind("Proposal") { $0.proposal() },
            EncodedKind("Validator") { $0.validator() },
            EncodedKind("ValidatorSet") { try $0.validatorSet() },
            EncodedKind("BlockRequest") { $0.blockRequest() },
            EncodedKind("BlockResponse") { $0.blockResponse() },
            EncodedKind("RangeRequest") { $0.rangeRequest() },
            EncodedKind("BlockRange") { $0.blockRange() },
            EncodedKind("SnapshotName") { $0.snapshotName() },
            EncodedKind("SnapshotRequest") { $0.snapshotRequest() },
            EncodedKind("SnapshotOffer") { $0.snapshotOffer() },
            EncodedKind("SnapshotOutline") { $0.snapshotOutline() },
            EncodedKind("SnapshotChunk") { $0.snapshotChunk() },
            EncodedKind("SnapshotAnswer") { $0.snapshotAnswer() },
            EncodedKind("Echo") { $0.echo() },
        ] + messages

    private static let quantities: [EncodedKind] = [
        EncodedKind("View") { $0.quantity(View.self) },
        EncodedKind("Height") { $0.quantity(Height.self) },
        EncodedKind("Epoch") { $0.quantity(Epoch.self) },
        EncodedKind("VotingPower") { $0.quantity(VotingPower.self) },
        EncodedKind("Timestamp") { $0.quantity(Timestamp.self) },
        EncodedKind("Instant") { $0.quantity(Instant.self) },
    ]

    private static let messages: [EncodedKind] =
        (0..<SplitMix64.messageKindCount).map { kind in
            EncodedKind("Message \(kind + 1)") { $0.message(kind: kind) }
        } + [
            EncodedKind("CommandOutcome") { $0.outcome() },
            EncodedKind("CommandResult") { $0.result() },
            EncodedKind("ReplicaStatus") { $0.status() },
            EncodedKind("ClientRequest") { $0.request() },
            EncodedKind("ClientResponse") { $0.response() },
        ]
}
