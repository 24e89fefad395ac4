internal import HotStuff

// What a deed is to the trace, and whose processor it needs.
extension Simulation.Deed {
    /// Whose processor it needs; nobody's, if it happens to replicas and not in them.
    var actor: Int? {
        switch self {
        case .deliver(_, _, let index), .clock(let index, _), .write(let index, _), .sign(let index, _, _),
            .execute(let index, _), .mined(let index, _, _, _), .request(_, _, let index),
            .connection(let index, _, _, _):
            index
        case .respond, .client, .lie, .post, .fault, .restart, .cut, .mend, .repairDisk: nil
        }
    }

    /// Its kind, for the trace.
    var mark: UInt8 {
        switch self {
        case .deliver: 1
        case .clock: 2
        case .write: 3
        case .sign: 4
        case .execute: 5
        case .request: 6
        case .respond: 7
        case .client: 8
        case .lie: 9
        case .post: 10
        case .fault: 11
        case .restart: 12
        case .cut: 13
        case .mend: 14
        case .connection: 15
        case .repairDisk: 16
        case .mined: 17
        }
    }

    /// What sets it apart from others of its kind, for the trace.
    var content: UInt64 {
        switch self {
        case .deliver(let envelope, let sender, _): envelope.mark ^ UInt64(sender.rawValue)
        case .clock(_, let wish): UInt64(truncatingIfNeeded: wish)
        case .write(_, let incarnation), .execute(_, let incarnation): UInt64(truncatingIfNeeded: incarnation)
        case .sign(_, let request, _): request.digest.word0 ^ request.number
        case .mined(_, let puzzle, let wish, _):
            puzzle.view.rawValue << 24 ^ UInt64(truncatingIfNeeded: wish) << 8 ^ UInt64(puzzle.difficulty)
        case .request(_, let client, _): UInt64(truncatingIfNeeded: client)
        case .respond(let response, let client, let index):
            Envelope.mark(of: Frame.encode(response)) ^ UInt64(truncatingIfNeeded: client << 16 | index)
        case .client(let index, let wish): UInt64(truncatingIfNeeded: index << 32 | wish)
        case .lie(let index), .restart(let index), .repairDisk(let index): UInt64(truncatingIfNeeded: index)
        case .post(let envelope, let index, let peer):
            envelope.mark ^ UInt64(truncatingIfNeeded: index << 16) ^ UInt64(peer.rawValue)
        case .fault: 0
        case .cut(let links, let duration): duration ^ UInt64(truncatingIfNeeded: links.count)
        case .mend(let links, let era): UInt64(truncatingIfNeeded: era << 16 | links.count)
        case .connection(_, _, let peer, let isUp): UInt64(peer.rawValue) << 1 | (isUp ? 1 : 0)
        }
    }
}
