/// What the built-in key-value store can be asked.
public enum KeyValueCommand: Hashable, Sendable {
    /// Give a key a value.
    case put(key: [UInt8], value: [UInt8])
    /// Tell the value of a key.
    case get(key: [UInt8])
    /// Remove a key and its value.
    case delete(key: [UInt8])
    /// Give a key a new value if it has the expected one; nil expects that it has none.
    case compareAndSwap(key: [UInt8], expected: [UInt8]?, new: [UInt8])
    /// Tell the entries whose keys begin with a prefix, in order, from behind a key on, at most so many.
    case list(prefix: [UInt8], after: [UInt8]?, limit: UInt32)

    /// The longest key, in bytes; the shortest is 1.
    public static let maximumKeyByteCount = 1_024
    /// The longest value, in bytes, so that any one entry fits the answer to a list; a chain's limit on commands may be lower.
    public static let maximumValueByteCount = 190 << 10
    /// The most entries that a list may ask for; the fewest is 1.
    public static let maximumListCount = 1_000

    /// What is wrong with the command, if it asks for more than the store can do.
    public var fault: KeyValueFault? {
        switch self {
        case .put(let key, let value): Self.fault(ofKey: key) ?? Self.fault(ofValue: value)
        case .get(let key), .delete(let key): Self.fault(ofKey: key)
        case .compareAndSwap(let key, let expected, let new):
            Self.fault(ofKey: key) ?? Self.fault(ofValue: expected ?? []) ?? Self.fault(ofValue: new)
        case .list(let prefix, let after, let limit):
            // A prefix and a key to begin behind may be empty: they name no entry.
            [prefix, after ?? []].contains { $0.count > Self.maximumKeyByteCount }
                ? .keyTooLong(max(prefix.count, after?.count ?? 0))
                : (1...UInt32(Self.maximumListCount)).contains(limit) ? nil : .limitOutOfRange(limit)
        }
    }

    private static func fault(ofKey key: [UInt8]) -> KeyValueFault? {
        guard !key.isEmpty else { return .keyEmpty }
        return key.count > maximumKeyByteCount ? .keyTooLong(key.count) : nil
    }

    private static func fault(ofValue value: [UInt8]) -> KeyValueFault? {
        value.count > maximumValueByteCount ? .valueTooLong(value.count) : nil
    }
}

/// Why the store would not carry out a command, or a command line is none.
public enum KeyValueFault: Error, Hashable, Sendable {
    /// The command line has no words.
    case noCommand
    /// The first word is no command.
    case unknownCommand(String)
    /// The command takes other words than these; this is how it is written.
    case usage(String)
    /// A key has no bytes.
    case keyEmpty
    /// A key has so many bytes.
    case keyTooLong(Int)
    /// A value has so many bytes.
    case valueTooLong(Int)
    /// A list asks for so many entries.
    case limitOutOfRange(UInt32)
}

extension KeyValueFault: CustomStringConvertible {
    /// One line that says what is wrong and what is allowed.
    public var description: String {
        switch self {
        case .noCommand: "a command is missing: put, get, delete, cas or list"
        case .unknownCommand(let word): "unknown command \(word.debugDescription): put, get, delete, cas or list"
        case .usage(let usage): "usage: \(usage)"
        case .keyEmpty: "the key is empty"
        case .keyTooLong(let count): "a key of \(count) bytes, allowed are \(KeyValueCommand.maximumKeyByteCount)"
        case .valueTooLong(let count): "a value of \(count) bytes, allowed are \(KeyValueCommand.maximumValueByteCount)"
        case .limitOutOfRange(let limit):
            "a list of \(limit) entries, allowed are 1 to \(KeyValueCommand.maximumListCount)"
        }
    }
}

extension KeyValueCommand: BorshCodable {
    private enum Tag {
        static let put: UInt8 = 1
        static let get: UInt8 = 2
        static let delete: UInt8 = 3
        static let compareAndSwap: UInt8 = 4
        static let list: UInt8 = 5
    }

    /// Appends a tag and what belongs to it.
    public func encode(into encoder: inout BorshEncoder) {
        switch self {
        case .put(let key, let value):
            encoder.append(Tag.put)
            encoder.appendBytes(key)
            encoder.appendBytes(value)
        case .get(let key):
            encoder.append(Tag.get)
            encoder.appendBytes(key)
        case .delete(let key):
            encoder.append(Tag.delete)
            encoder.appendBytes(key)
        case .compareAndSwap(let key, let expected, let new):
            encoder.append(Tag.compareAndSwap)
            encoder.appendBytes(key)
            encoder.appendOptionalBytes(expected)
            encoder.appendBytes(new)
        case .list(let prefix, let after, let limit):
            encoder.append(Tag.list)
            encoder.appendBytes(prefix)
            encoder.appendOptionalBytes(after)
            encoder.append(limit)
        }
    }

    /// Reads a tag and what belongs to it; the limits besides lengths are for `fault` to judge.
    public init(from decoder: inout BorshDecoder) throws(DecodingError) {
        let tag = try decoder.readUInt8()
        switch tag {
        case Tag.put: self = .put(key: try decoder.readKey(), value: try decoder.readValue())
        case Tag.get: self = .get(key: try decoder.readKey())
        case Tag.delete: self = .delete(key: try decoder.readKey())
        case Tag.compareAndSwap:
            let key = try decoder.readKey()
            let expected = try decoder.readBool() ? try decoder.readValue() : nil
            self = .compareAndSwap(key: key, expected: expected, new: try decoder.readValue())
        case Tag.list:
            let prefix = try decoder.readKey()
            let after = try decoder.readBool() ? try decoder.readKey() : nil
            self = .list(prefix: prefix, after: after, limit: try decoder.readUInt32())
        default: throw .invalidTag(tag)
        }
    }
}

extension BorshEncoder {
    /// Appends an option of a byte string.
    mutating func appendOptionalBytes(_ value: [UInt8]?) {
        append(value != nil)
        if let value { appendBytes(value) }
    }
}

extension BorshDecoder {
    /// Reads a key of the key-value store.
    mutating func readKey() throws(DecodingError) -> [UInt8] {
        try readBytes(maximum: KeyValueCommand.maximumKeyByteCount)
    }

    /// Reads a value of the key-value store.
    mutating func readValue() throws(DecodingError) -> [UInt8] {
        try readBytes(maximum: KeyValueCommand.maximumValueByteCount)
    }
}
