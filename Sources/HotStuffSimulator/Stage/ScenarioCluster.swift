internal import HotStuff
internal import HotStuffStorage

// What may be said of a cluster, behind its size and its liars:
//
//     rule two-chain       routing next       snapshots K       prunes       distance D       far F       segments B       unsynced
//
// A snapshot is due at every K-th height; who `prunes` keeps only the blocks above it. From D missing blocks on ranges of them are
// asked for, from F on a snapshot. A segment of the journal is full at B bytes. What is `unsynced` a loss of power takes away.
extension ScenarioLine {
    /// The numbers of the chain.
    var parameters: ChainParameters {
        get throws(ScenarioProblem) {
            var parameters = ChainParameters(commitRule: try commitRule ?? .threeChain)
            if let interval = try number(after: "snapshots") { parameters.snapshotInterval = interval }
            switch value(after: "routing") {
            case nil: break
            case "next": parameters.voteRouting = .nextLeader
            case .some(let text): throw ScenarioProblem("\(text): no such routing")
            }
            if let fault = parameters.fault { throw ScenarioProblem(fault) }
            return parameters
        }
    }

    /// The numbers of each replica.
    var settings: ConsensusSettings {
        get throws(ScenarioProblem) {
            var settings = Stage.defaultSettings
            if let distance = try number(after: "distance") { settings.syncDistance = Int(clamping: distance) }
            if let distance = try number(after: "far") { settings.snapshotDistance = Int(clamping: distance) }
            return settings
        }
    }

    /// The kind of questions that stands at a place, if the line goes on there and not with another clause.
    func kind(at place: Int) throws(ScenarioProblem) -> MailKind? {
        guard place < words.count, !["to", "within"].contains(words[place]) else { return nil }
        guard let kind = MailKind(rawValue: words[place]) else { throw ScenarioProblem("\(words[place]) is no kind") }
        return kind
    }

    /// What a loss of power leaves.
    var durability: Durability { has("unsynced") ? .processCrash : .powerLoss }

    /// Which blocks are kept.
    var archive: ArchiveConfiguration {
        guard has("prunes") else { return SimulatedReplica.wholeArchive }
        return ArchiveConfiguration(fileByteCount: 1, retention: .sinceSnapshot)
    }

    /// The length at which a segment of the journal is full.
    var segmentBytes: Int {
        get throws(ScenarioProblem) {
            try number(after: "segments").map { max(1, Int(clamping: $0)) } ?? SimulatedReplica.segmentBytes
        }
    }
}
