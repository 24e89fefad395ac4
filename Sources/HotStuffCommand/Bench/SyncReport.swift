import HotStuffConfiguration

/// What `hotstuff bench sync` measured.
struct SyncReport: Equatable, Sendable {
    /// The number of final blocks.
    let blocks: UInt64
    /// The number of commands in each.
    let blockSize: Int
    /// From the start of the newcomer's process until the last block is executed there.
    let seconds: Double
    /// The most memory that the newcomer had, in megabytes; 0 where the system does not tell.
    let residentMegabytes: Double
    /// How long a replica with the whole chain took to start again, until it answered.
    let restartSeconds: Double

    /// The report as JSON.
    var json: JSONValue {
        .object([
            "blocks": .integer(blocks),
            "blockSize": .integer(UInt64(blockSize)),
            "seconds": .rounded(seconds),
            "blocksPerSecond": .rounded(Double(blocks) / seconds),
            "commandsPerSecond": .rounded(Double(blocks) * Double(blockSize) / seconds),
            "residentMegabytes": .rounded(residentMegabytes),
            "restartSeconds": .rounded(restartSeconds),
        ])
    }

    /// The report for people.
    var text: String {
        let rate = UInt64(Double(blocks) / seconds)
        let commands = Figures.count(rate * UInt64(blockSize))
        return "\(Figures.count(blocks)) blocks of \(blockSize) in \(Figures.milliseconds(seconds * 1_000)): "
            + "\(Figures.count(rate)) blocks/s, \(commands) commands/s, at most \(Int(residentMegabytes)) MB; "
            + "a replica that has them starts again in \(Figures.milliseconds(restartSeconds * 1_000))"
    }
}
