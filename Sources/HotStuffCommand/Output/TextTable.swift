/// A table for people: columns of text on the left, of numbers on the right, and a note below.
struct TextTable: Equatable, Sendable {
    /// The names of the columns.
    let header: [String]
    /// What the columns mean.
    let note: String
    /// The rows, each with as many cells as the header.
    let rows: [[String]]

    /// The lines of the table.
    var text: String {
        let all = [header] + rows
        let widths = header.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        let lines = all.map { cells in
            header.indices.map { column in
                let padding = String(repeating: " ", count: widths[column] - cells[column].count)
                return isNumeric(column) ? padding + cells[column] : cells[column] + padding
            }.joined(separator: "  ")
        }
        return (lines + [note]).map(trimmed).joined(separator: "\n")
    }

    private func isNumeric(_ column: Int) -> Bool {
        rows.allSatisfy { $0[column].first?.isNumber ?? true }
    }

    private func trimmed(_ line: String) -> String {
        var line = line
        while line.last == " " { line.removeLast() }
        return line
    }
}
