internal import FuzzKit
internal import HotStuff

extension Trial {
    /// Reads a frame as a replica does that got it from a peer: it is refused, or it has this one form.
    ///
    /// The input is a frame as it stands, or a message's content behind a sound head.
    static func message(_ input: inout ByteReader) {
        let isWhole = input.byte() & 1 == 0
        let bytes =
            isWhole ? input.remainder() : Array(Frame.encode(Message.commands([])).prefix(2)) + input.remainder()
        guard let message = try? Frame.decode(Message.self, from: bytes) else { return }
        require(Frame.encode(message) == bytes, "a message has a second form")
        var verifier = World.standard.verifier()
        for sender in World.standard.replicas { _ = try? verifier.verify(message, from: sender) }
    }

    /// Reads a record of the journal: it is refused, or it has this one form; and recovery takes it or refuses it.
    static func record(_ input: inout ByteReader) {
        let bytes = input.remainder()
        guard let record = try? JournalRecord(decoding: bytes) else { return }
        require(record.encoded == bytes, "a record has a second form")
        var recovery = Recovery(committee: World.standard.committee)
        _ = try? recovery.apply(record)
    }

    /// Reads a frame as a replica does that got it from a client, or as a client from a replica.
    ///
    /// The input is a frame as it stands, or what follows a sound version.
    static func client(_ input: inout ByteReader) {
        let choice = input.byte()
        let head = choice & 2 == 0 ? [] : Array(Frame.encode(ClientRequest.status).prefix(2))
        let bytes = head + input.remainder()
        if choice & 1 == 0 {
            guard let request = try? Frame.decode(ClientRequest.self, from: bytes) else { return }
            require(Frame.encode(request) == bytes, "a request has a second form")
        } else {
            guard let response = try? Frame.decode(ClientResponse.self, from: bytes) else { return }
            require(Frame.encode(response) == bytes, "a response has a second form")
        }
    }

    /// Reads a command or an answer of the key-value store, and has the store execute what is no command at all, too.
    static func application(_ input: inout ByteReader) {
        let isCommand = input.byte() & 1 == 0
        let bytes = input.remainder()
        if isCommand {
            let command = try? KeyValueCommand(decoding: bytes)
            if let command { require(command.encoded == bytes, "a command has a second form") }
            var store = KeyValueStore()
            let block = BlockContext(height: Height(1), time: Timestamp(1))
            let replies = store.execute([Command(key: CommandKey(session: .none, sequence: 1), body: bytes)], at: block)
            guard replies.count == 1, let reply = try? KeyValueReply(decoding: replies[0].body) else {
                fail("the store's answer cannot be read")
            }
            let isSound = command.map { $0.fault == nil } ?? false
            require((reply == .malformed) != isSound, "the store answers \(reply) to \(command as Any)")
        } else {
            guard let reply = try? KeyValueReply(decoding: bytes) else { return }
            require(reply.encoded == bytes, "an answer has a second form")
            _ = reply.description
        }
    }
}
