/// A key of the key-value store with its value.
public struct KeyValueEntry: Hashable, Sendable, BorshCodable {
    /// The key.
    public let key: [UInt8]
    /// Its value.
    public let value: [UInt8]

    /// Creates an entry.
    public init(key: [UInt8], value: [UInt8]) {
        self.key = key
        self.value = value
    }

    /// The number of bytes of its encoding.
    public var encodedSize: Int { KeyValueEntry.minimumEncodedSize + key.count + value.count }

    /// Two lengths.
    public static var minimumEncodedSize: Int { 8 }

    /// Appends key and value.
    public func encode(into encoder: inout BorshEncoder) {
        encoder.appendBytes(key)
        encoder.appendBytes(value)
    }

    /// Reads key and value.
    public init(from decoder: inout BorshDecoder) throws(DecodingError) {
        key = try decoder.readKey()
        value = try decoder.readValue()
    }
}

/// What the key-value store answers.
public enum KeyValueReply: Hashable, Sendable {
    /// The key has the value that was put.
    case stored
    /// This is the value of the key.
    case value([UInt8])
    /// The key has no value.
    case absent
    /// The key had a value and has none now.
    case deleted
    /// The key had the expected value and has the new one now.
    case swapped
    /// The key has another value than the expected one: this one, or none. Nothing changed.
    case notSwapped(current: [UInt8]?)
    /// The entries asked for, in the order of their keys; `more` if there are others behind the last.
    case entries([KeyValueEntry], more: Bool)
    /// The command is none, or breaks a limit. Nothing changed.
    case malformed

    /// The most bytes of an encoded list of entries; small enough for a session's cache to keep.
    public static let maximumListByteCount = 192 << 10
}

extension KeyValueReply: BorshCodable {
    private enum Tag {
        static let stored: UInt8 = 1
        static let value: UInt8 = 2
        static let absent: UInt8 = 3
        static let deleted: UInt8 = 4
        static let swapped: UInt8 = 5
        static let notSwapped: UInt8 = 6
        static let entries: UInt8 = 7
        static let malformed: UInt8 = 8
    }

    /// Appends a tag and what belongs to it.
    public func encode(into encoder: inout BorshEncoder) {
        switch self {
        case .stored: encoder.append(Tag.stored)
        case .value(let value):
            encoder.append(Tag.value)
            encoder.appendBytes(value)
        case .absent: encoder.append(Tag.absent)
        case .deleted: encoder.append(Tag.deleted)
        case .swapped: encoder.append(Tag.swapped)
        case .notSwapped(let current):
            encoder.append(Tag.notSwapped)
            encoder.appendOptionalBytes(current)
        case .entries(let entries, let more):
            encoder.append(Tag.entries)
            encoder.appendList(entries)
            encoder.append(more)
        case .malformed: encoder.append(Tag.malformed)
        }
    }

    /// Reads a tag and what belongs to it.
    public init(from decoder: inout BorshDecoder) throws(DecodingError) {
        let tag = try decoder.readUInt8()
        switch tag {
        case Tag.stored: self = .stored
        case Tag.value: self = .value(try decoder.readValue())
        case Tag.absent: self = .absent
        case Tag.deleted: self = .deleted
        case Tag.swapped: self = .swapped
        case Tag.notSwapped: self = .notSwapped(current: try decoder.readBool() ? try decoder.readValue() : nil)
        case Tag.entries:
            let entries: [KeyValueEntry] = try decoder.readList(maximum: KeyValueCommand.maximumListCount)
            self = .entries(entries, more: try decoder.readBool())
        case Tag.malformed: self = .malformed
        default: throw .invalidTag(tag)
        }
    }
}

extension KeyValueReply {
    /// The encoding; of the answers that say nothing but one word it is made once for all.
    var sharedEncoding: [UInt8] {
        switch self {
        case .stored: Self.storedBytes
        case .absent: Self.absentBytes
        case .deleted: Self.deletedBytes
        case .swapped: Self.swappedBytes
        case .value, .notSwapped, .entries, .malformed: encoded
        }
    }

    private static let storedBytes = KeyValueReply.stored.encoded
    private static let absentBytes = KeyValueReply.absent.encoded
    private static let deletedBytes = KeyValueReply.deleted.encoded
    private static let swappedBytes = KeyValueReply.swapped.encoded
}

extension KeyValueReply: CustomStringConvertible {
    /// The answer for people: a word or a value, or one line for each entry of a list.
    ///
    /// Bytes that are no printable text are shown in hexadecimal behind `0x`.
    public var description: String {
        switch self {
        case .stored: "stored"
        case .value(let value): Self.text(value)
        case .absent: "absent"
        case .deleted: "deleted"
        case .swapped: "swapped"
        case .notSwapped(let current): "not swapped: \(current.map { "the value is \(Self.text($0))" } ?? "absent")"
        case .entries(let entries, let more):
            (entries.map { "\(Self.text($0.key)) = \(Self.text($0.value))" } + (more ? ["(more)"] : []))
                .joined(separator: "\n")
        case .malformed: "malformed command"
        }
    }

    private static func text(_ bytes: [UInt8]) -> String {
        guard let text = String(validating: bytes, as: UTF8.self),
            text.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control })
        else { return "0x" + Hexadecimal.encode(bytes) }
        return text
    }
}
