package import HotStuff
internal import HotStuffStorage

/// A question for blocks or for a snapshot that a replica asked another one.
package struct Question {
    /// Who asked.
    package let asker: Int
    /// Whom.
    package let asked: Int
    /// When, by the clock of who asked, in microseconds.
    package let moment: UInt64
    /// What was asked.
    package let message: Message
    /// Whether it arrived.
    package let isHeard: Bool
}

// What replicas asked of one another, and what is true.
extension Stage {
    /// Looks up what a replica asked another one.
    ///
    /// - Parameters:
    ///   - asker: who asked.
    ///   - asked: whom.
    ///   - kind: of which kind; any, if nothing is said.
    ///   - milliseconds: within which time, by the clock of who asked; ever, if nothing is said.
    /// - Returns: the questions, the last one first.
    package func questions(
        of asker: Int,
        to asked: Int,
        kind: MailKind? = nil,
        within milliseconds: UInt64? = nil
    ) -> [Question] {
        let now = now(asker).rawValue
        return questions.reversed().filter { question in
            question.asker == asker && question.asked == asked
                && (kind == nil || kind == MailKind(question.message))
                && (milliseconds.map { now - question.moment < $0 * 1_000 } ?? true)
        }
    }

    /// The height of the snapshot from which a replica started last, if there was one.
    package func snapshotHeight(_ index: Int) -> Height? { up(index)?.snapshotHeight }

    /// Whether the beginning of a replica's journal is gone.
    package func hasRolled(_ index: Int) -> Bool { up(index)?.journal?.segments.first.map { $0.number > 1 } ?? false }

    /// Finds out what a liar would say if it told the truth.
    ///
    /// - Parameters:
    ///   - question: what was asked.
    ///   - asker: who asked, and so is not asked.
    /// - Returns: the answer of an honest replica that has one; that of somebody who has nothing, if nobody has; nil if this is no question.
    func truth(about question: Message, for asker: Int) -> Message? {
        switch question {
        case .blockRequest(let request):
            let blocks = knowledge.chain(to: request.target, above: request.above)
            let first = Array(blocks.prefix(BlockRequest.maximumBlockCount))
            return .blockResponse(BlockResponse(target: request.target, blocks: first))
        case .rangeRequest(let request):
            for index in honest where index != asker {
                if let range = up(index)?.range(for: request), !range.blocks.isEmpty { return .blockRange(range) }
            }
            return .blockRange(BlockRange(nothingAbove: request.above))
        case .snapshotRequest(let request):
            for index in honest where index != asker {
                guard let answer = up(index)?.snapshotAnswer(to: request) else { continue }
                guard case .nothing = answer else { return .snapshotAnswer(answer) }
            }
            return .snapshotAnswer(.nothing(request))
        case .proposal, .briefProposal, .vote, .timeout, .certificates, .commands, .blockResponse, .blockRange,
            .snapshotAnswer, .echo, .plea:
            return nil
        }
    }
}

extension SimulatedReplica {
    /// What its archive has of a range.
    fileprivate func range(for request: RangeRequest) -> BlockRange? {
        guard let shelf = keeper?.shelf else { return nil }
        return try? shelf.answer(request)
    }

    /// What it would say of its snapshots.
    fileprivate func snapshotAnswer(to request: SnapshotRequest) -> SnapshotAnswer? { try? snapshots?.answer(request) }
}
