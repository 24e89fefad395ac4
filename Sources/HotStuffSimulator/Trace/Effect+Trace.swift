internal import HotStuff

// What an effect is to the trace.
extension Effect {
    /// Its kind; none of those of `Simulation.Deed`.
    var mark: UInt8 {
        switch self {
        case .append: 33
        case .sign: 34
        case .send: 35
        case .say: 36
        case .serve: 37
        case .commit: 38
        case .refuse: 39
        case .answer: 40
        case .wake: 41
        case .enter: 42
        case .gaveUp: 43
        case .report: 44
        case .halt: 45
        case .amnesia: 46
        case .startSegment: 47
        case .serveRange: 48
        case .serveSnapshot: 49
        case .beginSnapshot: 50
        case .keepChunk: 51
        case .adoptSnapshot: 52
        case .repair: 53
        case .mine: 54
        case .ignoredProof: 55
        }
    }

    /// What sets it apart from others of its kind; what is sent or written shows elsewhere in every byte.
    var content: UInt64 {
        switch self {
        case .append(_, let position): position.rawValue
        case .sign(let request): request.digest.word0 ^ request.number
        case .send(let released, _): released.view.rawValue
        case .say: 0
        case .serve(let request, let pending, let peer):
            request.target.word0 ^ UInt64(truncatingIfNeeded: pending.count << 16) ^ UInt64(peer.rawValue)
        case .serveRange(let request, let peer):
            request.above.rawValue ^ request.through.rawValue << 24 ^ UInt64(peer.rawValue) << 56
        case .repair(let block, _): block.id.word0
        case .serveSnapshot(_, let peer): UInt64(peer.rawValue)
        case .beginSnapshot(let plan): plan.name.root.word0
        case .keepChunk(let chunk): chunk.name.root.word0 ^ UInt64(chunk.index)
        case .adoptSnapshot(let name): name.root.word0
        case .commit(let block, let certificate, _): block.id.word0 ^ certificate.block.word1
        case .refuse(let keys): UInt64(truncatingIfNeeded: keys.count)
        case .answer(let commands): UInt64(truncatingIfNeeded: commands.count)
        case .wake(let moment): moment?.rawValue ?? .max
        case .enter(let view, _, let end): view.rawValue << 1 | (end != .certificate ? 1 : 0)
        case .gaveUp(let view): view.rawValue
        case .startSegment(let height): height.rawValue
        case .amnesia(let view): view?.rawValue ?? .max
        case .mine(let puzzle): puzzle.map { $0.view.rawValue << 8 | UInt64($0.difficulty) } ?? 0
        case .ignoredProof(let prover, let view): view.rawValue << 16 | UInt64(prover.rawValue)
        case .report, .halt: 0
        }
    }
}
