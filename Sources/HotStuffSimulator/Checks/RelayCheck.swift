internal import HotStuff

/// Whether a client's command that nobody proposes is made known to the others in time.
struct RelayCheck {
    private static let slack: UInt64 = 500_000

    private let world: SimulatedWorld
    /// The clients' commands here that are not final.
    private var mine: Set<CommandKey> = []
    private var proposed: Set<CommandKey> = []
    private var relayed: Set<CommandKey> = []
    /// Since when commands have been waiting to be made known.
    private var waiting: [CommandKey: Instant] = [:]
    /// The commands of the first proposal of each of the last views.
    private var seen: [(view: View, keys: [CommandKey])] = []
    private var lastTimedOut = View.genesis

    init(world: SimulatedWorld) { self.world = world }

    /// Judges an event with its effects.
    mutating func judge(_ step: Step) -> Violation? {
        if step.event == nil { self = RelayCheck(world: world) }
        for effect in step.effects { note(effect, step) }
        lastTimedOut = step.standing.record.lastTimedOutView
        switch step.event {
        case .submitted(let commands), .forgotten(let commands): submitted(commands, step)
        case .received(.proposal(let proposal), _): heard(proposal.content.block.header, proposal.content.block.payload)
        case .received(.briefProposal(let brief), _): heard(brief.content.header, brief.content.payload)
        case .clock:
            guard !waiting.isEmpty, !step.isTheLast else { return nil }
            let limit = step.pace.viewTimeoutMilliseconds * 500 + RelayCheck.slack
            let overdue = waiting.filter { $0.value.rawValue + limit < step.now.rawValue }
            if let late = overdue.min(by: {
                ($0.value, $0.key.session, $0.key.sequence) < ($1.value, $1.key.session, $1.key.sequence)
            }) {
                return Violation(
                    .courtesy,
                    "replica \(step.standing.replica) keeps command \(late.key.session)/\(late.key.sequence) to itself"
                )
            }
        case .received, .connected, .disconnected, .refused, .damaged, .durable, .signed, .mined, .executed,
            .segmentIsFull, .snapshotBegun, .chunkKept, .snapshotFailed, nil:
            break
        }
        return nil
    }

    private mutating func note(_ effect: Effect, _ step: Step) {
        switch effect {
        // A block of another's may have waited for its certificate, and meanwhile the view before it failed.
        case .append(.block(let block), _): markProposed(block.payload)
        case .say(.commands(let commands), _):
            for command in commands {
                relayed.insert(command.key)
                waiting[command.key] = nil
            }
        case .commit(let block, _, _):
            for command in block.payload.commands {
                mine.remove(command.key)
                proposed.remove(command.key)
                relayed.remove(command.key)
                waiting[command.key] = nil
            }
        case .gaveUp(let view):
            if view > lastTimedOut { failed(view, step.now) }
        case .enter(let view, _, .timeout), .enter(let view, _, .join): failed(View(view.rawValue - 1), step.now)
        case .append, .sign, .send, .say, .serve, .serveRange, .repair, .serveSnapshot, .beginSnapshot, .keepChunk,
            .adoptSnapshot, .refuse, .answer, .wake, .enter, .mine, .ignoredProof, .report, .amnesia,
            .startSegment,
            .halt:
            break
        }
    }

    private mutating func submitted(_ commands: [Command], _ step: Step) {
        var others: Set<CommandKey> = []
        for effect in step.effects {
            if case .refuse(let keys) = effect { others.formUnion(keys) }
            if case .answer(let commands) = effect { others.formUnion(commands.map(\.key)) }
        }
        for key in commands.map(\.key) where !others.contains(key) {
            mine.insert(key)
            wait(key, step.now)
        }
    }

    private mutating func heard(_ header: BlockHeader, _ payload: Payload) {
        guard world.mayLead(header.proposer, in: header.view) else { return }
        // Where the chain decides who leads, a replica may have taken no note of the block: then nothing follows from its failure.
        if world.leader(of: header.view) != nil, !seen.contains(where: { $0.view == header.view }) {
            seen.append((header.view, payload.commands.map(\.key)))
            if seen.count > 8 { seen.removeFirst() }
        }
        markProposed(payload)
    }

    private mutating func markProposed(_ payload: Payload) {
        for command in payload.commands {
            proposed.insert(command.key)
            waiting[command.key] = nil
        }
    }

    /// What was proposed in a view that failed waits again.
    private mutating func failed(_ view: View, _ now: Instant) {
        for entry in seen where entry.view == view {
            for key in entry.keys {
                proposed.remove(key)
                wait(key, now)
            }
        }
    }

    private mutating func wait(_ key: CommandKey, _ now: Instant) {
        guard mine.contains(key), !proposed.contains(key), !relayed.contains(key), waiting[key] == nil else { return }
        waiting[key] = now
    }
}
