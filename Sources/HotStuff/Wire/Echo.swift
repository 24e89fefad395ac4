/// The highest statements of a replica that another one holds, told to the one who made them.
///
/// A replica that lost what it had signed, or was started from an old copy of its data, learns from it what it may not contradict.
/// Nobody can make it up, for the statements are signed; nobody is believed to have told all.
public struct Echo: Hashable, Sendable, BorshCodable {
    /// The receiver's vote in the highest view, if one is held.
    public let vote: Vote?
    /// The receiver's timeout of the highest view, if one is held.
    public let timeout: SignedTimeout?

    /// A timeout without the certificates that it showed.
    public struct SignedTimeout: Hashable, Sendable, BorshCodable {
        /// What was signed.
        public let statement: TimeoutStatement
        /// By whom.
        public let sender: ReplicaID
        /// The signature.
        public let signature: Signature

        /// Leaves the certificates of a timeout away.
        public init(_ timeout: Timeout) {
            statement = timeout.statement
            sender = timeout.sender
            signature = timeout.signature
        }

        /// Statement, sender and an empty signature.
        public static var minimumEncodedSize: Int {
            TimeoutStatement.minimumEncodedSize + ReplicaID.minimumEncodedSize + Signature.minimumEncodedSize
        }

        /// Appends all fields in their order.
        public func encode(into encoder: inout BorshEncoder) {
            encoder.append(statement)
            encoder.append(sender)
            encoder.append(signature)
        }

        /// Reads all fields in their order.
        public init(from decoder: inout BorshDecoder) throws(DecodingError) {
            statement = try decoder.read()
            sender = try decoder.read()
            signature = try decoder.read()
        }
    }

    /// Creates an echo of what is held, which may be nothing.
    public init(vote: Vote?, timeout: Timeout?) {
        self.vote = vote
        self.timeout = timeout.map { SignedTimeout($0) }
    }

    /// The highest view in which something was signed; none if nothing is held.
    public var view: View? { [vote?.statement.view, timeout?.statement.view].compactMap { $0 }.max() }

    /// Two absent statements.
    public static var minimumEncodedSize: Int { 2 }

    /// Appends both statements.
    public func encode(into encoder: inout BorshEncoder) {
        encoder.appendOptional(vote)
        encoder.appendOptional(timeout)
    }

    /// Reads both statements.
    public init(from decoder: inout BorshDecoder) throws(DecodingError) {
        vote = try decoder.readOptional()
        timeout = try decoder.readOptional()
    }
}
