/// The parts of a genesis document, each as a number: by it two replicas whose chains differ find out in what.
///
/// The identity of the chain decides who belongs together; this only helps people. Numbers stand for themselves, and what is longer
/// is shown by the beginning of its hash.
public struct ChainProfile: Hashable, Sendable {
    /// One part.
    public struct Part: Hashable, Sendable {
        /// What it is called where it is configured.
        public let name: String
        /// Its number.
        public let value: UInt64
        /// What stands for a number where people read it; nothing where the number says nothing to them.
        let texts: Texts
    }

    /// How numbers of a part are shown.
    enum Texts: Hashable, Sendable {
        case number
        case hash
        case names([UInt64: String])

        func text(of value: UInt64) -> String? {
            switch self {
            case .number: "\(value)"
            case .hash: nil
            case .names(let names): names[value] ?? "number \(value)"
            }
        }
    }

    /// The most parts of a profile that are told.
    public static let maximumCount = 32

    /// The parts, the same ones in the same order for every chain of this version.
    public let parts: [Part]

    /// The parts of a genesis document.
    public init(_ genesis: Genesis) {
        let parameters = genesis.parameters
        let election = parameters.leaderElection
        parts = [
            .hash("signatureScheme", of: Array(genesis.signatureScheme.utf8)),
            .number("maximumCommandsPerBlock", UInt64(parameters.maximumCommandsPerBlock)),
            .number("maximumCommandBytes", UInt64(parameters.maximumCommandBytes)),
            .number("maximumPayloadBytes", UInt64(parameters.maximumPayloadBytes)),
            .number("maximumClockDriftMilliseconds", parameters.maximumClockDriftMilliseconds),
            .number("maximumExecutionLag", parameters.maximumExecutionLag),
            .number("snapshotInterval", parameters.snapshotInterval),
            .named(
                "leaderElection",
                UInt64(election.number),
                of: LeaderElectionRule.names.enumerated().map { (UInt64($0.offset), $0.element) }
            ),
            .number("leaderTenure", election.tenure ?? 0),
            .number("workDifficulty", election.difficulty.map(UInt64.init) ?? 0),
            .named(
                "commitRule",
                UInt64(parameters.commitRule.rawValue),
                of: CommitRule.allCases.map { (UInt64($0.rawValue), $0.name) }
            ),
            .named(
                "voteRouting",
                UInt64(parameters.voteRouting.rawValue),
                of: VoteRouting.allCases.map { (UInt64($0.rawValue), $0.name) }
            ),
            Part(name: "validators", value: genesis.validators.digest.word0, texts: .hash),
            .hash("name", of: Array(genesis.name.utf8)),
            .hash("origin", of: genesis.origin.map(\.encoded) ?? []),
        ]
    }

    /// The profile of a chain of which nothing but its identity is known.
    public init() { parts = [] }

    /// The first part in which another profile differs.
    ///
    /// - Parameter values: the other's numbers, as they came.
    /// - Returns: the part's place here, and the other's number if it has one; nil if no part differs.
    public func firstDifference(from values: [UInt64]) -> (place: Int, value: UInt64?)? {
        for (place, part) in parts.enumerated() {
            guard place < values.count else { return (place, nil) }
            if part.value != values[place] { return (place, values[place]) }
        }
        return nil
    }

    /// A difference in words.
    ///
    /// - Parameters:
    ///   - place: the place of the part that differs.
    ///   - value: the other side's number; nil if it has none.
    /// - Returns: the part's name, and the two values if they say something; nil if there is no such part.
    public func description(ofDifferenceAt place: Int, value: UInt64?) -> String? {
        guard parts.indices.contains(place) else { return nil }
        let part = parts[place]
        guard let here = part.texts.text(of: part.value) else { return part.name }
        let there = value.flatMap { part.texts.text(of: $0) } ?? "unknown"
        return "\(part.name) (\(here) here, \(there) there)"
    }
}

extension ChainProfile.Part {
    fileprivate static func number(_ name: String, _ value: UInt64) -> ChainProfile.Part {
        ChainProfile.Part(name: name, value: value, texts: .number)
    }

    fileprivate static func named(_ name: String, _ value: UInt64, of names: [(UInt64, String)]) -> ChainProfile.Part {
        ChainProfile.Part(name: name, value: value, texts: .names(Dictionary(uniqueKeysWithValues: names)))
    }

    fileprivate static func hash(_ name: String, of bytes: [UInt8]) -> ChainProfile.Part {
        ChainProfile.Part(name: name, value: Digest.hash(of: bytes).word0, texts: .hash)
    }
}
