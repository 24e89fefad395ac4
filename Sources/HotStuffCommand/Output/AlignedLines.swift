/// Lines of a name and a value for people, the values below each other.
struct AlignedLines {
    private var entries: [(name: String, value: String)] = []

    /// Adds a line; without a name it goes on with the line before.
    mutating func add(_ name: String, _ value: String) { entries.append((name, value)) }

    /// The lines.
    var text: String {
        let width = entries.map(\.name.count).max() ?? 0
        return entries.map { name, value in
            Failure.printable(name + String(repeating: " ", count: width - name.count) + "  " + value)
        }.joined(separator: "\n")
    }
}
