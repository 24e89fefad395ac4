import HotStuff
import HotStuffConfiguration
import HotStuffStorage

/// What an audit says in the end.
struct VerificationReport {
    /// The directory, as the user named it.
    let directory: String
    let audit: AuditReport
    let seconds: Double

    /// The lines for people.
    var text: String {
        let counts = audit.counts
        let rate = seconds > 0 ? UInt64(Double(counts.blocks) / seconds) : 0
        var lines = AlignedLines()
        lines.add("blocks", "\(Figures.count(counts.blocks))\(range), \(Figures.count(rate)) blocks/s")
        lines.add("final", "through height \(audit.provedHeight) by certificates")
        lines.add("certificates", Figures.count(counts.certificates))
        lines.add("signatures", Figures.count(counts.signatures))
        lines.add("snapshots", Figures.count(audit.snapshots))
        lines.add("journal", "\(Figures.count(audit.records)) records")
        if audit.tornBytes > 0 {
            lines.add("not finished", "\(Figures.count(audit.tornBytes)) bytes at the end of the files")
        }
        lines.add("time", Figures.milliseconds(seconds * 1_000))
        lines.add("result", audit.fault == nil ? "whole" : "not whole")
        return lines.text
    }

    /// The object for programs.
    var json: JSONValue {
        .object([
            "blocks": .integer(audit.counts.blocks),
            "certificates": .integer(audit.counts.certificates),
            "fault": audit.fault.map(VerificationReport.json) ?? .null,
            "finalHeight": .integer(audit.provedHeight.rawValue),
            "firstHeight": audit.heights.map { .integer($0.lowerBound.rawValue) } ?? .null,
            "lastHeight": audit.heights.map { .integer($0.upperBound.rawValue) } ?? .null,
            "records": .integer(audit.records),
            "replica": audit.replica.map { .integer(UInt64($0.index)) } ?? .null,
            "seconds": .rounded(seconds),
            "signatures": .integer(audit.counts.signatures),
            "snapshots": .integer(UInt64(audit.snapshots)),
            "tornBytes": .integer(audit.tornBytes),
        ])
    }

    /// The fault as the program's last line; none if all is whole.
    var failure: Failure? {
        audit.fault.map { fault in
            let place = fault.height.map { "height \($0) in \(fault.file)" } ?? fault.file
            return Failure(.no, "\(place): \(fault.detail)", advice: "keep a copy of \(directory) and check its disk")
        }
    }

    private var range: String {
        audit.heights.map { ", heights \($0.lowerBound) to \($0.upperBound)" } ?? ""
    }

    private static func json(_ fault: AuditReport.Fault) -> JSONValue {
        .object([
            "detail": .string(fault.detail),
            "file": .string(fault.file),
            "height": fault.height.map { .integer($0.rawValue) } ?? .null,
        ])
    }
}
