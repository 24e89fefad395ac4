internal import HotStuff

/// Commands of one client of the key-value store.
enum SampleCommands {
    /// As many as a block holds unless its chain says otherwise.
    static let perBlock = 400
    /// How many keys are written, over and over.
    static let keyCount: UInt64 = 10_000
    static let session = SessionID(height: Height(1), position: 0)

    /// Commands that follow each other, each of which gives a key a value of eight bytes.
    static func puts(_ count: Int, from first: UInt64 = 1) -> [Command] {
        (first..<first + UInt64(count)).map { sequence in
            let put = KeyValueCommand.put(key: Height(sequence % keyCount).encoded, value: Height(sequence).encoded)
            return Command(key: CommandKey(session: session, sequence: sequence), body: put.encoded)
        }
    }
}
