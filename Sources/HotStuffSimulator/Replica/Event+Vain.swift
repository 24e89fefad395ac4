internal import HotStuff

extension Event {
    /// Whether it mostly changes nothing that anybody could see, so that there is nothing to judge if nothing follows from it.
    ///
    /// What should have followed shows at the next event of another kind, or by the time.
    var isOftenVain: Bool {
        switch self {
        case .received(.vote, _), .durable, .signed: true
        case .received, .clock, .mined, .connected, .disconnected, .refused, .damaged, .submitted, .forgotten,
            .executed,
            .segmentIsFull,
            .snapshotBegun, .chunkKept, .snapshotFailed:
            false
        }
    }
}
