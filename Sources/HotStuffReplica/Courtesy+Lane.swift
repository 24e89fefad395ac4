internal import HotStuff
internal import HotStuffTransport

extension Courtesy {
    /// The lane in which it travels.
    var lane: Lane {
        switch self {
        case .certificates: .consensus
        case .commands: .commands
        case .blockRequest, .rangeRequest, .snapshotRequest: .sync
        case .echo, .plea: .consensus
        }
    }
}
