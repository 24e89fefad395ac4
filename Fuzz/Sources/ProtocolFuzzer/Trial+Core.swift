internal import FuzzKit
internal import HotStuff

extension Trial {
    /// Plays a replica's surroundings with an input: any statements of anybody, in any order, acknowledgements late or never,
    /// crashes and restarts.
    ///
    /// Everybody lies at will, so replicas may well disagree; but a replica never traps, never says two things in one view, and
    /// never takes back what it committed. Where a proof of work elects leaders it votes for no block without one.
    static func core(of world: World, _ input: inout ByteReader) {
        var stage = Stage(of: world)
        while !input.isEmpty, !stage.hasHalted { stage.act(&input) }
    }
}

/// A replica, and all that an input made up for it.
struct Stage {
    let world: World
    private var core: Consensus
    private var verifier: MessageVerifier
    private(set) var hasHalted = false

    private(set) var blocks: [Block]
    /// What the chain tells of its leaders up to each block.
    private var histories: [Digest: LeaderHistory]
    /// What the replica looks for, and what it looked for before.
    var puzzle: Puzzle?
    var oldPuzzles: [Puzzle] = []
    private var certificates: [QuorumCertificate]
    private var timeouts: [TimeoutCertificate] = []

    private var journal: [JournalRecord] = []
    private var durableCount = 0
    private var requests: [SigningRequest] = []
    private var committed: [Block]
    private var executed: [ExecutedState] = [.genesis]
    private var promises = Promises()
    private var time: UInt64 = 0

    init(of world: World) {
        self.world = world
        core = world.core()
        verifier = world.verifier()
        blocks = [world.committee.genesis]
        histories = [
            world.committee.genesis.id: LeaderHistory(beginningWith: world.committee.genesis.header)
        ]
        committed = [world.committee.genesis]
        certificates = [world.committee.genesisCertificate]
        run { core, effects in core.start(now: Instant(0), wall: Timestamp(0), into: &effects) }
    }

    mutating func act(_ input: inout ByteReader) {
        let choice = input.byte()
        if world.schedule.wantsWork, choice >= 224 { return solve(&input) }
        switch choice % 14 {
        case 0, 1: propose(&input)
        case 2: vote(&input)
        case 3: giveUp(&input)
        case 4: certify(&input)
        case 5: certifyTimeout(&input)
        case 6: tell(.certificates(CertificatePair(quorum: certificate(&input), timeout: timeout(&input))), &input)
        case 7: respond(&input)
        case 8: advance(&input)
        case 9: acknowledge(&input)
        case 10: sign(&input)
        case 11: execute()
        case 12: submit(&input)
        default: if input.byte() & 7 == 0 { restart() } else { connect(&input) }
        }
    }

    // MARK: What others say

    private func block(_ input: inout ByteReader) -> Block { blocks[blocks.count - 1 - choose(blocks.count, &input)] }

    private func certificate(_ input: inout ByteReader) -> QuorumCertificate {
        certificates[certificates.count - 1 - choose(certificates.count, &input)]
    }

    private func timeout(_ input: inout ByteReader) -> TimeoutCertificate? {
        guard !timeouts.isEmpty, input.byte() & 1 == 1 else { return nil }
        return timeouts[timeouts.count - 1 - choose(timeouts.count, &input)]
    }

    /// Mostly the newest, sometimes any.
    private func choose(_ count: Int, _ input: inout ByteReader) -> Int {
        let choice = input.byte()
        return choice < 128 ? 0 : Int(choice) % count
    }

    private func peer(_ input: inout ByteReader) -> ReplicaID { ReplicaID(UInt16(1 + input.byte() % 3)) }

    private mutating func tell(_ message: Message, _ input: inout ByteReader, from sender: ReplicaID? = nil) {
        let sender = sender ?? peer(&input)
        // As over a network: what does not decode from its own bytes is nothing that anybody can say.
        guard let heard = try? Frame.decode(Message.self, from: Frame.encode(message)),
            let verified = try? verifier.verify(heard, from: sender)
        else { return }
        run { core, effects in core.handle(.received(verified, from: sender), into: &effects) }
    }

    private mutating func propose(_ input: inout ByteReader) {
        let justify = certificate(&input)
        let last = timeout(&input)
        let base = max(justify.view, last?.view ?? justify.view)
        guard let view = base.next, let parent = blocks.first(where: { $0.id == justify.statement.block }),
            let height = parent.height.next
        else { return }
        let payload = Payload((0..<UInt64(input.byte() % 3)).map { .openSession(nonce: $0 + UInt64(input.byte())) })
        let isHonest = input.byte() & 3 != 0
        let proposer =
            world.schedule.wantsWork
            ? peer(&input) : ReplicaID(UInt16(view.rawValue % UInt64(world.committee.validators.count)))
        let draft = BlockHeader(
            chain: world.committee.chain,
            epoch: world.committee.epoch,
            view: view,
            height: height,
            parent: parent.id,
            justifyView: justify.view,
            proposer: proposer,
            payloadDigest: payload.digest,
            executed: isHonest ? parent.header.executed : executed[Int(input.byte()) % executed.count],
            time: Timestamp(parent.header.time.rawValue + UInt64(input.byte()))
        )
        let header = world.schedule.wantsWork ? worked(draft, &input) : draft
        histories[header.id] = histories[header.parent].map { world.schedule.history($0, with: header) }
        let block = Block(header: header, payload: payload, justify: justify)
        blocks.append(block)
        let statement = ProposalStatement(proposing: header, id: block.id)
        let choice = input.byte()
        guard header.proposer != ReplicaID(0), statement.view == view, choice & 7 != 0 else { return }
        let proposal = Proposal(
            block: block,
            timeoutCertificate: last,
            signature: world.signature(of: header.proposer)
        )
        let brief = choice & 8 == 0 ? nil : proposal.brief
        tell(brief.map { .briefProposal($0) } ?? .proposal(proposal), &input, from: header.proposer)
    }

    private func statement(_ block: Block, _ input: inout ByteReader) -> VoteStatement {
        let choice = input.byte()
        return VoteStatement(
            chain: world.committee.chain,
            epoch: world.committee.epoch,
            view: block.view,
            block: block.id,
            height: block.height,
            parentView: block.header.justifyView,
            commits: choice & 3 == 0
                ? nil : choice & 3 == 1 ? blocks[Int(choice) % blocks.count].id : trueCommits(block)
        )
    }

    /// What an honest voter says: the grandparent, when three views follow each other.
    private func trueCommits(_ block: Block) -> Digest? {
        guard let parent = blocks.first(where: { $0.id == block.header.parent }),
            block.view.follows(parent.view), parent.view.follows(parent.header.justifyView)
        else { return nil }
        return parent.header.parent
    }

    private mutating func vote(_ input: inout ByteReader) {
        let statement = statement(block(&input), &input)
        let voter = peer(&input)
        tell(
            .vote(Vote(statement: statement, voter: voter, signature: world.signature(of: voter))),
            &input,
            from: voter
        )
    }

    private mutating func certify(_ input: inout ByteReader) {
        let block = block(&input)
        guard block.id != world.committee.genesis.id else { return }
        let statement = statement(block, &input)
        certificates.append(
            QuorumCertificate(statement: statement, signatures: world.quorum(without: Int(input.byte())))
        )
    }

    private mutating func giveUp(_ input: inout ByteReader) {
        let pair = CertificatePair(quorum: certificate(&input), timeout: timeout(&input))
        guard let view = View(pair.view.rawValue &+ 1 &+ UInt64(input.byte() / 64)).asPossible else { return }
        let sender = peer(&input)
        let statement = TimeoutStatement(
            chain: world.committee.chain,
            epoch: world.committee.epoch,
            view: view,
            highestCertifiedView: pair.quorum.view
        )
        let message = Timeout(
            statement: statement,
            sender: sender,
            signature: world.signature(of: sender),
            certificates: pair
        )
        tell(.timeout(message), &input, from: sender)
    }

    private mutating func certifyTimeout(_ input: inout ByteReader) {
        let highest = certificate(&input)
        let signatures = world.quorum(without: Int(input.byte()))
        guard let view = View(highest.view.rawValue &+ 1 &+ UInt64(input.byte() / 16)).asPossible else { return }
        timeouts.append(
            TimeoutCertificate(
                chain: world.committee.chain,
                epoch: world.committee.epoch,
                view: view,
                signatures: signatures,
                certifiedViews: signatures.signers.map { _ in highest.view },
                highest: highest
            )
        )
    }

    private mutating func respond(_ input: inout ByteReader) {
        let last = block(&input)
        var run = [last]
        for _ in 0..<input.byte() % 4 {
            guard let parent = blocks.first(where: { $0.id == run[0].header.parent }),
                parent.id != world.committee.genesis.id
            else { break }
            run.insert(parent, at: 0)
        }
        guard input.byte() & 1 == 0 else {
            let above = Height(max(run[0].height.rawValue, 1) - 1)
            tell(.blockRange(BlockRange(above: above, blocks: run, certificate: certificate(&input))), &input)
            return
        }
        tell(.blockResponse(BlockResponse(target: last.id, blocks: run)), &input)
    }

    // MARK: What the shell does

    private mutating func advance(_ input: inout ByteReader) {
        time += UInt64(input.byte()) * 20_000
        let (now, wall) = (Instant(time), Timestamp(time / 1_000))
        run { core, effects in core.handle(.clock(now: now, wall: wall), into: &effects) }
    }

    private mutating func acknowledge(_ input: inout ByteReader) {
        let choice = input.byte()
        if choice & 0xF0 == 0xF0 { run { core, effects in core.handle(.segmentIsFull(room: 1 << 16), into: &effects) } }
        if choice & 0xF0 == 0xE0 {
            run { core, effects in core.handle(.damaged(Height(UInt64(choice & 0x0F))), into: &effects) }
        }
        durableCount = choice & 1 == 0 ? journal.count : min(journal.count, durableCount + 1)
        let position = JournalPosition(UInt64(durableCount))
        run { core, effects in core.handle(.durable(position), into: &effects) }
    }

    private mutating func sign(_ input: inout ByteReader) {
        guard !requests.isEmpty else { return }
        let request = requests.remove(at: Int(input.byte()) % requests.count)
        let signature = world.signature(of: ReplicaID(0))
        run { core, effects in core.handle(.signed(request.number, signature), into: &effects) }
    }

    private mutating func execute() {
        guard executed.count < committed.count else { return }
        let block = committed[executed.count]
        let state = ExecutedState(
            height: block.height,
            digest: Digest.hash(of: [UInt8(truncatingIfNeeded: executed.count)])
        )
        executed.append(state)
        run { core, effects in core.handle(.executed(state), into: &effects) }
    }

    private mutating func submit(_ input: inout ByteReader) {
        let commands = [Command.openSession(nonce: UInt64(input.byte()))]
        run { core, effects in core.handle(.submitted(commands), into: &effects) }
    }

    private mutating func connect(_ input: inout ByteReader) {
        let peer = peer(&input)
        let isConnected = input.byte() & 1 == 0
        run { core, effects in core.handle(isConnected ? .connected(peer) : .disconnected(peer), into: &effects) }
    }

    /// The replica dies, loses what was not durable, and reads the rest again.
    private mutating func restart() {
        journal.removeLast(journal.count - durableCount)
        requests = []
        verifier = world.verifier()
        var recovery = Recovery(committee: world.committee)
        var chain = [world.committee.genesis]
        do {
            for record in journal {
                if let block = try recovery.apply(record) { chain.append(block) }
            }
            require(committed.starts(with: chain), "a restart commits another chain")
            committed = chain
            executed = Array(executed.prefix(chain.count))
            while executed.count < chain.count {
                let digest = Digest.hash(of: [UInt8(truncatingIfNeeded: executed.count)])
                executed.append(ExecutedState(height: chain[executed.count].height, digest: digest))
            }
            let state = try recovery.state(
                verifier: &verifier,
                executed: executed,
                leaderHistory: chain.last.flatMap { histories[$0.id] },
                position: JournalPosition(UInt64(journal.count))
            )
            promises.restart(with: recovery.record)
            puzzle = nil
            core = world.core(recovered: state)
        } catch {
            fail("a journal of our own is refused: \(error)")
        }
        let (now, wall) = (Instant(time), Timestamp(time / 1_000))
        run { core, effects in core.start(now: now, wall: wall, into: &effects) }
    }

    /// What the chain tells of its leaders up to a block.
    func history(upTo block: Digest) -> LeaderHistory? { histories[block] }

    mutating func run(_ body: (inout Consensus, inout [Effect]) -> Void) {
        var effects: [Effect] = []
        body(&core, &effects)
        for effect in effects {
            switch effect {
            case .append(let record, let position):
                journal.append(record)
                require(position.rawValue == UInt64(journal.count), "a hole in the journal")
                if case .safety(let record) = record { promises.check(record) }
                // Others build on its blocks as on any.
                if case .block(let block) = record, block.header.proposer == ReplicaID(0), histories[block.id] == nil {
                    histories[block.id] = histories[block.header.parent].map {
                        world.schedule.history($0, with: block.header)
                    }
                    blocks.append(block)
                }
            case .sign(let request): requests.append(request)
            case .send(let released, _):
                promises.check(released, durable: journal[..<durableCount])
                if world.schedule.wantsWork { checkWork(of: released) }
            case .mine(let wanted):
                if let puzzle { oldPuzzles = oldPuzzles.suffix(7) + [puzzle] }
                puzzle = wanted
                if let wanted { check(wanted) }
            case .commit(let block, _, _):
                require(block.header.parent == committed.last?.id, "a commit that does not extend the last one")
                committed.append(block)
            case .halt: hasHalted = true
            case .startSegment, .say, .serve, .serveRange, .serveSnapshot, .beginSnapshot, .keepChunk, .adoptSnapshot,
                .repair, .refuse, .answer, .wake, .enter, .gaveUp, .ignoredProof, .report, .amnesia:
                break
            }
        }
    }
}

extension View {
    /// The view, unless there is none after it.
    fileprivate var asPossible: View? { next == nil ? nil : self }
}
