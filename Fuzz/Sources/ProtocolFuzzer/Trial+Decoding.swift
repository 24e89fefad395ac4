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
}
