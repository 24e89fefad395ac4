import HotStuff
import HotStuffConfiguration
import HotStuffStorage

/// A data directory, as it is shown to people.
struct InspectionReport {
    /// The directory, as the user named it.
    let directory: String
    let inspection: DirectoryInspection

    /// The lines.
    var text: String {
        var lines = AlignedLines()
        let identity = inspection.segments.identity
        lines.add("directory", directory + (inspection.marks.process.map { ", opened last by process \($0)" } ?? ""))
        lines.add("chain", inspection.chain?.description ?? "?")
        lines.add("owner", identity.map { "replica with key \($0.owner)" } ?? "?")
        lines.add("identity", inspection.marks.identity ?? "none")
        addMarks(to: &lines)
        addJournal(to: &lines)
        addSafety(to: &lines)
        addArchive(to: &lines)
        addSnapshots(to: &lines)
        return lines.text
    }

    private func addMarks(to lines: inout AlignedLines) {
        let marks = inspection.marks
        let durability =
            !marks.isUnsynced
            ? "power-loss: the journal is synced"
            : marks.isStale
                ? "process-crash: the machine was started again, and the journal may lack its end"
                : "process-crash: the journal is not synced since the machine was started"
        lines.add("durability", durability)
        lines.add("lease", marks.lease.map { "signs through view \($0)" } ?? "none")
        lines.add("executing", executing)
        lines.add("skipped", marks.skipListProblem ?? names(marks.skipped))
    }

    private var executing: String {
        guard let height = inspection.marks.executingHeight else { return "nothing" }
        guard let command = inspection.marks.executing else { return "block \(height)" }
        return "block \(height), command \(command.key.name), begun \(Figures.count(inspection.marks.attempts, "time"))"
    }

    private func names(_ commands: [CommandKey]) -> String {
        commands.isEmpty ? "nothing" : commands.map(\.name).joined(separator: " ")
    }

    private func addJournal(to lines: inout AlignedLines) {
        let journal = inspection.journal
        let segments = inspection.segments.entries
        let bytes = segments.reduce(UInt64(0)) { $0 + $1.byteCount }
        lines.add(
            "journal",
            "\(Figures.count(segments.count, "segment")), \(Figures.count(bytes, "byte")), "
                + "\(Figures.count(journal.batches)) batches, \(Figures.count(journal.records, "record"))"
        )
        for segment in segments {
            let place = segment.committed.map { "above block \($0)" } ?? segment.problem?.description ?? "?"
            lines.add("", "\(name(segment.path))  \(place), \(Figures.count(segment.byteCount, "byte"))")
        }
        if let last = journal.lastRecord {
            lines.add(
                "last record",
                "segment \(last.segment), byte \(last.offset), \(Figures.count(last.length, "byte")), batch \(journal.lastSequence)"
            )
        }
        if journal.tornBytes > 0 {
            lines.add("", "\(Figures.count(journal.tornBytes, "byte")) behind it are not finished")
        }
        if let problem = journal.problem { lines.add("damage", problem) }
        if let committed = journal.committed {
            lines.add("final", "block \(committed.block.short)… of height \(committed.height)")
        }
    }

    private func addSafety(to lines: inout AlignedLines) {
        if let record = inspection.journal.safety {
            lines.add(
                "signed",
                "votes through view \(record.lastVotedView), timeouts through view \(record.lastTimedOutView), "
                    + "locked on view \(record.lockedView)"
            )
            lines.add(
                "last vote",
                record.lastVote.map { "view \($0.view), block \($0.block.short)… of height \($0.height)" } ?? "none"
            )
            lines.add("last timeout", record.lastTimeout.map { "view \($0.view)" } ?? "none")
            lines.add(
                "last proposal",
                record.lastProposal.map { "view \($0.view), block \($0.block.short)…" } ?? "none"
            )
            lines.add("forgotten", forgotten(record.forgottenThrough))
        }
        lines.add("highest QC", inspection.journal.quorumCertificate?.words ?? "none")
        lines.add("highest TC", inspection.journal.timeoutCertificate?.words ?? "none")
    }

    private func forgotten(_ view: View?) -> String {
        guard let view else { return "nothing" }
        return view == .unknown ? "of unknown extent" : "through view \(view)"
    }

    private func addArchive(to lines: inout AlignedLines) {
        let parts = inspection.archive
        let bytes = parts.reduce(UInt64(0)) { $0 + $1.entry.byteCount }
        let range = parts.first.flatMap { first in parts.last?.last.map { "blocks \(first.entry.first) to \($0)" } }
        lines.add(
            "archive",
            "\(range ?? "no blocks"), \(Figures.count(parts.count, "file")), \(Figures.count(bytes, "byte"))"
        )
        for part in parts {
            let heights = part.last.map { "\(part.entry.first) to \($0)" } ?? "none"
            lines.add("", "\(part.entry.name)  \(heights), \(Figures.count(part.entry.byteCount, "byte"))")
            if let problem = part.problem { lines.add("damage", "\(part.entry.path): \(problem)") }
        }
        if inspection.archiveTornBytes > 0 {
            lines.add("", "\(Figures.count(inspection.archiveTornBytes, "byte")) at the end are not finished")
        }
    }

    private func addSnapshots(to lines: inout AlignedLines) {
        lines.add("snapshots", Figures.count(inspection.snapshots.count))
        for snapshot in inspection.snapshots {
            let bytes = snapshot.manifest.map { "\(Figures.count($0.byteCount, "byte")), " } ?? ""
            let certificate = snapshot.hasCertificate ? ", with its certificate" : ""
            lines.add("", "height \(snapshot.height)  \(bytes)\(snapshot.problem ?? "whole")\(certificate)")
        }
    }

    private func name(_ path: String) -> Substring { path.split(separator: "/").last ?? "" }
}
