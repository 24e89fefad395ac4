internal import HotStuff
internal import HotStuffStorage

#if canImport(Darwin)
internal import Darwin
#elseif canImport(Glibc)
internal import Glibc
#endif

// What replicas wish, and when it comes true.
extension Simulation: Surroundings {
    func diskIsWanted(by replica: SimulatedReplica) {
        guard !replica.isWriting else { return }
        replica.startWriting()
        agenda.add(
            .write(replica.index, incarnation: replica.incarnation),
            at: time + random.number(below: options.diskTime + 1)
        )
    }

    func signatureIsWanted(_ request: SigningRequest, by replica: SimulatedReplica) {
        agenda.add(
            .sign(replica.index, request, incarnation: replica.incarnation),
            at: time + random.number(below: options.signingTime + 1)
        )
    }

    func miningIsWanted(_ puzzle: Puzzle?, by replica: SimulatedReplica) {
        let index = replica.index
        miningWishes[index] += 1
        guard let puzzle else { return }
        let wait = options.miningTime(of: puzzle.difficulty, by: replica.id, random: &mining)
        agenda.add(
            .mined(index, puzzle, wish: miningWishes[index], incarnation: replica.incarnation),
            at: time + wait
        )
    }

    func executionIsWanted(by replica: SimulatedReplica) {
        agenda.add(
            .execute(replica.index, incarnation: replica.incarnation),
            at: time + random.number(below: options.executionTime + 1)
        )
    }

    func wake(_ replica: SimulatedReplica, at moment: Instant?) {
        wishes[replica.index] += 1
        moments[replica.index] = moment
        arm(replica.index)
    }

    func arm(_ index: Int) {
        guard let moment = moments[index] else { return }
        let here = now(index).rawValue
        let wait = moment.rawValue > here ? moment.rawValue - here : 0
        agenda.add(.clock(index, wish: wishes[index]), at: time + wait)
    }

    func answer(_ response: ClientResponse, to client: Int, from replica: SimulatedReplica) {
        var response = response
        if var liar = liars.removeValue(forKey: replica.index) {
            let acts = liar.acts
            liar.bend(&response)
            coverage.count(.byzantineActs, liar.acts - acts)
            liars[replica.index] = liar
        }
        if isFaulty, network.conditions.lossPerMille > 0, random.chance(perMille: network.conditions.lossPerMille) {
            return
        }
        let delay = network.conditions.delay + random.number(below: network.conditions.jitter + 1)
        agenda.add(.respond(response, client: client, from: replica.index), at: time + delay)
    }

    func stopped(_ replica: SimulatedReplica, because reason: StopReason) {
        note { "r\(replica.index) stops: \(reason)" }
        disconnect(replica.index)
        switch reason {
        case .halted(let halt):
            halts[replica.index] = halt
            let isWhole = replica.isHonest && !damaged.contains(replica.index)
            if isWhole || replica.id.isListener, options.circumstance != .contradiction {
                inspector.report(Violation(.halt, "replica \(replica.id) halted: \(halt)"))
            }
        case .mended:
            coverage.count(.mendedStarts)
            agenda.add(.restart(replica.index), at: time + 1 + random.number(below: 50_000))
        case .startsAgain:
            coverage.count(.statesTaken)
            agenda.add(.restart(replica.index), at: time + 1 + random.number(below: 50_000))
        case .diskFailed(let error):
            if replica.isHonest, replica.disk.takeFailures() == 0 {
                inspector.report(
                    Violation(
                        .halt,
                        "replica \(replica.id) stops because of its disk, which did all it was asked: \(error)"
                    )
                )
            }
            coverage.count(error.code == ENOSPC ? .fullDisks : .diskErrors)
            agenda.add(.restart(replica.index), at: time + random.number(below: 2_000_000))
        }
    }

    /// What a listener must not do: sign anything, or commit what is not the chain's.
    private func fault(of effect: Effect, atListener replica: SimulatedReplica) -> Violation? {
        switch effect {
        case .sign, .send, .gaveUp, .mine: return Violation(.promise, "listener \(replica.id) signs")
        case .commit(let block, _, _):
            guard let known = inspector.chain.finalBlock(at: block.height), known.id != block.id else { return nil }
            return Violation(.agreement, "listener \(replica.id) commits another block of height \(block.height)")
        case .append, .startSegment, .say, .serve, .serveRange, .serveSnapshot, .beginSnapshot, .keepChunk,
            .adoptSnapshot, .repair, .refuse, .answer, .wake, .enter, .ignoredProof, .report, .amnesia, .halt:
            return nil
        }
    }

    func notice(_ effect: Effect, at replica: SimulatedReplica) {
        trace.add(effect.mark, at: time, who: replica.index, what: effect.content)
        if replica.id.isListener { inspector.report(fault(of: effect, atListener: replica)) }
        switch effect {
        case .enter(let view, _, let end):
            if replica.isHonest { highestView = max(highestView, view) }
            if end != .certificate { coverage.count(.timeoutCertificates) }
        case .report(.proposals): coverage.count(.conflictingProposals)
        case .report(.votes): coverage.count(.conflictingVotes)
        case .say(.blockRequest, _): coverage.count(.fetches)
        case .say(.certificates, .everyone): coverage.count(.toldCertificates)
        case .send(let released, _):
            if case .briefProposal = released.message { coverage.count(.briefProposals) }
            guard case .timeout(let timeout) = released.message else { break }
            if sentTimeouts[replica.index] == timeout.statement.view { coverage.count(.resentTimeouts) }
            sentTimeouts[replica.index] = timeout.statement.view
        case .gaveUp:
            // Its own time is told before it hears anything.
            if isHearing { coverage.count(.joinedTimeouts) }
            if replica.isHonest, inspector.isSplit(replica.id) { coverage.count(.splitViews) }
        case .ignoredProof: if replica.isHonest { coverage.count(.ignoredProofs) }
        case .commit(let block, _, _): if block.payload.isEmpty { coverage.count(.emptyBlocks) }
        case .answer: coverage.count(.repeatedCommands)
        case .amnesia: coverage.count(.amnesias)
        case .startSegment: coverage.count(.segments)
        case .repair: coverage.count(.repairedBlocks)
        case .append, .sign, .say, .serve, .serveRange, .serveSnapshot, .beginSnapshot, .keepChunk, .adoptSnapshot,
            .refuse, .wake, .mine, .halt:
            break
        }
        note { "r\(replica.index): \(EffectNotation.line(effect))" }
    }
}
