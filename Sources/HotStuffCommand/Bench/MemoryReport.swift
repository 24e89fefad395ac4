import HotStuffConfiguration

/// What `hotstuff bench memory` measured.
struct MemoryReport: Equatable, Sendable {
    /// The memory of all replicas when the chain had some height.
    struct Sample: Equatable, Sendable {
        /// The height that all replicas had executed.
        let height: UInt64
        /// The resident memory of each replica, in megabytes; 0 where the system does not tell.
        let megabytes: [Double]
    }

    /// The height that all replicas reached.
    let blocks: UInt64
    /// How long that took.
    let seconds: Double
    /// The memory on the way, by height.
    let samples: [Sample]
    /// The length of all files of each replica in the end.
    let diskBytes: [UInt64]
    /// How long a replica that crashed in the end took to start again, until it answered.
    let restartSeconds: Double

    /// By how many percent the replica that grew most did so between the first look and the last one.
    var growthPercent: Double {
        guard let first = samples.first, let last = samples.last else { return 0 }
        return zip(first.megabytes, last.megabytes).map { $0 > 0 ? ($1 / $0 - 1) * 100 : 0 }.max() ?? 0
    }

    /// The report as JSON.
    var json: JSONValue {
        .object([
            "blocks": .integer(blocks),
            "seconds": .rounded(seconds),
            "blocksPerSecond": .rounded(Double(blocks) / seconds),
            "growthPercent": .rounded(growthPercent),
            "restartSeconds": .rounded(restartSeconds),
            "diskMegabytes": .list(diskBytes.map { .rounded(Double($0) / 1e6) }),
            "samples": .list(
                samples.map { sample in
                    .object([
                        "height": .integer(sample.height),
                        "residentMegabytes": .list(sample.megabytes.map { .rounded($0) }),
                    ])
                }
            ),
        ])
    }

    /// The report for people.
    var text: String {
        let rows = samples.map { sample in
            [Figures.count(sample.height)] + sample.megabytes.map { Figures.decimal($0, digits: 1) }
        }
        let heads = ["height"] + (samples.first?.megabytes.indices.map { "replica \($0), MB" } ?? [])
        let disk = diskBytes.map { Figures.decimal(Double($0) / 1e6, digits: 0) }.joined(separator: ", ")
        let note = """
            \(Figures.count(blocks)) blocks at \(Figures.count(UInt64(Double(blocks) / seconds))) blocks/s; the memory of the \
            replica that grew most changed by \(Figures.decimal(growthPercent, digits: 1)) % from the first line to the last; \
            on the disks are \(disk) MB; \
            one that crashes starts again in \(Figures.milliseconds(restartSeconds * 1_000))
            """
        return TextTable(header: heads, note: note, rows: rows).text
    }
}
