import HotStuff

/// Random messages between replicas, and between a client and a replica.
extension SplitMix64 {
    mutating func blockRequest() -> BlockRequest {
        BlockRequest(target: digest(), at: quantity(), above: quantity())
    }

    mutating func blockResponse() -> BlockResponse {
        BlockResponse(target: digest(), blocks: list(fewerThan: 3) { $0.block() })
    }

    mutating func rangeRequest() -> RangeRequest { RangeRequest(above: quantity(), through: quantity()) }

    mutating func blockRange() -> BlockRange {
        below(3) == 0
            ? BlockRange(nothingAbove: quantity())
            : BlockRange(above: quantity(), blocks: list(fewerThan: 4) { $0.block() }, certificate: quorumCertificate())
    }

    mutating func snapshotName() -> SnapshotName { SnapshotName(height: quantity(), root: digest()) }

    mutating func snapshotRequest() -> SnapshotRequest {
        switch below(3) {
        case 0: .offer(above: quantity())
        case 1: .outline(snapshotName())
        default: .chunk(snapshotName(), UInt32(truncatingIfNeeded: number()))
        }
    }

    mutating func snapshotOffer() -> SnapshotOffer {
        let header = header()
        let point = SnapshotPoint(height: header.height, before: digest(), root: digest())
        let steps = list(fewerThan: 4) { generator in
            ExecutionStep(
                time: generator.quantity(),
                results: generator.digest(),
                root: generator.below(2) == 0 ? nil : generator.digest()
            )
        }
        return SnapshotOffer(
            manifest: SnapshotManifest(of: header, point: point, byteCount: number() >> 30),
            certificate: SnapshotCertificate(
                proof: StateProof(point: point, steps: steps),
                header: self.header(),
                finality: quorumCertificate()
            )
        )
    }

    mutating func snapshotOutline() -> SnapshotOutline {
        SnapshotOutline(name: snapshotName(), digests: list(fewerThan: 5) { $0.digest() }, foundation: blockRange())
    }

    mutating func snapshotChunk() -> SnapshotChunk {
        SnapshotChunk(name: snapshotName(), index: UInt32(truncatingIfNeeded: number()), bytes: bytes(fewerThan: 40))
    }

    mutating func snapshotAnswer() -> SnapshotAnswer {
        switch below(4) {
        case 0: .offer(snapshotOffer())
        case 1: .outline(snapshotOutline())
        case 2: .chunk(snapshotChunk())
        default: .nothing(snapshotRequest())
        }
    }

    /// The number of message kinds.
    static let messageKindCount = 14

    /// A message of the kind with a number.
    mutating func message(kind: Int) -> Message {
        switch kind {
        case 0: .proposal(proposal())
        case 1: .vote(vote())
        case 2: .timeout(timeout())
        case 3: .certificates(certificatePair())
        case 4: .commands(list(fewerThan: 4) { $0.command() })
        case 5: .blockRequest(blockRequest())
        case 6: .blockResponse(blockResponse())
        case 7: .echo(echo())
        case 8: .rangeRequest(rangeRequest())
        case 9: .blockRange(blockRange())
        case 10: .snapshotRequest(snapshotRequest())
        case 11: .snapshotAnswer(snapshotAnswer())
        case 12:
            .briefProposal(BriefProposal(header: header(), payload: block().payload, signature: proposal().signature))
        default: .plea(quantity())
        }
    }

    mutating func echo() -> Echo {
        Echo(vote: below(2) == 0 ? nil : vote(), timeout: below(2) == 0 ? nil : timeout())
    }

    mutating func outcome() -> CommandOutcome {
        switch below(5) {
        case 0: .executed(bytes(fewerThan: 24))
        case 1: .opened(session())
        case 2: .unknownSession
        case 3: .sequenceOutOfRange
        default: .replyForgotten
        }
    }

    mutating func result() -> CommandResult {
        CommandResult(key: commandKey(), command: digest(), height: quantity(), outcome: outcome())
    }

    mutating func status() -> ReplicaStatus {
        ReplicaStatus(
            replica: replica(),
            view: quantity(),
            leader: chance(oneIn: 4) ? nil : replica(),
            committedHeight: quantity(),
            committedBlock: digest(),
            executed: executed(),
            applicationState: digest(),
            executedCommands: number(),
            pendingCommands: number(),
            failedViews: number()
        )
    }

    mutating func request() -> ClientRequest {
        chance(oneIn: 4) ? .status : .submit(list(fewerThan: 4) { $0.command() })
    }

    mutating func response() -> ClientResponse {
        switch below(4) {
        case 0: .results(list(fewerThan: 4) { $0.result() })
        case 1: .busy(list(fewerThan: 4) { $0.commandKey() })
        case 2: .refused(list(fewerThan: 4) { $0.commandKey() })
        default: .status(status())
        }
    }
}
