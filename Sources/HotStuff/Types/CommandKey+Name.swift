extension CommandKey {
    /// The key as people write it: the place of the session and the number in it, as in `12.0/7`.
    public var name: String { "\(session)/\(sequence)" }

    /// Reads a key as people write it; nil if the text is none.
    public init?(name: String) {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let sequence = CommandKey.number(parts[1]) else { return nil }
        let place = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        guard place.count == 2, let height = CommandKey.number(place[0]), let position = CommandKey.number(place[1]),
            let position = UInt32(exactly: position)
        else { return nil }
        self.init(session: SessionID(height: Height(height), position: position), sequence: sequence)
    }

    /// A number in plain digits.
    private static func number(_ text: Substring) -> UInt64? {
        text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? UInt64(text) : nil
    }
}
