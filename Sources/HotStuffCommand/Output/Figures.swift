/// Numbers as people read them.
enum Figures {
    /// A count with commas between thousands.
    static func count(_ value: some BinaryInteger) -> String {
        var text = ""
        for (index, digit) in String(value).reversed().enumerated() {
            if index > 0, index.isMultiple(of: 3), digit != "-" { text.append(",") }
            text.append(digit)
        }
        return String(text.reversed())
    }

    /// A count with what is counted: one of it, or many.
    static func count(_ value: some BinaryInteger, _ noun: String) -> String {
        "\(count(value)) \(noun)\(value == 1 ? "" : "s")"
    }

    /// A number with some digits behind the point.
    static func decimal(_ value: Double, digits: Int) -> String {
        guard value.isFinite, abs(value) < 1e12 else { return "?" }
        var factor = 1.0
        for _ in 0..<digits { factor *= 10 }
        let scaled = Int64((abs(value) * factor).rounded())
        let sign = value < 0 && scaled > 0 ? "-" : ""
        guard digits > 0 else { return sign + String(scaled) }
        let fraction = String(scaled % Int64(factor))
        let zeros = String(repeating: "0", count: digits - fraction.count)
        return "\(sign)\(scaled / Int64(factor)).\(zeros)\(fraction)"
    }

    /// A time in milliseconds, with its unit.
    static func milliseconds(_ value: Double) -> String {
        value < 1_000 ? "\(decimal(value, digits: value < 100 ? 1 : 0)) ms" : "\(decimal(value / 1_000, digits: 2)) s"
    }
}
