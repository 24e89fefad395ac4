internal import HotStuff

// What a scenario may expect of what replicas remember, know and ask:
//
//     asked A of B [KIND] [within T] | not asked A of B [KIND] [within T]         executed A h4 [exactly]
//     started A h4       voted A 7      gaveup A 7      forgets A | not forgets A       rolled A       checkpointed A       knows A N
//
// `within T`: in the last T milliseconds, by the clock of who asks. `started`: from a snapshot of this height. `voted` and `gaveup`: the
// last view, as the replica itself knows it. `forgets`: it may have forgotten what it signed. `rolled`: the beginning of its journal
// is gone. `checkpointed`: its last record is that of a checkpoint. `knows`: its highest certificate is this block's.
extension Scenario {
    /// Why such an expectation does not hold; nothing if it does.
    func faultOfMemory(_ line: ScenarioLine, isNegated: Bool) throws(ScenarioProblem) -> String? {
        for index in try replicas(try line.word(1)) {
            if let fault = try faultOfMemory(line, at: index, isNegated: isNegated) { return fault }
        }
        return nil
    }

    private func faultOfMemory(
        _ line: ScenarioLine,
        at index: Int,
        isNegated: Bool
    ) throws(ScenarioProblem) -> String? {
        let stage = try requireStage()
        let who = "replica \(index)"
        if line.verb == "asked" { return try faultOfQuestions(line, of: index, isNegated: isNegated) }
        guard let core = stage.core(index) else { return "\(who) is down" }
        let record = core.safetyRecord
        switch line.verb {
        case "executed":
            let height = stage.executed(index)?.height.rawValue ?? 0
            let wanted = try ScenarioLine.number(try line.word(2))
            let holds = line.has("exactly") ? height == wanted : height >= wanted
            return holds ? nil : "\(who) has executed h\(height)"
        case "started":
            let height = stage.snapshotHeight(index)
            let holds = height?.rawValue == (try ScenarioLine.number(try line.word(2)))
            return holds ? nil : "\(who) started from \(height.map { "h\($0)" } ?? "no snapshot")"
        case "voted":
            return record.lastVotedView.rawValue == (try ScenarioLine.number(try line.word(2)))
                ? nil : "\(who) voted last in v\(record.lastVotedView)"
        case "gaveup":
            return record.lastTimedOutView.rawValue == (try ScenarioLine.number(try line.word(2)))
                ? nil : "\(who) gave up v\(record.lastTimedOutView) last"
        case "forgets":
            return (record.forgottenThrough != nil) == !isNegated
                ? nil
                : "\(who) has forgotten \(record.forgottenThrough.map { "what it did through v\($0)" } ?? "nothing")"
        case "rolled":
            return stage.hasRolled(index) ? nil : "\(who) has its whole journal"
        case "checkpointed":
            return stage.journalEnds[index] == .checkpoint ? nil : "\(who) has written more than a checkpoint"
        case "knows":
            let known = core.certificates.quorum
            return known.block == (try block(try line.word(2))).id
                ? nil : "\(who) knows a certificate of v\(known.view)"
        default: throw ScenarioProblem("there is no such expectation")
        }
    }

    private func faultOfQuestions(
        _ line: ScenarioLine,
        of index: Int,
        isNegated: Bool
    ) throws(ScenarioProblem) -> String? {
        let stage = try requireStage()
        let kind = try line.kind(at: 4)
        let time = try line.number(after: "within")
        for peer in try line.list(after: "of") ?? [] {
            let last = stage.questions(of: index, to: peer, kind: kind, within: time).first
            guard (last == nil) != isNegated else { continue }
            let what = last.map { " for \(MailKind($0.message).rawValue)" } ?? ""
            return "replica \(index) \(isNegated ? "asked" : "did not ask") replica \(peer)\(what)"
        }
        return nil
    }
}
