/// A quantity that counts, kept apart from other quantities by its type.
public protocol Quantity: RawRepresentable<UInt64>, Hashable, Comparable, Sendable, BorshCodable,
    CustomStringConvertible
{
    /// Creates the quantity of a count.
    init(rawValue: UInt64)
}

extension Quantity {
    /// Creates the quantity of a count.
    @inlinable
    public init(_ count: UInt64) { self.init(rawValue: count) }

    /// Smaller counts come first.
    @inlinable
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    /// Eight bytes.
    public static var minimumEncodedSize: Int { 8 }

    /// Appends eight bytes.
    public func encode(into encoder: inout BorshEncoder) { encoder.append(rawValue) }

    /// Reads eight bytes.
    public init(from decoder: inout BorshDecoder) throws(DecodingError) {
        self.init(rawValue: try decoder.readUInt64())
    }

    /// The count in decimal.
    public var description: String { String(rawValue) }

    /// The quantity after this one, or nothing after the last.
    @inlinable
    public var next: Self? {
        let (sum, overflow) = rawValue.addingReportingOverflow(1)
        return overflow ? nil : Self(rawValue: sum)
    }

    /// Whether this quantity comes directly after another.
    @inlinable
    public func follows(_ other: Self) -> Bool { other.next == self }
}

/// A round of the protocol with one leader; views only grow.
///
/// View 0 is the genesis, but for a chain that goes on from another one (`Origin`).
public struct View: Quantity {
    /// The number of the view.
    public let rawValue: UInt64
    /// Creates the view of a number.
    @inlinable
    public init(rawValue: UInt64) { self.rawValue = rawValue }
    /// The view of the genesis block.
    public static let genesis = View(0)
}

/// The number of blocks below a block on its chain.
///
/// The genesis has height 0, but for a chain that goes on from another one (`Origin`).
public struct Height: Quantity {
    /// The number of ancestors.
    public let rawValue: UInt64
    /// Creates the height of a number.
    @inlinable
    public init(rawValue: UInt64) { self.rawValue = rawValue }
    /// The height of the genesis block.
    public static let genesis = Height(0)
}

/// A span of the chain with one validator set; the first is 0.
public struct Epoch: Quantity {
    /// The number of the epoch.
    public let rawValue: UInt64
    /// Creates the epoch of a number.
    @inlinable
    public init(rawValue: UInt64) { self.rawValue = rawValue }
    /// The epoch of the genesis document's validators.
    public static let first = Epoch(0)
}

/// The weight of a validator's vote.
public struct VotingPower: Quantity {
    /// The weight.
    public let rawValue: UInt64
    /// Creates a weight.
    @inlinable
    public init(rawValue: UInt64) { self.rawValue = rawValue }
    /// No weight.
    public static let zero = VotingPower(0)
}

/// Wall-clock time in milliseconds since 1970, as a proposer saw it.
public struct Timestamp: Quantity {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    public let rawValue: UInt64
    /// Creates a time of milliseconds since 1970.
    @inlinable
    public init(rawValue: UInt64) { self.rawValue = rawValue }
}

/// A moment on a replica's own steady clock, in microseconds since an arbitrary start.
public struct Instant: Quantity {
    /// Microseconds since the start of the clock.
    public let rawValue: UInt64
    /// Creates a moment of microseconds.
    @inlinable
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// The moment some microseconds later; the last moment there is if it lies beyond that.
    public func advanced(byMicroseconds microseconds: UInt64) -> Instant {
        let (sum, overflow) = rawValue.addingReportingOverflow(microseconds)
        return Instant(overflow ? .max : sum)
    }
}
