import Foundation

/// Bytes as base64 text and back (RFC 4648, section 4).
package enum Base64 {
    /// The text of some bytes, with padding, on one line.
    package static func encode(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString()
    }

    /// The bytes that a text stands for, if it is the one text that stands for them.
    package static func decode(_ text: String) -> [UInt8]? {
        guard let data = Data(base64Encoded: text), data.base64EncodedString() == text else { return nil }
        return Array(data)
    }
}
