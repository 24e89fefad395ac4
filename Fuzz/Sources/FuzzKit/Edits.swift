/// Changes to some bytes, as an input asks for them.
public enum Edits {
    /// Applies up to so many changes; afterwards the bytes may be longer, shorter, or the same again.
    public static func apply(_ count: Int, to bytes: inout [UInt8], _ input: inout ByteReader) {
        for _ in 0..<count where !input.isEmpty {
            let place = input.number(below: bytes.count + 1)
            switch input.byte() % 6 {
            case 0 where place < bytes.count: bytes[place] ^= input.byte()
            case 1 where place < bytes.count: bytes[place] = input.byte()
            case 2: bytes.removeSubrange(place..<min(bytes.count, place + input.number(below: 64)))
            case 3: bytes.insert(contentsOf: input.bytes(input.number(below: 32)), at: place)
            case 4: bytes.removeLast(bytes.count - place)
            default: bytes.insert(contentsOf: bytes[place...].prefix(input.number(below: 256)), at: place)
            }
        }
    }
}

extension [UInt8] {
    /// The bytes in pieces of sizes that an input chooses; mostly in one.
    public func pieces(_ input: inout ByteReader) -> [[UInt8]] {
        var pieces: [[UInt8]] = []
        var rest = self[...]
        while !rest.isEmpty {
            let choice = Int(input.byte())
            let size = choice % 2 == 0 ? rest.count : Swift.max(1, choice * choice / 16)
            pieces.append(Self(rest.prefix(size)))
            rest = rest.dropFirst(size)
        }
        return pieces
    }
}
