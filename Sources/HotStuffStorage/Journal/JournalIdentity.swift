public import HotStuff

/// Whose journal it is.
public struct JournalIdentity: Hashable, Sendable {
    /// The chain: the digest of its genesis document.
    public var chain: Digest
    /// The replica: the digest of its public key.
    public var owner: Digest

    /// Creates the identity of a replica's journal on a chain.
    public init(chain: Digest, owner: Digest) {
        self.chain = chain
        self.owner = owner
    }

    /// The identity of a validator's journal on a chain.
    public init(chain: Digest, validator: Validator) {
        self.init(chain: chain, owner: Digest.hash(of: validator.verificationKey))
    }
}

/// How a journal is opened and written.
public struct JournalConfiguration: Hashable, Sendable {
    /// What to do with a batch that is damaged although a good one follows.
    ///
    /// After a loss of power under `Durability.powerLoss` only the last batch can be torn: such a hole is damage. Under
    /// `Durability.processCrash` the operating system may have written later batches and not earlier ones.
    public enum DamagePolicy: Hashable, Sendable {
        /// Open nothing, change nothing, say where it is.
        case refuse
        /// Keep what is before the hole, cut off all that follows, say how much.
        case cut
    }

    /// What an appended record survives.
    public var durability: Durability
    /// The most bytes of one batch, its head included: also the most memory that reading one takes.
    public var maximumBatchBytes: Int
    /// What to do with a hole in the middle.
    public var damagePolicy: DamagePolicy

    /// Creates a configuration; by default batches of up to 64 MiB, and a hole is refused.
    ///
    /// - Parameters:
    ///   - durability: what an appended record survives.
    ///   - maximumBatchBytes: the most bytes of one batch, from 1 KiB to 1 GiB.
    ///   - damagePolicy: what to do with a hole in the middle.
    public init(
        durability: Durability,
        maximumBatchBytes: Int = 64 << 20,
        damagePolicy: DamagePolicy = .refuse
    ) {
        precondition(
            (1 << 10...1 << 30).contains(maximumBatchBytes),
            "the largest batch of a journal is 1 KiB to 1 GiB, not \(maximumBatchBytes) bytes"
        )
        self.durability = durability
        self.maximumBatchBytes = maximumBatchBytes
        self.damagePolicy = damagePolicy
    }
}

/// What opening a journal found.
public struct JournalOpening: Equatable, Sendable {
    /// Whether there was none, so that an empty one was made.
    public var isNew = false
    /// The number of whole batches.
    public var batches: UInt64 = 0
    /// The number of records in them.
    public var records: UInt64 = 0
    /// How many bytes behind the last whole batch were cut off; 0 after a clean end.
    public var tornBytes: UInt64 = 0

    /// Creates the report of an empty journal.
    public init() {}
}

/// Where a record is in its journal.
public struct JournalRecordLocation: Hashable, Sendable {
    /// The offset of the record's head in the file, in bytes.
    public var offset: UInt64
    /// The length of the record's payload, in bytes.
    public var length: UInt32

    /// Creates a location; only one that a journal gave finds a record.
    public init(offset: UInt64, length: UInt32) {
        self.offset = offset
        self.length = length
    }
}

/// Why the reader of a journal does not accept a record that the journal holds intact.
public struct JournalRecordRejection: Error, Equatable, Sendable {
    /// One clause for people.
    public var reason: String

    /// Creates a rejection.
    public init(reason: String) {
        self.reason = reason
    }
}
