/// The built-in application: a replicated map from keys to values, both byte strings.
///
/// Commands and replies are `KeyValueCommand` and `KeyValueReply` in Borsh. A body that is no command, or breaks
/// a limit, is answered with `.malformed` and changes nothing.
public struct KeyValueStore: StateMachine {
    var map = SortedMap()

    /// Creates an empty store.
    public init() {}

    /// The number of keys that have a value.
    public var count: Int { map.count }

    /// The value of a key as this replica has it now; O(log n).
    public subscript(key: [UInt8]) -> [UInt8]? { map[key] }

    /// Executes commands in their order.
    public mutating func execute(_ commands: [Command], at block: BlockContext) -> [Reply] {
        var replies: [Reply] = []
        replies.reserveCapacity(commands.count)
        for command in commands { replies.append(Reply(reply(to: command).sharedEncoding)) }
        return replies
    }

    /// The digest of all entries in the order of their keys, each length before its bytes; O(size of the store).
    public var stateDigest: Digest {
        var stream = DigestStream(.applicationState)
        for entry in map.entries() { stream.append(KeyValueEntry(key: entry.key, value: entry.value)) }
        return stream.finalize()
    }

    /// Carries out one command.
    public mutating func apply(_ command: KeyValueCommand) -> KeyValueReply {
        guard command.fault == nil else { return .malformed }
        switch command {
        case .put(let key, let value):
            map[key] = value
            return .stored
        case .get(let key): return map[key].map { .value($0) } ?? .absent
        case .delete(let key):
            guard map[key] != nil else { return .absent }
            map[key] = nil
            return .deleted
        case .compareAndSwap(let key, let expected, let new):
            let current = map[key]
            guard current == expected else { return .notSwapped(current: current) }
            map[key] = new
            return .swapped
        case .list(let prefix, let after, let limit):
            return list(prefix: prefix, after: after, limit: Int(limit))
        }
    }

    private mutating func reply(to command: Command) -> KeyValueReply {
        var decoder = command.bodyDecoder
        guard let command = try? KeyValueCommand(from: &decoder), decoder.remaining == 0 else { return .malformed }
        return apply(command)
    }

    private func list(prefix: [UInt8], after: [UInt8]?, limit: Int) -> KeyValueReply {
        // The first key behind another is that one with a zero byte at its end.
        let behind = after.map { $0 + [0] } ?? []
        let start = prefix.lexicographicallyPrecedes(behind) ? behind : prefix
        // A tag, a count and the flag.
        var left = KeyValueReply.maximumListByteCount - 6
        var listed: [KeyValueEntry] = []
        for found in map.entries(from: start) {
            guard found.key.starts(with: prefix) else { break }
            let entry = KeyValueEntry(key: found.key, value: found.value)
            guard listed.count < limit, entry.encodedSize <= left else { return .entries(listed, more: true) }
            left -= entry.encodedSize
            listed.append(entry)
        }
        return .entries(listed, more: false)
    }
}
