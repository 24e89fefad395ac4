/// A statement with one signature of one replica.
public struct Vote: Hashable, Sendable, BorshCodable {
    /// What is voted for.
    public let statement: VoteStatement
    /// Who votes.
    public let voter: ReplicaID
    /// The voter's signature over the statement's digest.
    public let signature: Signature

    /// Creates a vote.
    public init(statement: VoteStatement, voter: ReplicaID, signature: Signature) {
        self.statement = statement
        self.voter = voter
        self.signature = signature
    }

    /// Appends statement, voter and signature.
    public func encode(into encoder: inout BorshEncoder) {
        encoder.append(statement)
        encoder.append(voter)
        encoder.append(signature)
    }

    /// Reads statement, voter and signature.
    public init(from decoder: inout BorshDecoder) throws(DecodingError) {
        statement = try decoder.read()
        voter = try decoder.read()
        signature = try decoder.read()
    }
}
