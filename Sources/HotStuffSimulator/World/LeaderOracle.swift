internal import HotStuff

/// Who leads a view above a block, computed from the design alone and not asked of the engine.
struct LeaderOracle {
    /// What a chain tells of its leaders up to some block.
    struct Past {
        /// The block's view.
        var view: UInt64
        /// Who led it, and for how many views in a row; nobody where the tale begins with it.
        var tenant: (index: Int, views: UInt64)?
        /// Who failed and has not led since: how often in a row, and when last.
        var failures: [Int: (count: Int, last: UInt64)] = [:]
        /// How difficult the block's puzzle was, zero for none; and how many blocks came without a failed view up to it.
        var work: (difficulty: UInt8, steady: UInt64) = (0, 0)
        /// Who proposed, the latest first, each once.
        var proposers: [Int] = []
    }

    private let powers: [UInt64]
    private let parameters: ChainParameters
    private let genesis: BlockHeader
    private var pasts: [Digest: Past] = [:]

    init(world: SimulatedWorld) {
        powers = world.committee.validators.validators.map(\.power.rawValue)
        parameters = world.parameters
        genesis = world.committee.genesis.header
    }

    private var count: UInt64 { UInt64(powers.count) }

    /// Whether a header's proposer leads its view above its parent; nothing if the chain below is not known.
    mutating func admits(_ header: BlockHeader, knowing headers: (Digest) -> BlockHeader?) -> Bool? {
        past(of: header.parent, knowing: headers).map { past in
            if case .proofOfWork(let difficulty) = parameters.leaderElection {
                return WorkOracle(powers: powers, difficulty: difficulty).admits(header, after: past)
            }
            return header.work == .none && leader(of: header.view, after: past) == header.proposer.index
        }
    }

    /// Who leads a view above a block; nothing if the chain below is not known.
    mutating func leader(of view: View, above block: Digest, knowing headers: (Digest) -> BlockHeader?) -> ReplicaID? {
        past(of: block, knowing: headers).map { ReplicaID(UInt16(leader(of: view, after: $0))) }
    }

    /// What is told up to a block; each block is looked at once.
    private mutating func past(of block: Digest, knowing headers: (Digest) -> BlockHeader?) -> Past? {
        var above: [(id: Digest, header: BlockHeader)] = []
        var next = block
        while pasts[next] == nil {
            guard next != genesis.id else {
                pasts[next] = Past(view: genesis.view.rawValue)
                break
            }
            guard let header = headers(next) else { return nil }
            above.append((next, header))
            next = header.parent
        }
        for (id, header) in above.reversed() { pasts[id] = pasts[header.parent].map { past($0, with: header) } }
        return pasts[block]
    }

    private func past(_ past: Past, with header: BlockHeader) -> Past {
        var next = Past(view: header.view.rawValue)
        next.work.difficulty = header.work.difficulty
        if header.height.rawValue % parameters.snapshotInterval == 0 { return next }
        let proposer = header.proposer.index
        next.tenant = (proposer, 1)
        if let tenant = past.tenant, tenant.index == proposer, next.view == past.view + 1 {
            next.tenant = (proposer, tenant.views + 1)
        }
        if next.view == past.view + 1 { next.work.steady = past.work.steady + 1 }
        next.proposers = [proposer] + past.proposers.filter { $0 != proposer }
        next.failures = failures(before: next.view, after: past)
        next.failures[proposer] = nil
        return next
    }

    /// Who failed, when the views before this one have failed too: of these the first 2n count.
    private func failures(before view: UInt64, after past: Past) -> [Int: (count: Int, last: UInt64)] {
        var failures = past.failures
        guard parameters.leaderElection == .reputation else { return failures }
        var failed = past.view + 1
        while failed < view, failed <= past.view + 2 * count {
            let leader = reputable(in: failed, failures)
            // The votes for the block of the first of several were lost with the second.
            if failed == past.view + 2, parameters.voteRouting == .nextLeader { failures = past.failures }
            failures[leader] = ((failures[leader]?.count ?? 0) + 1, failed)
            failed += 1
        }
        return failures
    }

    /// The leader of a view above a block.
    private func leader(of view: View, after past: Past) -> Int {
        let view = view.rawValue
        switch parameters.leaderElection {
        case .roundRobin(1): return Int(view % count)
        case .roundRobin(let tenure):
            var leader =
                past.tenant.map { $0.views < tenure ? $0.index : ($0.index + 1) % powers.count }
                ?? Int((past.view + 1) / tenure % count)
            for _ in 0..<((view - past.view - 1) % count) { leader = (leader + 1) % powers.count }
            return leader
        case .weighted: return Self.heir(of: view, powers)
        case .reputation: return reputable(in: view, failures(before: view, after: past))
        case .proofOfWork: preconditionFailure("nobody is expected to lead")
        }
    }

    private func reputable(in view: UInt64, _ failures: [Int: (count: Int, last: UInt64)]) -> Int {
        let total = powers.reduce(0, +)
        var spare = total - SimulatedWorld.quorum(of: total)
        let ranked = failures.sorted { ($0.value.count, $0.value.last) > ($1.value.count, $1.value.last) }
        var present = Set(powers.indices)
        for (leader, failure) in ranked where powers[leader] <= spare {
            var window = 2 * count
            for _ in 1..<failure.count where window < 256 * count { window *= 2 }
            guard view <= failure.last + window else { continue }
            spare -= powers[leader]
            present.remove(leader)
        }
        let turn = Int(view % count)
        if present.contains(turn) { return turn }
        return present.sorted()[Int((view / count + UInt64(turn)) % UInt64(present.count))]
    }

    /// Who leads a view where powers decide.
    static func heir(of view: UInt64, _ powers: [UInt64]) -> Int {
        let total = UInt128(powers.reduce(0, +))
        var step = (total * 0x9e37_79b9_7f4a_7c15) >> 64
        while true {
            var (left, right) = (step, total)
            while right != 0 { (left, right) = (right, left % right) }
            if left == 1 { break }
            step += 1
        }
        var place = UInt128(view) * step % total
        for (index, power) in powers.enumerated() {
            if place < UInt128(power) { return index }
            place -= UInt128(power)
        }
        preconditionFailure("a place beyond all powers")
    }
}
