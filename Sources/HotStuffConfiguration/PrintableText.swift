/// Text from outside made fit for one line of a terminal or a log.
package enum PrintableText {
    /// Some text without control characters: each becomes a blank.
    package static func of(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    switch scalar.properties.generalCategory {
                    case .control, .lineSeparator, .paragraphSeparator, .format, .surrogate: " "
                    default: scalar
                    }
                }
            )
        )
    }

    /// A piece of input in quotation marks, cut if it is long.
    package static func quoted(_ text: String) -> String {
        text.unicodeScalars.count > 60 ? "\"\(String(text.unicodeScalars.prefix(60)))…\"" : "\"\(text)\""
    }
}
