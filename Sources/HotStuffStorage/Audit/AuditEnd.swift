internal import HotStuff

/// What ends an audit early.
enum AuditEnd: Error {
    case fault(AuditReport.Fault)
    case refused(AuditRefusal)
}

extension AuditEnd {
    init(_ error: ArchiveError, height: Height?, path: String) {
        switch error {
        case .disk(let error): self = .refused(.disk(error))
        case .unknownFormat(let path, let found, let known):
            self = .refused(.unknownFormat(path: path, what: "archive", found: found, known: known))
        case .wrongChain(let path, let found, let expected):
            self = .refused(.otherChain(path: path, found: found, expected: expected))
        case .notAnArchive(let path):
            self = .fault(.init(height: height, file: path, detail: "it does not begin like a data file of an archive"))
        case .damagedHeader(let path):
            self = .fault(
                .init(height: height, file: path, detail: "its header is damaged, and so is the copy in the index")
            )
        case .gap, .brokenChain, .notNext, .wrongParent, .foreignBlock, .notFinal, .conflict, .tooLarge, .missing,
            .damaged, .unknownName, .wrongRepair, .alreadyHolds, .stopped:
            self = .fault(.init(height: height, file: path, detail: error.description))
        }
    }

    init(_ error: JournalError, height: Height?, path: String) {
        switch error {
        case .disk(let error): self = .refused(.disk(error))
        case .unknownFormat(let path, let found, let known):
            self = .refused(.unknownFormat(path: path, what: "journal", found: found, known: known))
        case .wrongChain(let path, let found, let expected):
            self = .refused(.otherChain(path: path, found: found, expected: expected))
        case .wrongOwner(let path, let found, _): self = .refused(.otherOwner(path: path, found: found))
        case .notAJournal(let path):
            self = .fault(.init(height: height, file: path, detail: "it does not begin like a segment of a journal"))
        case .missing(let path):
            self = .fault(
                .init(height: height, file: path, detail: "it is missing, although the journal goes on behind it")
            )
        case .misplaced(let path, let reason):
            self = .fault(.init(height: height, file: path, detail: "it does not belong here: \(reason)"))
        case .damaged(let path, let offset, let reason):
            self = .fault(.init(height: height, file: path, detail: "it is damaged at byte \(offset): \(reason)"))
        case .storedBatchTooLarge(let path, let offset, let bytes, _):
            self = .fault(
                .init(height: height, file: path, detail: "it has a batch of \(bytes) bytes at byte \(offset)")
            )
        case .rejected(let path, let offset, let reason):
            self = .fault(
                .init(
                    height: height,
                    file: path,
                    detail: "its record at byte \(offset) does not belong there: \(reason)"
                )
            )
        case .removed, .batchTooLarge, .labelTooLong, .stopped:
            self = .fault(.init(height: height, file: path, detail: error.description))
        }
    }

    init(_ fault: ChainFault) {
        self = .fault(.init(height: fault.height, file: fault.source, detail: fault.reason.description))
    }
}
