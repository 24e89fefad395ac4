internal import HotStuff

// What scenarios know of getting blocks and states from others:
//
//     give LIE [KIND] to A [by 3] [times n]       wait T A       wait until 2 asks 3 [KIND]
//
// A liar gives the last question that was asked of it (of a kind: requests, rangeRequests, snapshotRequests) an answer: `truth` is
// that of an honest replica, the other words are those of `SyncLie`. `wait` lets so many milliseconds pass in small
// steps, or two minutes at most until somebody asks somebody else, and nobody hears anything meanwhile.
extension Scenario {
    func performOnSync(_ line: ScenarioLine) throws(ScenarioProblem) {
        if line.verb == "give" { try give(line) } else { try wait(line) }
    }

    private func give(_ line: ScenarioLine) throws(ScenarioProblem) {
        let stage = try requireStage()
        let liar = try liar(line)
        let kind = try line.kind(at: 2)
        guard let lie = SyncLie(rawValue: try line.word(1)) else { throw ScenarioProblem("there is no such lie") }
        for index in try replicas(line.value(after: "to")) {
            let questions = stage.questions(of: index, to: liar, kind: kind)
            guard let question = questions.first(where: \.isHeard) else {
                throw ScenarioProblem("replica \(index) asked replica \(liar) nothing")
            }
            guard let truth = stage.truth(about: question.message, for: index),
                let answer = lie.bend(truth, with: stage.earlyCertificate, behind: stage.offeredHeader(in: truth))
            else { throw ScenarioProblem("to \(EffectNotation.text(question.message)) this is no answer") }
            for _ in 0..<(try line.number(after: "times") ?? 1) { stage.hand(answer, from: liar, to: index) }
        }
    }

    private func wait(_ line: ScenarioLine) throws(ScenarioProblem) {
        let stage = try requireStage()
        guard line.words.count > 1, line.words[1] == "until" else {
            var left = try ScenarioLine.number(try line.word(1))
            let indices = try replicas(try line.word(2))
            while left > 0 {
                let step = min(left, Self.step)
                left -= step
                stage.pass(step, at: indices)
            }
            return
        }
        let kind = try line.kind(at: 5)
        let asker = Int(clamping: try ScenarioLine.number(try line.word(2)))
        guard stage.honest.contains(asker), let peer = try line.number(after: "asks").map({ Int(clamping: $0) }) else {
            throw ScenarioProblem("until who asks whom?")
        }
        for _ in 0..<Self.longestWait / Self.step {
            stage.pass(Self.step, at: stage.honest)
            if !stage.questions(of: asker, to: peer, kind: kind, within: Self.step).isEmpty { return }
        }
        throw ScenarioProblem("replica \(asker) does not ask")
    }

    /// Time passes in steps of so many milliseconds.
    private static let step: UInt64 = 125
    /// How long a question is waited for, in milliseconds: twice as long as a liar is set aside.
    private static let longestWait: UInt64 = 120_000
}

extension Stage {
    /// Time passes, and all that is said meanwhile is lost.
    fileprivate func pass(_ milliseconds: UInt64, at indices: [Int]) {
        for index in indices { advance(index, milliseconds: milliseconds) }
        dropMail()
    }

    /// A certificate that makes nothing final.
    fileprivate var earlyCertificate: QuorumCertificate {
        let justifies = knowledge.proposals.map(\.block.justify)
        return justifies.first { $0.statement.commits == nil } ?? genesisCertificate
    }

    /// The header of the block behind which the snapshot is that is offered.
    fileprivate func offeredHeader(in answer: Message) -> BlockHeader? {
        guard case .snapshotAnswer(.offer(let offer)) = answer else { return nil }
        return knowledge.block(offer.manifest.block)?.header
    }
}
