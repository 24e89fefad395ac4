import HotStuffConfiguration

/// What `hotstuff bench state` measured.
struct StateReport: Equatable, Sendable {
    /// The resident memory of the process, in megabytes; 0 where the system does not tell.
    struct Memory: Equatable, Sendable {
        /// Before anything was asked for.
        let before: Double
        /// The most until the state was loaded.
        let peak: Double
        /// When it was loaded.
        let after: Double
    }

    /// The length of the application's state.
    let stateBytes: UInt64
    /// The length of the snapshot's content, sessions included.
    let snapshotBytes: UInt64
    /// The length of all messages to the newcomer.
    let receivedBytes: UInt64
    /// From the first question until the snapshot is durable under its name.
    let transferSeconds: Double
    /// From then until the state is restored and checked, and the archive begun.
    let loadSeconds: Double
    /// The memory on the way.
    let residentMegabytes: Memory
    /// Whether the newcomer has the state that the snapshot was written from, by its digests.
    let statesEqual: Bool

    /// By how much the memory may grow, in megabytes, however long the state is.
    static let memoryBound = 64.0

    /// By how much it grew.
    var growthMegabytes: Double { residentMegabytes.peak - residentMegabytes.before }

    /// Why the measurement counts as failed, if it does.
    var failure: Failure? {
        if !statesEqual {
            return Failure(
                .no,
                "the newcomer has another state than the one that it took",
                advice: "please report this, with the command line"
            )
        }
        guard growthMegabytes > Self.memoryBound else { return nil }
        return Failure(
            .no,
            "memory grew by \(Figures.decimal(growthMegabytes, digits: 1)) MB, more than \(Int(Self.memoryBound)) MB",
            advice: "please report this, with the command line"
        )
    }

    private func speed(_ seconds: Double) -> Double { seconds > 0 ? Double(stateBytes) / 1e6 / seconds : 0 }

    /// The report as JSON.
    var json: JSONValue {
        .object([
            "bytes": .integer(stateBytes),
            "snapshotBytes": .integer(snapshotBytes),
            "receivedBytes": .integer(receivedBytes),
            "seconds": .rounded(transferSeconds + loadSeconds),
            "megabytesPerSecond": .rounded(speed(transferSeconds + loadSeconds)),
            "transferSeconds": .rounded(transferSeconds),
            "transferMegabytesPerSecond": .rounded(speed(transferSeconds)),
            "loadSeconds": .rounded(loadSeconds),
            "loadMegabytesPerSecond": .rounded(speed(loadSeconds)),
            "residentMegabytes": .object([
                "before": .rounded(residentMegabytes.before),
                "peak": .rounded(residentMegabytes.peak),
                "after": .rounded(residentMegabytes.after),
            ]),
            "growthMegabytes": .rounded(growthMegabytes),
            "boundMegabytes": .rounded(Self.memoryBound),
            "statesEqual": .boolean(statesEqual),
        ])
    }

    /// The report for people.
    var text: String {
        let rows = [("taken", transferSeconds), ("loaded", loadSeconds), ("both", transferSeconds + loadSeconds)].map {
            [$0.0, Figures.milliseconds($0.1 * 1_000), Figures.decimal(speed($0.1), digits: 0)]
        }
        let memory = residentMegabytes
        let note = """
            a state of \(Figures.count(stateBytes)) bytes; memory \(Figures.decimal(memory.before, digits: 1)) MB before, at most \
            \(Figures.decimal(memory.peak, digits: 1)) MB, \(Figures.decimal(memory.after, digits: 1)) MB in the end; \
            the states are \(statesEqual ? "equal" : "NOT EQUAL")
            """
        return TextTable(header: ["", "time", "MB/s"], note: note, rows: rows).text
    }
}
