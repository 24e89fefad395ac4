internal import HotStuff

/// Sends bytes that are no messages, and messages whose bytes were changed on the way.
struct Garbage: Strategy {
    mutating func bend(_ letters: inout [Letter], as liar: inout Liar) {
        var more: [Letter] = []
        for letter in letters where liar.random.chance(oneIn: 6) {
            guard let message = letter.message else { continue }
            // Clients do not sign yet: a changed command would be a command.
            if case .commands = message { continue }
            liar.acts += 1
            more.append(Letter(bytes: mutated(Frame.encode(message), as: &liar), to: letter.receiver))
        }
        letters = liar.random.chance(oneIn: 2) ? more + letters : letters + more
    }

    mutating func passTime(as liar: inout Liar, letters: inout [Letter]) {
        guard let receiver = liar.someone().first, liar.random.chance(oneIn: 2) else { return }
        liar.acts += 1
        letters.append(Letter(bytes: liar.random.bytes(fewerThan: 300), to: receiver))
    }

    private func mutated(_ original: [UInt8], as liar: inout Liar) -> [UInt8] {
        var bytes = original
        guard !bytes.isEmpty else { return bytes }
        switch liar.random.below(6) {
        case 0:
            for _ in 0...liar.random.below(8) {
                bytes[liar.random.below(bytes.count)] ^= 1 << UInt8(liar.random.below(8))
            }
        case 1: bytes = Array(bytes.prefix(liar.random.below(bytes.count)))
        case 2: bytes += bytes
        case 3: bytes += liar.random.bytes(fewerThan: 40)
        case 4:
            // A length as long as it can be, somewhere.
            let place = liar.random.below(bytes.count)
            for index in place..<min(place + 4, bytes.count) { bytes[index] = 0xff }
        default:
            let place = liar.random.below(bytes.count)
            bytes.replaceSubrange(place..<min(place + 8, bytes.count), with: liar.random.bytes(fewerThan: 16))
        }
        return bytes
    }
}
