import HotStuff
import HotStuffConfiguration

extension KeyValueReply {
    /// The answer as JSON: what happened, and the value or the entries if there are any.
    var json: JSONValue {
        switch self {
        case .stored: .object(["kind": .string("stored")])
        case .value(let value): .object(["kind": .string("value"), "value": Self.json(value)])
        case .absent: .object(["kind": .string("absent")])
        case .deleted: .object(["kind": .string("deleted")])
        case .swapped: .object(["kind": .string("swapped")])
        case .notSwapped(let current):
            .object(["kind": .string("notSwapped"), "value": current.map(Self.json) ?? .null])
        case .entries(let entries, let more):
            .object([
                "entries": .list(entries.map { .object(["key": Self.json($0.key), "value": Self.json($0.value)]) }),
                "kind": .string("entries"),
                "more": .boolean(more),
            ])
        case .malformed: .object(["kind": .string("malformed")])
        }
    }

    /// Text as a string, other bytes as an object with their base64.
    private static func json(_ bytes: [UInt8]) -> JSONValue {
        if let text = String(validating: bytes, as: UTF8.self) { return .string(text) }
        return .object(["base64": .string(Base64.encode(bytes))])
    }
}
