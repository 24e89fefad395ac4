public import HotStuff

// From what is left to the state of the highest certified block.
extension Rescue {
    /// A state from which to go up: a snapshot of a directory, or the first state.
    private struct Start {
        let height: Height
        let source: Int?
    }

    /// Restores the chain of the highest certificate whose blocks are here, with the application in its first state.
    ///
    /// The newest snapshot that leads there is taken, of whichever directory, and the blocks above it are executed. Everything is checked on the
    /// way: the blocks by the certificate above them, the state by what headers say was executed, and what directories know to be final
    /// by the blocks.
    ///
    /// Complexity: O(state + blocks above the snapshot), and the blocks of the journals in memory.
    ///
    /// A state that a quorum has confirmed, in the header of some block or by the certificate of its snapshot, is preferred to a newer one that
    /// is one directory's word.
    ///
    /// - Parameters:
    ///   - machine: the application in its first state.
    ///   - more: commands to skip besides those that the directories skip.
    /// - Returns: the chain.
    /// - Throws: why there is none.
    public func restore<Machine: StateMachine>(
        _ machine: Machine,
        skipping more: SkippedCommands = .none
    ) throws(RescueRefusal) -> RescuedChain<Machine> {
        guard Machine.offersSnapshots else { throw .noSnapshots }
        let statements = highestFirst
        guard !statements.isEmpty else { throw .nothingCertified }
        var notices: [String] = []
        // What fails at some height fails for every certificate above it.
        var ceiling = Height(.max)
        for statement in statements where statement.height < ceiling {
            let path = RescuePath(below: statement) { id in
                sources.lazy.compactMap { $0.recorded[id] }.first.map { ($0.parent, $0.height) }
            }
            guard mayHold(path.foot) else { continue }
            var reached = Height.genesis
            var unproved: RescuedChain<Machine>?
            let blocks = recordedBlocks(of: path)
            for start in starts(below: statement.height) {
                do {
                    let first = try state(machine, at: start, skipping: skipped.union(more))
                    let ascent = try ascend(first, along: path, blocks, reached: &reached)
                    let chain = try chain(of: ascent, from: start, along: path, notices: notices)
                    if chain.provedHeight != nil { return chain }
                    unproved = unproved ?? chain
                } catch let refusal as RescueRefusal {
                    throw refusal
                } catch RescueObstacle.otherFinal(let height) {
                    throw .contradiction(path: pathOfFinal(at: height, besides: path), height: height)
                } catch {
                    let place = start.source.map {
                        " from the snapshot of height \(start.height) in \(sources[$0].path)"
                    }
                    notices.append("block \(statement.height) cannot be reached\(place ?? ""): \(error)")
                }
            }
            if let unproved { return unproved }
            if reached < statement.height { ceiling = min(ceiling, reached.next ?? reached) }
        }
        throw .noState(notices)
    }

    /// What quorums say of blocks above the beginning of the chain, by falling views.
    var highestFirst: [VoteStatement] {
        var seen: Set<Digest> = []
        return sources.flatMap(\.statements).filter { $0.height > committee.genesis.height }
            .sorted { $0.view > $1.view }
            .filter { seen.insert($0.block).inserted }
    }

    /// Whether the block below the recorded ones may be in an archive, or that of a state.
    private func mayHold(_ foot: (height: Height, block: Digest)) -> Bool {
        if foot.height == committee.genesis.height { return foot.block == committee.genesis.id }
        return sources.contains { source in
            source.archived?.contains(foot.height) ?? false
                || source.snapshotHeights.contains { $0 >= foot.height }
        }
    }

    /// The states from which to go up to a height, the newest first.
    private func starts(below height: Height) -> [Start] {
        var starts = sources.indices.flatMap { index in
            sources[index].snapshotHeights.filter { $0 <= height }.map { Start(height: $0, source: index) }
        }
        if committee.genesis.height == .genesis { starts.append(Start(height: .genesis, source: nil)) }
        return starts.sorted { ($0.height, $1.source ?? 0) > ($1.height, $0.source ?? 0) }
    }

    /// The recorded blocks of a path, with their commands.
    private func recordedBlocks(of path: RescuePath) -> [Digest: Block] {
        let wanted = Set(path.blocks)
        var blocks: [Digest: Block] = [:]
        for source in sources where !wanted.isEmpty {
            _ = try? JournalSummary(source.journal, on: source.disk) { record, _ in
                switch record {
                case .block(let block): if wanted.contains(block.id) { blocks[block.id] = block }
                case .checkpoint(let checkpoint):
                    let block = checkpoint.committed
                    if wanted.contains(block.id) { blocks[block.id] = block }
                case .quorumCertificate, .timeoutCertificate, .safety, .commit: break
                }
            }
        }
        return blocks
    }

    private func ascend<Machine: StateMachine>(
        _ first: RescueAscent<Machine>,
        along path: RescuePath,
        _ blocks: [Digest: Block],
        reached: inout Height
    ) throws(RescueObstacle) -> RescueAscent<Machine> {
        var ascent = first
        var feed = RescueFeed(sources)
        let known = finals
        try check(known, at: ascent.height, is: ascent.block, along: path)
        while ascent.height < path.tip.height, let height = ascent.height.next {
            let recorded = height > path.foot.height ? path.name(at: height).flatMap { blocks[$0] } : nil
            guard let block = recorded ?? feed.block(at: height, on: ascent.block) else { throw .missing(height) }
            try ascent.take(block)
            try check(known, at: height, is: block.id, along: path)
            reached = max(reached, height)
        }
        guard ascent.block == path.tip.block else { throw .otherChain(path.tip.height) }
        return ascent
    }

    /// A state from which to go up.
    private func state<Machine: StateMachine>(
        _ machine: Machine,
        at start: Start,
        skipping skipped: SkippedCommands
    ) throws(RescueObstacle) -> RescueAscent<Machine> {
        let interval = genesis.parameters.snapshotInterval
        let rules = BlockRules(committee: committee, parameters: genesis.parameters)
        guard let index = start.source else {
            var execution = Execution(machine: machine, snapshotInterval: interval)
            execution.supervision.skipped = skipped
            return RescueAscent(from: execution, behind: committee.genesis.id, isProved: true, rules: rules)
        }
        let source = sources[index]
        do {
            let reader = try source.snapshots.store.open(start.height)
            var content = reader.content()
            var execution = try Execution(
                restoring: machine,
                of: reader.manifest,
                snapshotInterval: interval,
                genesis: committee.genesis.header,
                from: &content
            )
            execution.supervision.skipped = skipped
            return RescueAscent(
                from: execution,
                behind: reader.manifest.block,
                isProved: start.height == committee.genesis.height || source.proved.contains(reader.manifest.point),
                rules: rules
            )
        } catch {
            throw .uselessSnapshot(reason: "\(error)")
        }
    }

    /// The commands that any of the directories skips: all replicas must skip the same.
    private var skipped: SkippedCommands { sources.reduce(.none) { $0.union($1.skipped) } }

    /// The blocks that directories know as final, by height.
    private var finals: [Height: [Digest]] {
        sources.flatMap(\.finals).reduce(into: [:]) { $0[$1.height, default: []].append($1.block) }
    }

    /// Checks that a block is the one that directories know as final, and the one of the way down from the certificate.
    private func check(
        _ finals: [Height: [Digest]],
        at height: Height,
        is block: Digest,
        along path: RescuePath
    ) throws(RescueObstacle) {
        guard path.name(at: height) ?? block == block else { throw .otherChain(height) }
        guard finals[height]?.allSatisfy({ $0 == block }) ?? true else { throw .otherFinal(height) }
    }

    private func pathOfFinal(at height: Height, besides path: RescuePath) -> String {
        let known = path.name(at: height)
        return sources.first { source in
            source.finals.contains { $0.height == height && (known == nil || $0.block != known) }
        }?.path ?? "a directory"
    }

    private func chain<Machine: StateMachine>(
        of ascent: RescueAscent<Machine>,
        from start: Start,
        along path: RescuePath,
        notices: [String]
    ) throws -> RescuedChain<Machine> {
        guard let beginning = ascent.execution.beginningAnotherChain() else { throw RescueRefusal.noSnapshots }
        guard let header = ascent.header ?? header(of: path.tip) else {
            throw RescueObstacle.missing(path.tip.height)
        }
        let heights = sources.compactMap(\.finalHeight)
        let final = heights.filter { $0 <= path.tip.height }.max() ?? start.height
        var losses = losses(beside: path, above: final, ascent.execution)
        losses.finalHeight = heights.max().flatMap { $0 > path.tip.height ? $0 : nil }
        return RescuedChain(
            genesis: genesis,
            statement: path.tip,
            header: header,
            finalHeight: final,
            startHeight: start.height,
            startPath: start.source.map { sources[$0].path },
            provedHeight: ascent.provedHeight,
            losses: losses,
            notices: notices,
            skipped: ascent.execution.supervision.skipped,
            beginning: beginning
        )
    }

    /// The header of the last block, where nothing had to be executed.
    private func header(of tip: VoteStatement) -> BlockHeader? {
        for source in sources {
            let found = try? StoredBlock.find(at: tip.height, in: source.archive, source.journal, on: source.disk)
            if let found, found.block.id == tip.block { return found.block.header }
        }
        return nil
    }
}
