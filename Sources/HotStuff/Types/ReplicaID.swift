/// The place of a replica in its validator set, from 0; a listener, which has no vote, has one that no set reaches.
public struct ReplicaID: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The place in the list of validators.
    public let rawValue: UInt16

    /// Creates the identity of a place.
    @inlinable
    public init(_ rawValue: UInt16) { self.rawValue = rawValue }

    /// The place as an array index.
    @inlinable
    public var index: Int { Int(rawValue) }

    /// Smaller places come first.
    @inlinable
    public static func < (left: ReplicaID, right: ReplicaID) -> Bool { left.rawValue < right.rawValue }

    /// The place in decimal.
    public var description: String { String(rawValue) }
}

extension ReplicaID {
    /// The places of listeners: replicas that follow the chain without a vote.
    ///
    /// No validator set reaches so far, whatever sets later epochs have: a listener is never taken for a validator.
    public static let listeners = ReplicaID(1_024)...ReplicaID(2_047)

    /// The most listeners of a chain.
    public static let maximumListenerCount = 64

    /// Whether this is the place of a listener.
    public var isListener: Bool { ReplicaID.listeners.contains(self) }
}

extension ReplicaID: BorshCodable {
    /// Two bytes.
    public static var minimumEncodedSize: Int { 2 }

    /// Appends two bytes.
    public func encode(into encoder: inout BorshEncoder) { encoder.append(rawValue) }

    /// Reads two bytes.
    public init(from decoder: inout BorshDecoder) throws(DecodingError) {
        self.init(try decoder.readUInt16())
    }
}
