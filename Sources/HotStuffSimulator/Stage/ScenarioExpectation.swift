internal import HotStuff

// What a scenario may expect:
//
//     committed A h3 [exactly]   view A 7     lock A 4     vote A N | no vote A N | no vote A view 9
//     timeout A 9 | no timeout A 9            certified N | uncertified N          final N | not final N
//     refused A invalidSignature | accepted A             report A votes|proposals | no report A
//     puzzle A | no puzzle A     ignored A 2 (proofs, all in all)
//     up A | stopped A           same chain [h5]           bounded      quiet [KIND]      sent KIND under 40
//     no violation | violation lock           what replicas remember and ask: see `ScenarioExpectation+Sync.swift`
extension Scenario {
    /// Why an expectation does not hold; nothing if it does.
    func fault(of line: ScenarioLine) throws(ScenarioProblem) -> String? {
        let isNegated = line.verb == "no" || line.verb == "not"
        let line = isNegated ? line.rest : line
        switch line.verb {
        case "committed", "view", "lock", "vote", "timeout", "refused", "accepted", "report", "up", "stopped",
            "puzzle", "ignored":
            for index in try replicas(try line.word(1)) {
                if let fault = try fault(of: line, at: index, isNegated: isNegated) { return fault }
            }
            return nil
        case "certified", "uncertified":
            let block = try block(try line.word(1))
            let isCertified = try requireStage().certificate(of: block) != nil
            return isCertified == (line.verb == "certified") ? nil : "it is \(isCertified ? "" : "not ")"
        case "final":
            let block = try block(try line.word(1))
            let isFinal = try requireStage().inspector.chain.contains(block.id, at: block.height)
            return isFinal == !isNegated ? nil : "it is \(isFinal ? "final" : "not final")"
        case "asked", "executed", "started", "voted", "gaveup", "forgets", "rolled",
            "checkpointed", "knows":
            return try faultOfMemory(line, isNegated: isNegated)
        case "same": return try faultOfChains(line)
        case "bounded":
            let stage = try requireStage()
            return stage.honest.flatMap { stage.excess($0) }.first
        case "quiet":
            let kind = line.words.count > 1 ? MailKind(rawValue: line.words[1]) : nil
            let waiting = try requireStage().mail.first { kind == nil || MailKind($0.message) == kind }
            return waiting.map { "there waits \(EffectNotation.text($0.message))" }
        case "sent":
            guard let kind = MailKind(rawValue: try line.word(1)), let most = try line.number(after: "under") else {
                throw ScenarioProblem("what is sent, and under how many?")
            }
            let count = try requireStage().sentCounts[kind] ?? 0
            return count < most ? nil : "there were \(count)"
        case "violation":
            let kinds = try requireStage().violations.map(\.kind.rawValue)
            if isNegated { return kinds.isEmpty ? nil : "there is \(kinds[0])" }
            return kinds.contains(try line.word(1)) ? nil : "there are \(kinds)"
        default: throw ScenarioProblem("there is no such expectation")
        }
    }

    private func fault(
        of line: ScenarioLine,
        at index: Int,
        isNegated: Bool
    ) throws(ScenarioProblem) -> String? {
        let stage = try requireStage()
        let who = "replica \(index)"
        switch line.verb {
        case "up": return stage.isUp(index) ? nil : "\(who) is down"
        case "stopped": return (stage.stops[index] != nil) == !isNegated ? nil : "\(who): \(stage.stops[index] as Any)"
        case "puzzle":
            return (stage.puzzles[index] != nil) == !isNegated ? nil : "\(who): \(isNegated ? "a" : "no") puzzle"
        case "ignored":
            let count = stage.ignoredProofCounts[index]
            return count == (try ScenarioLine.number(try line.word(2))) ? nil : "\(who) ignored \(count) proofs"
        case "refused":
            let reason = stage.refusals[index]?.word ?? "nothing"
            return reason == (try line.word(2)) ? nil : "\(who) refused last: \(reason)"
        case "accepted": return stage.refusals[index].map { "\(who): \($0)" }
        case "report":
            let kind = line.words.count > 2 ? line.words[2] : ""
            let isThere = stage.reports.contains { $0.replica == index && "\($0.evidence)".hasPrefix(kind) }
            return isThere == !isNegated
                ? nil : "\(who) reported \(stage.reports.count(where: { $0.replica == index }))"
        default: break
        }
        guard let core = stage.core(index) else { return "\(who) is down" }
        switch line.verb {
        case "committed":
            let height = core.committed.height.rawValue
            let wanted = try ScenarioLine.number(try line.word(2))
            let holds = line.has("exactly") ? height == wanted : height >= wanted
            return holds ? nil : "\(who) has committed h\(height)"
        case "view":
            return core.view.rawValue == (try ScenarioLine.number(try line.word(2)))
                ? nil : "\(who) is in v\(core.view)"
        case "lock":
            let lock = core.safetyRecord.lockedView
            return lock.rawValue == (try ScenarioLine.number(try line.word(2))) ? nil : "\(who) is locked on \(lock)"
        case "timeout":
            let view = View(try ScenarioLine.number(try line.word(2)))
            let hasSpoken = stage.knowledge.timeouts(of: view).contains { $0.sender.index == index }
            return hasSpoken == !isNegated ? nil : "\(who) gave up v\(core.safetyRecord.lastTimedOutView) last"
        default:
            let replica = ReplicaID(UInt16(index))
            if let view = try line.number(after: "view") {
                let blocks = stage.knowledge.blocks(in: View(view))
                let hasVoted = blocks.contains { stage.knowledge.hasVoted(replica, for: $0.id) }
                return hasVoted == !isNegated ? nil : "\(who) voted last in v\(core.safetyRecord.lastVotedView)"
            }
            let hasVoted = stage.knowledge.hasVoted(replica, for: try block(try line.word(2)).id)
            return hasVoted == !isNegated ? nil : "\(who) voted last in v\(core.safetyRecord.lastVotedView)"
        }
    }

    /// Everybody's last block lies on one chain, which the inspector has seen block by block.
    private func faultOfChains(_ line: ScenarioLine) throws(ScenarioProblem) -> String? {
        let stage = try requireStage()
        let least = line.words.count > 2 ? try ScenarioLine.number(line.words[2]) : 0
        for index in stage.honest {
            guard let core = stage.core(index) else { continue }
            let block = core.committed
            guard stage.inspector.chain.contains(block.id, at: block.height) else {
                return "replica \(index) stands on another chain at h\(block.height)"
            }
            guard block.height.rawValue >= least else { return "replica \(index) has committed h\(block.height)" }
        }
        return nil
    }
}

extension VerificationFailure {
    /// The name of the reason, as scenarios write it.
    fileprivate var word: String {
        switch self {
        case .wrongChain: "wrongChain"
        case .wrongEpoch: "wrongEpoch"
        case .wrongVersion: "wrongVersion"
        case .unknownReplica: "unknownReplica"
        case .notTheSender: "notTheSender"
        case .invalidSignature: "invalidSignature"
        case .noQuorum: "noQuorum"
        case .inconsistentViews: "inconsistentViews"
        case .brokenLink: "brokenLink"
        case .unjustified: "unjustified"
        case .wrongPayload: "wrongPayload"
        case .tooLarge: "tooLarge"
        }
    }
}
