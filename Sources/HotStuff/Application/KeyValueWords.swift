extension KeyValueCommand {
    /// How each command is written on a command line.
    public static let usage = [
        "put KEY VALUE", "get KEY", "delete KEY", "cas KEY EXPECTED NEW", "list [PREFIX [AFTER]]",
    ]

    /// Reads the words of a command line; keys and values are the UTF-8 of theirs.
    ///
    /// An EXPECTED of `-` means that the key must have no value; that a key's value is one dash cannot be expected here.
    /// `list` tells the first 1,000 entries, or those behind the key AFTER.
    public init(words: [String]) throws(KeyValueFault) {
        guard let name = words.first else { throw .noCommand }
        let texts = words.dropFirst().map { Array($0.utf8) }
        let command: KeyValueCommand
        switch (name, texts.count) {
        case ("put", 2): command = .put(key: texts[0], value: texts[1])
        case ("get", 1): command = .get(key: texts[0])
        case ("delete", 1): command = .delete(key: texts[0])
        case ("cas", 3):
            let expected = texts[1] == Array("-".utf8) ? nil : texts[1]
            command = .compareAndSwap(key: texts[0], expected: expected, new: texts[2])
        case ("list", 0...2):
            command = .list(
                prefix: texts.first ?? [],
                after: texts.count == 2 ? texts[1] : nil,
                limit: UInt32(KeyValueCommand.maximumListCount)
            )
        default:
            guard let usage = Self.usage.first(where: { $0.hasPrefix(name + " ") }) else {
                throw .unknownCommand(name)
            }
            throw .usage(usage)
        }
        if let fault = command.fault { throw fault }
        self = command
    }
}
