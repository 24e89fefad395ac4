public import HotStuff
public import HotStuffStorage
public import HotStuffTransport

/// Why a replica does not start.
public enum ReplicaError: Error, Sendable {
    /// The configuration contradicts itself, in this way.
    case configuration(String)
    /// The data directory cannot be used.
    case dataDirectory(DataDirectoryError)
    /// The journal cannot be used.
    case journal(JournalError)
    /// What is on disk is not enough to go on from.
    case recovery(RecoveryFailure)
    /// The key cannot be used with the data directory, or what is noted beside the key cannot be read or written.
    case keyMark(KeyMarkError)
    /// The list of skipped commands in the data directory cannot be used.
    case skipList(SkipListError)
    /// The application crashed again and again on this command, of the block of this height.
    case poisoned(WitnessedCommand, height: Height)
    /// The network cannot be used.
    case transport(TransportError)
    /// The system gives no thread; the number is the C library's error.
    case thread(Int32)

    /// The kinds of trouble, by what an operator does about them.
    public enum Kind: Hashable, Sendable {
        /// Correct the configuration.
        case configuration
        /// Stop the other process, or give this one another directory or port.
        case inUse
        /// The data belong to another chain, another replica or another version.
        case foreign
        /// Let this user write the file that is named.
        case notPermitted
        /// Have all replicas of the chain skip the command that is named.
        case poisoned
        /// Begin with the state with which the chain begins.
        case incomplete
        /// The data are damaged.
        case damaged
        /// Look at the disk, the network interface or the limits of the system.
        case system
    }

    /// What kind of trouble this is.
    public var kind: Kind {
        switch self {
        case .configuration: .configuration
        case .dataDirectory(.inUse): .inUse
        case .dataDirectory(.disk): .system
        case .keyMark(.otherChain): .foreign
        case .skipList(.damaged): .damaged
        case .skipList(.tooMany): .configuration
        case .skipList(.disk): .system
        case .poisoned: .poisoned
        case .keyMark(.disk(let error)): error.isNotPermitted ? .notPermitted : .system
        case .journal(.wrongChain), .journal(.wrongOwner), .journal(.unknownFormat), .journal(.notAJournal): .foreign
        case .journal(.damaged), .journal(.rejected), .journal(.missing), .journal(.misplaced): .damaged
        case .journal(.disk), .journal(.batchTooLarge), .journal(.storedBatchTooLarge), .journal(.labelTooLong),
            .journal(.removed), .journal(.stopped):
            .system
        case .recovery(.journal(let error)): ReplicaError.journal(error).kind
        case .recovery(.archive(.disk)), .recovery(.snapshots(.disk)): .system
        case .recovery(.archive(.wrongChain)), .recovery(.archive(.unknownFormat)), .recovery(.archive(.notAnArchive)):
            .foreign
        case .recovery(.noBeginning): .incomplete
        case .recovery: .damaged
        case .transport(.addressInUse): .inUse
        case .transport(.cannotListen): .system
        case .transport(.duplicatePeer), .transport(.invalidKey), .transport(.ownPeerMissing),
            .transport(.signerMismatch), .transport(.alreadyStarted):
            .configuration
        case .thread: .system
        }
    }
}

extension ReplicaError: CustomStringConvertible {
    /// One line for the operator.
    public var description: String {
        switch self {
        case .configuration(let text): text
        case .dataDirectory(let error): error.description
        case .journal(let error): error.description
        case .recovery(let error): error.description
        case .keyMark(let error): error.description
        case .skipList(let error): error.description
        case .poisoned(let command, let height):
            "the application crashes on command \(command.key.name) (number \(command.index + 1) of those that it executes at height "
                + "\(height), digest \(command.digest))"
        case .transport(let error): error.description
        case .thread(let code): "the system gives no thread (error \(code)): raise the limit of processes"
        }
    }
}

/// How a replica ended.
public enum ReplicaStop: Hashable, Sendable {
    /// It was asked to.
    case requested
    /// It stopped itself, for going on could do harm; the text says why.
    case halted(String)
    /// It could not go on, for the disk failed; the text says how.
    case failed(String)
    /// It could not go on, for its private key made no signature that can be released; the text says how.
    case signerFailed(String)
}
