internal import Foundation

/// What the gate found, for people and for programs.
struct Report: Encodable {
    /// What became of one fault.
    struct Entry: Encodable {
        let name: String
        let clause: String
        let caught: Bool
        let seeds: UInt64
        let hitRate: Double
        let kind: String?
        let adversary: String?
        let reproduce: String?
    }

    /// How the rules as they should be failed, which must not be.
    struct Failure: Encodable {
        let kind: String
        let reproduce: String?
    }

    let mutants: [Entry]
    let caught: Int
    let total: Int
    let control: [Failure]

    init(_ trials: [Trial], outOf total: Int, control failures: [Trial]) {
        mutants = trials.map {
            Entry(
                name: $0.name,
                clause: $0.clause,
                caught: $0.isCaught,
                seeds: $0.seeds,
                hitRate: ($0.hitRate * 10_000).rounded() / 10_000,
                kind: $0.kind,
                adversary: $0.adversary,
                reproduce: $0.reproduction
            )
        }
        caught = trials.count(where: \.isCaught)
        self.total = total
        control = failures.map { Failure(kind: $0.kind ?? "no end", reproduce: $0.reproduction) }
    }

    /// All of it as JSON.
    var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(self) else { return "{}" }
        return String(decoding: data, as: UTF8.self)
    }

    /// All of it as a table.
    var table: String {
        var rows = [["fault", "clause", "caught as", "by", "seeds", "rate"]]
        rows += mutants.map {
            [
                $0.name, $0.clause, $0.kind ?? "SURVIVES", $0.adversary ?? "", "\($0.seeds)",
                String(format: "%.1f %%", $0.hitRate * 100),
            ]
        }
        return Table.text(rows) + "\n\(caught) of \(total) caught"
    }
}

/// Text in columns.
enum Table {
    /// Rows as lines; the last column is not padded.
    static func text(_ rows: [[String]]) -> String {
        let count = rows.map(\.count).max() ?? 0
        let widths = (0..<count).map { column in rows.map { $0.count > column ? $0[column].count : 0 }.max() ?? 0 }
        return rows.map { row in
            row.enumerated().map { column, cell in
                column + 1 == row.count ? cell : cell.padding(toLength: widths[column], withPad: " ", startingAt: 0)
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }
}
