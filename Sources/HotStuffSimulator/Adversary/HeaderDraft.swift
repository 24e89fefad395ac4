internal import HotStuff

/// A header whose fields can still be changed.
struct HeaderDraft {
    var version: UInt16
    var chain: Digest
    var epoch: Epoch
    var view: View
    var height: Height
    var parent: Digest
    var justifyView: View
    var proposer: ReplicaID
    var payloadDigest: Digest
    var nextValidatorSet: Digest
    var executed: ExecutedState
    var time: Timestamp
    var work: Work

    init(_ header: BlockHeader) {
        version = header.version
        chain = header.chain
        epoch = header.epoch
        view = header.view
        height = header.height
        parent = header.parent
        justifyView = header.justifyView
        proposer = header.proposer
        payloadDigest = header.payloadDigest
        nextValidatorSet = header.nextValidatorSet
        executed = header.executed
        time = header.time
        work = header.work
    }

    /// The header as it stands.
    var header: BlockHeader {
        BlockHeader(
            version: version,
            chain: chain,
            epoch: epoch,
            view: view,
            height: height,
            parent: parent,
            justifyView: justifyView,
            proposer: proposer,
            payloadDigest: payloadDigest,
            nextValidatorSet: nextValidatorSet,
            executed: executed,
            time: time,
            work: work
        )
    }
}

extension BlockHeader {
    /// The header with some fields changed.
    func with(_ change: (inout HeaderDraft) -> Void) -> BlockHeader {
        var draft = HeaderDraft(self)
        change(&draft)
        return draft.header
    }
}
