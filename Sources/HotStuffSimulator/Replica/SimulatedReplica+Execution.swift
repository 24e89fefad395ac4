internal import HotStuff

// What the threads beside the loop do for a replica: the application's jobs, one after the other.
extension SimulatedReplica {
    /// The application does its next job.
    package func execute(incarnation: Int) {
        guard isUp, incarnation == self.incarnation, !jobs.isEmpty else { return }
        switch jobs.removeFirst() {
        case .execute(let block, let certificate, let position):
            let state = executor.execute(block, committedAt: position)
            inspector?.executed(block, state, machine: executor.execution.machine, at: id)
            deliver(executor.takeResults())
            takeSnapshot(behind: block.header)
            certify(block.header, by: certificate)
            handle(.executed(state))
        case .begin(let plan): begin(plan)
        case .keep(let chunk): keep(chunk)
        case .adopt(let name): adopt(name)
        case .answer(let commands):
            let (known, forgotten) = executor.answer(commands)
            deliver(known)
            if !forgotten.isEmpty { handle(.forgotten(forgotten)) }
        }
    }

    func post(_ job: Job) {
        jobs.append(job)
        surroundings.executionIsWanted(by: self)
    }

    func deliver(_ results: [CommandResult]) {
        guard !results.isEmpty else { return }
        inspector?.answered(results, by: id, durable: writes.durable)
        for result in results {
            for client in waiting.removeValue(forKey: result.key) ?? [] {
                surroundings.answer(.results([result]), to: client, from: self)
            }
        }
    }
}
