import HotStuff
import HotStuffConfiguration
import HotStuffStorage

/// What goes on of a chain, and what is lost, as it is shown to people before they decide.
struct RecoveryReport {
    let rescue: Rescue<RealDisk>
    let chain: RescuedChain<KeyValueStore>
    let old: ClusterConfiguration
    let next: ClusterConfiguration

    /// The lines.
    var text: String {
        var lines = AlignedLines()
        let height = chain.header.height
        lines.add(
            "goes on",
            "block \(height), \(chain.header.id.short)… of view \(chain.header.view), the highest that a quorum certified"
        )
        if chain.finalHeight < height {
            lines.add(
                "",
                "final through \(chain.finalHeight); what is above is certified, may have been final, and goes on with it"
            )
        }
        lines.add("state", state)
        for notice in chain.notices { lines.add("", "passed over: \(notice)") }
        for line in lost { lines.add("lost", line) }
        lines.add("new chain", "\(next.genesis.chain), epoch \(chain.origin.epoch), from height \(height) on")
        if rescue.isNeedless {
            lines.add(
                "needless",
                "the directories are those of a quorum: start these replicas, and the chain goes on by itself"
            )
        }
        return lines.text
    }

    private var state: String {
        let start =
            chain.startPath.map { "from the snapshot of height \(chain.startHeight) in \($0)" }
            ?? "from the first block"
        guard let proved = chain.provedHeight else {
            return "\(start); no quorum has confirmed it, it is the word of that directory alone"
        }
        return "\(start), confirmed by a quorum through height \(proved)"
    }

    /// What does not go on.
    private var lost: [String] {
        let losses = chain.losses
        let height = chain.header.height
        var lines: [String] = []
        if let final = losses.finalHeight {
            lines.append(
                "blocks \(height.next ?? height) to \(final), which were FINAL, and cannot be restored from these directories"
            )
        }
        for statement in losses.certified {
            lines.append(
                "block \(statement.height) of view \(statement.view), which was certified: no directory has all that leads to it"
            )
        }
        if losses.uncertifiedBlocks > 0 {
            let commands = losses.commands.prefix(8).map(\.name).joined(separator: " ")
            let more = losses.commands.count > 8 ? " ..." : ""
            lines.append(
                "\(Figures.count(losses.uncertifiedBlocks, "block")) that no certificate leads to, with "
                    + "\(Figures.count(losses.commands.count, "command")) not executed\(commands.isEmpty ? "" : ": " + commands + more)"
            )
        }
        lines.append("what other replicas made final above height \(height): nobody can know what it was")
        lines.append(
            "receipts and answers for heights above \(height): they are void, and clients must send those commands again"
        )
        lines.append("commands that waited to be ordered: clients must send them again")
        return lines
    }

    /// What to do with what was written.
    func nextSteps(in path: String, byteCount: UInt64) -> String {
        Failure.printable("\(path)/config.json describes the new chain, for all replicas and clients") + "\n"
            + Failure.printable(
                "\(path)/data holds the state behind block \(chain.header.height), \(Figures.count(byteCount, "byte"))"
            )
                + """


                next, for every replica and listener of the new chain:
                  put a copy of data where its data directory shall be, and keep the old one elsewhere
                  hotstuff run --id ID --config config.json --key KEY --data-dir COPY
                keep data: whoever loses its directory later, or joins as a new listener, begins with a copy of it again
                """
    }

    /// The object for programs.
    func json(in path: String) -> JSONValue {
        let losses = chain.losses
        return .object([
            "aside": .list(
                rescue.aside.map { .object(["path": .string($0.path), "reason": .string($0.reason)]) }
            ),
            "block": .string("\(chain.header.id)"),
            "chain": .string("\(next.genesis.chain)"),
            "config": .string("\(path)/config.json"),
            "data": .string("\(path)/data"),
            "directories": .list(rescue.sources.map(json)),
            "epoch": .integer(chain.origin.epoch.rawValue),
            "finalHeight": .integer(chain.finalHeight.rawValue),
            "height": .integer(chain.header.height.rawValue),
            "intactPower": .integer(rescue.intactPower.rawValue),
            "isNeedless": .boolean(rescue.isNeedless),
            "lost": .object([
                "certifiedBlocks": .integer(UInt64(losses.certified.count)),
                "commands": .list(losses.commands.map { .string($0.name) }),
                "finalHeight": losses.finalHeight.map { .integer($0.rawValue) } ?? .null,
                "uncertifiedBlocks": .integer(UInt64(losses.uncertifiedBlocks)),
            ]),
            "oldChain": .string("\(old.genesis.chain)"),
            "passedOver": .list(chain.notices.map { .string($0) }),
            "provedHeight": chain.provedHeight.map { .integer($0.rawValue) } ?? .null,
            "startHeight": .integer(chain.startHeight.rawValue),
            "state": .string("\(chain.origin.state)"),
            "view": .integer(chain.header.view.rawValue),
        ])
    }

    private func json(_ source: RescueSource<RealDisk>) -> JSONValue {
        .object([
            "certifiedHeight": source.certified.map { .integer($0.height.rawValue) } ?? .null,
            "finalHeight": source.finalHeight.map { .integer($0.rawValue) } ?? .null,
            "isForgetful": .boolean(source.isForgetful),
            "path": .string(source.path),
            "problems": .list(source.problems.map { .string($0) }),
            "replica": source.replica.map { .integer(UInt64($0.rawValue)) } ?? .null,
            "snapshots": .list(source.snapshotHeights.map { .integer($0.rawValue) }),
        ])
    }
}
