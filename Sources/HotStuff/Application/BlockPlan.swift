/// The commands of one block, told apart: those that the application must execute, and what becomes of the others.
struct BlockPlan: Sendable {
    /// What becomes of a command in the end: a result that is known at once, or that of a fresh command at some place.
    private enum Place: Sendable {
        case known(CommandResult)
        case fresh(Int)
    }

    /// The commands that the application must execute, in order.
    private(set) var fresh: [Command]
    /// Their digests.
    private(set) var freshDigests: [Digest]

    private let height: Height
    /// What becomes of each command; nothing as long as all are fresh, as they mostly are.
    private var places: [Place]?
    /// For each key of `fresh` its place in it, from when it was asked first: hardly any block has a key twice.
    private var freshPlaces: [CommandKey: Int]?

    /// Opens sessions, uses numbers, and tells fresh commands from the others.
    ///
    /// A command without a session opens one. A repeated command has the result of the first one with its key, also within the block.
    ///
    /// - Parameters:
    ///   - block: the block that is executed next.
    ///   - sessions: the sessions as the block before has left them.
    init(_ block: Block, in sessions: inout SessionTable) {
        let commands = block.payload.commands
        let digests = Domain.command.digests(of: commands)
        height = block.height
        // Taken as a whole, until one is found that is not fresh.
        fresh = commands
        freshDigests = digests
        for position in commands.indices {
            let key = commands[position].key
            if key.session == .none {
                let session = SessionID(openedAt: position, in: block.header)
                sessions.open(session)
                add(.opened(session), to: key, digests[position], at: position)
                continue
            }
            switch sessions.admit(key) {
            case .fresh: if places != nil { append(fresh: commands[position], digests[position]) }
            case .executed(let earlier): add(earlier, at: position)
            case .refused(let outcome): add(outcome, to: key, digests[position], at: position)
            }
        }
    }

    /// One result for each fresh command, in order.
    ///
    /// - Parameter replies: what the application replied to each; nil where it was skipped.
    /// - Returns: the results.
    func results(_ replies: [Reply?]) -> [CommandResult] {
        var executed: [CommandResult] = []
        executed.reserveCapacity(fresh.count)
        for index in fresh.indices {
            let body = replies[index]?.body ?? []
            precondition(
                body.count <= Reply.maximumByteCount,
                "the application gave a reply of \(body.count) bytes at height \(height), allowed are \(Reply.maximumByteCount)"
            )
            executed.append(
                CommandResult(
                    key: fresh[index].key,
                    command: freshDigests[index],
                    height: height,
                    outcome: .executed(body)
                )
            )
        }
        return executed
    }

    /// The results of all commands, given those of the fresh ones.
    func allResults(_ executed: [CommandResult]) -> [CommandResult] {
        guard let places else { return executed }
        return places.map { place in
            switch place {
            case .known(let result): result
            case .fresh(let index): executed[index]
            }
        }
    }

    private mutating func append(fresh command: Command, _ digest: Digest) {
        freshPlaces?[command.key] = fresh.count
        places?.append(.fresh(fresh.count))
        fresh.append(command)
        freshDigests.append(digest)
    }

    private mutating func add(_ outcome: CommandOutcome, to key: CommandKey, _ digest: Digest, at position: Int) {
        add(CommandResult(key: key, command: digest, height: height, outcome: outcome), at: position)
    }

    /// Adds a command with a result that is known, unless an earlier one of the block has its key: then it has that one's.
    private mutating func add(_ result: CommandResult, at position: Int) {
        if places == nil {
            places = (0..<position).map(Place.fresh)
            fresh.removeSubrange(position...)
            freshDigests.removeSubrange(position...)
        }
        let place = result.key.session == .none ? nil : freshPlace(of: result.key)
        places?.append(place.map(Place.fresh) ?? .known(result))
    }

    /// The place in `fresh` of an earlier command of the block with this key.
    private mutating func freshPlace(of key: CommandKey) -> Int? {
        if freshPlaces == nil {
            freshPlaces = Dictionary(fresh.indices.map { (fresh[$0].key, $0) }) { first, _ in first }
        }
        return freshPlaces?[key]
    }
}
