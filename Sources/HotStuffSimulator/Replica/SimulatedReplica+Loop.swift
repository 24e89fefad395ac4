internal import HotStuff
internal import HotStuffStorage

// How a replica carries out what the core wishes.
extension SimulatedReplica {
    func handle(_ event: Event) {
        guard isUp else { return }
        if isMending { return mend(event) }
        let isAwaited = if case .executed = event { core.awaitsExecution } else { true }
        core.handle(event, into: &effects)
        if !isAwaited, effects.contains(where: isHasty) {
            inspector?.report(
                Violation(.patience, "replica \(id) waits for nothing to be executed, and acts on the word that it was")
            )
        }
        if effects.isEmpty, event.isOftenVain {
            inspector?.passed(event, at: id)
            return
        }
        settle(after: event)
    }

    /// Whether something is wished for that might come too late if it were wished for with the next event; a later alarm would not.
    private func isHasty(_ wish: Effect) -> Bool {
        guard case .wake(let moment) = wish else { return true }
        return moment.map { moment in wakeTime.map { moment < $0 } ?? true } ?? false
    }

    /// Lets the inspector see, then carries out what the core wishes.
    func settle(after event: Event?) {
        var wishes: [Effect] = []
        swap(&wishes, &effects)
        standing = core.standing(wall: wall)
        if let inspector {
            for wish in wishes {
                if case .append(let record, let position) = wish { inspector.appended(record, at: position, by: id) }
            }
            inspector.stepped(
                Step(
                    standing: standing,
                    // Nothing is owed for this one, and no votes are in it.
                    event: event.map { $0.isOfListener ? .refused(ReplicaID.listeners.lowerBound) : $0 },
                    effects: wishes,
                    now: now,
                    pace: settings.pacemaker
                )
            )
            steps += 1
            if steps.isMultiple(of: 64) { inspect(inspector) }
        }
        for wish in wishes {
            surroundings.notice(wish, at: self)
            carryOut(wish)
            guard isUp else { return }
        }
        if hasRecords, !isWriting { surroundings.diskIsWanted(by: self) }
        var found: [Event] = []
        swap(&found, &discoveries)
        for event in found { handle(event) }
    }

    /// Checks that nothing grows beyond its bound.
    private func inspect(_ inspector: Inspector) {
        if let excess = core.excess(over: footprintLimit) {
            inspector.report(Violation(.memory, "replica \(id) holds \(excess)"))
        }
    }

    private func carryOut(_ wish: Effect) {
        switch wish {
        case .append(let record, let position):
            writes.append(record, at: position)
        case .startSegment(let height): writes.startSegment(at: height)
        case .sign(let request): surroundings.signatureIsWanted(request, by: self)
        case .send(let released, let recipients):
            verifier.remember(released)
            inspector?.released(released, by: id, durable: writes.durable)
            surroundings.send(released.message, isStatement: true, to: recipients, from: self)
        case .say(let courtesy, let recipients):
            surroundings.send(courtesy.message, isStatement: false, to: recipients, from: self)
        case .serve(let request, let pending, let peer):
            serve(peer) { shelf throws(ArchiveError) in .blockResponse(try shelf.answer(request, pending: pending)) }
        case .serveRange(let request, let peer):
            serve(peer) { shelf throws(ArchiveError) in .blockRange(try shelf.answer(request)) }
        case .repair(let block, let certificate): repair(block, by: certificate)
        case .serveSnapshot(let request, let peer):
            guard let answer = try? snapshots?.answer(request) else { break }
            surroundings.send(.snapshotAnswer(answer), isStatement: false, to: .replica(peer), from: self)
        case .beginSnapshot(let plan): post(.begin(plan))
        case .keepChunk(let chunk): post(.keep(chunk))
        case .adoptSnapshot(let name): post(.adopt(name))
        case .commit(let block, let certificate, let position):
            inspector?.committed(block, by: certificate, position: position, at: id)
            guard keep(block, by: certificate) else { return }
            jobs.append(.execute(block, by: certificate, at: position))
            surroundings.executionIsWanted(by: self)
        case .answer(let commands):
            jobs.append(.answer(commands))
            surroundings.executionIsWanted(by: self)
        case .refuse(let keys):
            for key in keys {
                for client in waiting.removeValue(forKey: key) ?? [] {
                    surroundings.answer(.busy([key]), to: client, from: self)
                }
            }
        case .wake(let moment):
            wakeTime = moment
            surroundings.wake(self, at: moment)
        case .halt(let reason): stop(.halted(reason))
        case .mine(let puzzle): surroundings.miningIsWanted(puzzle, by: self)
        case .enter, .gaveUp, .ignoredProof, .report, .amnesia: break
        }
    }
}

extension Event {
    /// Whether this is about a listener, to whom a validator owes nothing of what it owes the others.
    fileprivate var isOfListener: Bool {
        switch self {
        case .connected(let peer), .disconnected(let peer), .received(_, let peer), .refused(let peer): peer.isListener
        case .clock, .damaged, .submitted, .forgotten, .durable, .signed, .mined, .executed, .segmentIsFull,
            .snapshotBegun, .chunkKept, .snapshotFailed:
            false
        }
    }
}
