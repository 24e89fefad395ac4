/// Why some bytes are not JSON, and where.
package struct JSONSyntaxError: Error, Equatable, Sendable {
    /// The line, from 1.
    package let line: Int
    /// The byte within the line, from 1.
    package let column: Int
    /// What is wrong there.
    package let problem: String
}

/// A strict reader of JSON (RFC 8259) that refuses a member that is named twice and tells where a mistake is.
///
/// The parser of Foundation keeps one of two members with the same name: a setting that is given twice would be half ignored.
package struct JSONParser {
    private let bytes: [UInt8]
    private var position = 0

    /// The deepest nesting that is read.
    package static let maximumDepth = 32

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Reads bytes that are one value and nothing else.
    package static func parse(_ bytes: [UInt8]) throws(JSONSyntaxError) -> JSONValue {
        var parser = JSONParser(bytes)
        let value = try parser.value(depth: 0)
        parser.skipSpace()
        guard parser.position == bytes.count else { throw parser.error("nothing may follow the value") }
        return value
    }

    private mutating func value(depth: Int) throws(JSONSyntaxError) -> JSONValue {
        skipSpace()
        guard depth < JSONParser.maximumDepth else { throw error("nested too deeply") }
        guard let byte = peek() else { throw error("the text ends where a value should be") }
        switch byte {
        case UInt8(ascii: "{"): return .object(try object(depth: depth))
        case UInt8(ascii: "["): return .list(try list(depth: depth))
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default:
            for (word, value) in [("true", JSONValue.boolean(true)), ("false", .boolean(false)), ("null", .null)]
            where bytes[position...].starts(with: word.utf8) {
                position += word.utf8.count
                return value
            }
            throw error("no value begins like this")
        }
    }

    private mutating func object(depth: Int) throws(JSONSyntaxError) -> [String: JSONValue] {
        position += 1
        var members: [String: JSONValue] = [:]
        skipSpace()
        if take("}") { return members }
        repeat {
            skipSpace()
            guard peek() == UInt8(ascii: "\"") else { throw error("a member's name in quotation marks should be here") }
            let start = position
            let name = try string()
            skipSpace()
            guard take(":") else { throw error("a colon should be here") }
            let value = try value(depth: depth + 1)
            guard members.updateValue(value, forKey: name) == nil else {
                throw error("\(PrintableText.quoted(name)) is given twice", at: start)
            }
            skipSpace()
        } while take(",")
        guard take("}") else { throw error("a comma or a closing brace should be here") }
        return members
    }

    private mutating func list(depth: Int) throws(JSONSyntaxError) -> [JSONValue] {
        position += 1
        var values: [JSONValue] = []
        skipSpace()
        if take("]") { return values }
        repeat {
            values.append(try value(depth: depth + 1))
            skipSpace()
        } while take(",")
        guard take("]") else { throw error("a comma or a closing bracket should be here") }
        return values
    }

    private mutating func number() throws(JSONSyntaxError) -> JSONValue {
        let start = position
        _ = take("-")
        let whole = skipDigits()
        guard whole > 0 else { throw error("a digit should be here") }
        guard whole == 1 || bytes[position - whole] != UInt8(ascii: "0") else {
            throw error("a number does not begin with a zero", at: start)
        }
        if take("."), skipDigits() == 0 { throw error("a digit should be here") }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            if skipDigits() == 0 { throw error("a digit should be here") }
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if let integer = UInt64(text) { return .integer(integer) }
        guard let number = Double(text), number.isFinite else { throw error("the number is too large", at: start) }
        return .number(number)
    }

    private mutating func string() throws(JSONSyntaxError) -> String {
        let start = position
        position += 1
        var content: [UInt8] = []
        while let byte = peek() {
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: content, as: UTF8.self) else {
                    throw error("the string is not UTF-8", at: start)
                }
                return text
            case UInt8(ascii: "\\"): try appendEscaped(to: &content)
            case 0..<0x20: throw error("a control character stands in a string", at: position - 1)
            default: content.append(byte)
            }
        }
        throw error("the string does not end", at: start)
    }

    private mutating func appendEscaped(to content: inout [UInt8]) throws(JSONSyntaxError) {
        let start = position - 1
        guard let byte = peek() else { throw error("the string does not end", at: start) }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(byte)
        case UInt8(ascii: "b"): content.append(8)
        case UInt8(ascii: "f"): content.append(12)
        case UInt8(ascii: "n"): content.append(10)
        case UInt8(ascii: "r"): content.append(13)
        case UInt8(ascii: "t"): content.append(9)
        case UInt8(ascii: "u"):
            var value = UInt32(try codeUnit(from: start))
            if (0xD800..<0xDC00).contains(value), take("\\"), take("u") {
                let low = UInt32(try codeUnit(from: start))
                guard (0xDC00..<0xE000).contains(low) else { throw error("half a character", at: start) }
                value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(value) else { throw error("half a character", at: start) }
            content.append(contentsOf: String(Character(scalar)).utf8)
        default: throw error("an unknown escape", at: start)
        }
    }

    private mutating func codeUnit(from start: Int) throws(JSONSyntaxError) -> UInt16 {
        let digits = bytes[position...].prefix(4)
        guard digits.count == 4, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
            let value = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw error("four hexadecimal digits should follow \\u", at: start) }
        position += 4
        return value
    }

    private func peek() -> UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard peek() == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func skipDigits() -> Int {
        let start = position
        while let byte = peek(), (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
        return position - start
    }

    private mutating func skipSpace() {
        while let byte = peek(), [0x20, 0x09, 0x0A, 0x0D].contains(byte) { position += 1 }
    }

    private func error(_ problem: String, at place: Int? = nil) -> JSONSyntaxError {
        let before = bytes[..<(place ?? position)]
        let line = before.count { $0 == 0x0A } + 1
        let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        return JSONSyntaxError(line: line, column: before.count - lineStart + 1, problem: problem)
    }
}
