import HotStuff
package import HotStuffConfiguration

/// What a hunt did and found.
package struct KillReport: Sendable {
    /// How many processes were killed, by where: a call, its moment and the kind of file, or `moment` for a kill from outside.
    package internal(set) var kills: [String: Int] = [:]
    /// How often several were killed together, by how many.
    package internal(set) var together: [Int: Int] = [:]
    /// How often all stood still together, with the same chain and the same state.
    package internal(set) var agreements = 0
    /// How often a replica named a command that it had been killed in twice.
    package internal(set) var suspected = 0
    /// How many commands were submitted.
    package internal(set) var submitted: UInt64 = 0
    /// How many of them were confirmed.
    package internal(set) var acknowledged = 0
    /// How many confirmed commands are not in the chain.
    package internal(set) var lost = 0
    /// How many commands were executed more than once.
    package internal(set) var repeated = 0
    /// The number of final blocks.
    package internal(set) var blocks = 0
    /// How many different statements the journals held.
    package internal(set) var statements = 0
    /// How many signatures in certificates were compared with the journals of their signers.
    package internal(set) var heard = 0
    /// How often a journal removed segments before anybody could read them.
    package internal(set) var holes = 0
    /// How many such signatures could not be compared, for their place in the journal was missed.
    package internal(set) var unjudged = 0
    /// How long it took, in seconds.
    package internal(set) var seconds = 0.0
    /// The trials that followed, by their names, each with whether all was as it should be.
    package internal(set) var trials: [String: Bool] = [:]
    /// What must not be, a line each.
    package internal(set) var violations: [String] = []

    /// Takes note of a trial that followed.
    package mutating func add(_ trial: String, _ found: [String]) {
        trials[trial] = found.isEmpty
        violations += found.map { "\(trial): \($0)" }
    }

    /// The number of processes that were killed.
    package var killCount: Int { kills.values.reduce(0, +) }

    /// The report as one object.
    package var json: JSONValue {
        .object([
            "kills": .integer(UInt64(killCount)),
            "killsByPlace": .object(kills.mapValues { .integer(UInt64($0)) }),
            "killedTogether": .object(
                Dictionary(uniqueKeysWithValues: together.map { ("\($0.key)", .integer(UInt64($0.value))) })
            ),
            "agreements": .integer(UInt64(agreements)),
            "suspectedCommands": .integer(UInt64(suspected)),
            "submitted": .integer(submitted),
            "acknowledged": .integer(UInt64(acknowledged)),
            "lost": .integer(UInt64(lost)),
            "repeated": .integer(UInt64(repeated)),
            "blocks": .integer(UInt64(blocks)),
            "statements": .integer(UInt64(statements)),
            "signaturesCompared": .integer(UInt64(heard)),
            "journalHoles": .integer(UInt64(holes)),
            "signaturesNotCompared": .integer(UInt64(unjudged)),
            "seconds": .rounded(seconds),
            "trials": .object(trials.mapValues { .boolean($0) }),
            "violations": .list(violations.map { .string($0) }),
        ])
    }

    /// The report as lines.
    package var text: String {
        var lines = ["\(killCount) processes killed in \(Int(seconds)) seconds:"]
        for (place, count) in kills.sorted(by: { ($0.value, $1.key) > ($1.value, $0.key) }) {
            lines.append("  \(count) \(place)")
        }
        for (number, count) in together.sorted(by: { $0.key < $1.key }) where number > 1 {
            lines.append("\(number) at once, \(count) times")
        }
        lines.append("\(acknowledged) of \(submitted) commands confirmed, \(lost) lost, \(repeated) executed twice")
        lines.append("\(blocks) blocks, the same on all disks; all replicas agreed \(agreements) times")
        lines.append("\(statements) statements in journals, \(heard) signatures compared with them")
        if holes > 0 {
            lines.append(
                "\(holes) times segments of a journal were gone before they could be read, \(unjudged) signatures not compared"
            )
        }
        if suspected > 0 { lines.append("\(suspected) times a command was named that was not to blame") }
        for (trial, isGood) in trials.sorted(by: { $0.key < $1.key }) {
            lines.append("\(trial): \(isGood ? "as it should be" : "NOT as it should be")")
        }
        lines += violations.map { "VIOLATION: \($0)" }
        return lines.joined(separator: "\n")
    }
}
