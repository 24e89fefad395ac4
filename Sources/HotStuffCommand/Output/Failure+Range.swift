extension Failure {
    /// Refuses the value of an option that is not in its range.
    ///
    /// - Parameters:
    ///   - value: what the command line says.
    ///   - option: the name of the option, with its dashes.
    ///   - range: what is allowed.
    /// - Throws: that it is not in the range, and what is.
    static func check<Number: FixedWidthInteger>(
        _ value: Number,
        _ option: String,
        _ range: ClosedRange<Number>
    ) throws(Failure) {
        guard !range.contains(value) else { return }
        throw Failure(
            .usage,
            "\(option) is \(value)",
            advice: "choose \(range.lowerBound) to \(range.upperBound)"
        )
    }
}
