import HotStuff
import HotStuffConfiguration
import HotStuffStorage

// A data directory, as it is told to programs.
extension InspectionReport {
    /// The object.
    var json: JSONValue {
        let identity = inspection.segments.identity
        return .object([
            "archive": archive,
            "certificates": .object([
                "quorum": inspection.journal.quorumCertificate?.json ?? .null,
                "timeout": inspection.journal.timeoutCertificate?.json ?? .null,
            ]),
            "chain": text(inspection.chain?.description),
            "directory": .string(directory),
            "durability": .string(inspection.marks.isUnsynced ? "process-crash" : "power-loss"),
            "executing": executing,
            "identity": text(inspection.marks.identity),
            "journal": journal,
            "lease": number(inspection.marks.lease?.rawValue),
            "machineRestarted": .boolean(inspection.marks.isStale),
            "owner": text(identity?.owner.description),
            "process": number(inspection.marks.process.map { UInt64(clamping: $0) }),
            "safety": inspection.journal.safety.map(safety) ?? .null,
            "skipped": .list(inspection.marks.skipped.map { .string($0.name) }),
            "skippedProblem": text(inspection.marks.skipListProblem),
            "snapshots": .list(inspection.snapshots.map(snapshot)),
        ])
    }

    private func text(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }

    private func number(_ number: UInt64?) -> JSONValue { number.map { .integer($0) } ?? .null }

    private var executing: JSONValue {
        guard let height = inspection.marks.executingHeight else { return .null }
        return .object([
            "attempts": .integer(UInt64(inspection.marks.attempts)),
            "command": text(inspection.marks.executing?.key.name),
            "height": .integer(height.rawValue),
        ])
    }

    private var journal: JSONValue {
        let journal = inspection.journal
        return .object([
            "batches": .integer(journal.batches),
            "committed": journal.committed.map {
                .object(["block": .string("\($0.block)"), "height": .integer($0.height.rawValue)])
            } ?? .null,
            "lastRecord": journal.lastRecord.map {
                .object([
                    "batch": .integer(journal.lastSequence),
                    "bytes": .integer(UInt64($0.length)),
                    "offset": .integer($0.offset),
                    "segment": .integer($0.segment),
                ])
            } ?? .null,
            "problem": text(journal.problem),
            "records": .integer(journal.records),
            "segments": .list(
                inspection.segments.entries.map {
                    .object([
                        "bytes": .integer($0.byteCount),
                        "committedHeight": number($0.committed?.rawValue),
                        "firstBatch": number($0.firstSequence),
                        "number": .integer($0.number),
                        "path": .string($0.path),
                        "problem": text($0.problem?.description),
                    ])
                }
            ),
            "tornBytes": .integer(journal.tornBytes),
        ])
    }

    private func safety(_ record: SafetyRecord) -> JSONValue {
        let forgotten = record.forgottenThrough
        return .object([
            "epoch": .integer(record.epoch.rawValue),
            "forgottenThrough": forgotten == .unknown ? .string("unknown") : number(forgotten?.rawValue),
            "lastProposalBlock": text(record.lastProposal?.block.description),
            "lastProposalView": number(record.lastProposal?.view.rawValue),
            "lastTimedOutView": .integer(record.lastTimedOutView.rawValue),
            "lastVoteBlock": text(record.lastVote?.block.description),
            "lastVoteHeight": number(record.lastVote?.height.rawValue),
            "lastVotedView": .integer(record.lastVotedView.rawValue),
            "lockedView": .integer(record.lockedView.rawValue),
        ])
    }

    private var archive: JSONValue {
        let parts = inspection.archive
        return .object([
            "files": .list(
                parts.map {
                    .object([
                        "bytes": .integer($0.entry.byteCount),
                        "firstHeight": .integer($0.entry.first.rawValue),
                        "lastHeight": number($0.last?.rawValue),
                        "path": .string($0.entry.path),
                        "problem": text($0.problem),
                    ])
                }
            ),
            "firstHeight": number(parts.first?.entry.first.rawValue),
            "lastHeight": number(parts.last?.last?.rawValue),
            "tornBytes": .integer(inspection.archiveTornBytes),
        ])
    }

    private func snapshot(_ snapshot: DirectoryInspection.Snapshot) -> JSONValue {
        .object([
            "block": text(snapshot.manifest?.block.description),
            "bytes": number(snapshot.manifest?.byteCount),
            "hasCertificate": .boolean(snapshot.hasCertificate),
            "height": .integer(snapshot.height.rawValue),
            "isWhole": .boolean(snapshot.problem == nil),
            "path": .string(snapshot.path),
            "problem": text(snapshot.problem),
        ])
    }
}
