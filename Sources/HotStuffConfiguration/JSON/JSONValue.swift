/// A value of JSON (RFC 8259).
package enum JSONValue: Equatable, Sendable {
    case null
    case boolean(Bool)
    /// A whole number that is not negative, kept exactly.
    case integer(UInt64)
    /// Any other number.
    case number(Double)
    case string(String)
    case list([JSONValue])
    case object([String: JSONValue])

    /// What kind of value this is, for messages.
    package var kind: String {
        switch self {
        case .null: "null"
        case .boolean: "a boolean"
        case .integer, .number: "a number"
        case .string: "a string"
        case .list: "a list"
        case .object: "an object"
        }
    }
}

extension JSONValue {
    /// The value as text on one line, members sorted by name.
    package var compactText: String {
        var text = ""
        write(to: &text, indentation: nil)
        return text
    }

    /// The value as text for people: two spaces for each level, members sorted by name, a newline at the end.
    package var prettyText: String {
        var text = ""
        write(to: &text, indentation: 0)
        return text + "\n"
    }

    private func write(to text: inout String, indentation: Int?) {
        switch self {
        case .null: text += "null"
        case .boolean(let value): text += value ? "true" : "false"
        case .integer(let value): text += String(value)
        case .number(let value): text += value.isFinite ? value.description : "null"
        case .string(let value): Self.write(value, to: &text)
        case .list(let values):
            Self.write(values, between: ("[", "]"), to: &text, indentation: indentation) { value, text, inner in
                value.write(to: &text, indentation: inner)
            }
        case .object(let members):
            let sorted = members.sorted { $0.key < $1.key }
            Self.write(sorted, between: ("{", "}"), to: &text, indentation: indentation) { member, text, inner in
                Self.write(member.key, to: &text)
                text += inner == nil ? ":" : ": "
                member.value.write(to: &text, indentation: inner)
            }
        }
    }

    private static func write<Element>(
        _ elements: [Element],
        between brackets: (String, String),
        to text: inout String,
        indentation: Int?,
        _ writeElement: (Element, inout String, Int?) -> Void
    ) {
        text += brackets.0
        for (index, element) in elements.enumerated() {
            if index > 0 { text += "," }
            if let indentation { text += newline(indentation + 1) }
            writeElement(element, &text, indentation.map { $0 + 1 })
        }
        if let indentation, !elements.isEmpty { text += newline(indentation) }
        text += brackets.1
    }

    private static func newline(_ indentation: Int) -> String {
        "\n" + String(repeating: "  ", count: indentation)
    }

    private static func write(_ string: String, to text: inout String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case "\u{0}"..."\u{1F}", "\u{7F}":
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}

extension JSONValue {
    /// A number with at most three digits behind the point.
    package static func rounded(_ value: Double, digits: Int = 3) -> JSONValue {
        var factor = 1.0
        for _ in 0..<digits { factor *= 10 }
        return .number((value * factor).rounded() / factor)
    }
}
