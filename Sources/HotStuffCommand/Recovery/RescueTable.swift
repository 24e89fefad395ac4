import HotStuff
import HotStuffConfiguration
import HotStuffStorage

/// What is in the directories that are left, as it is shown to people.
struct RescueTable {
    let rescue: Rescue<RealDisk>
    let cluster: ClusterConfiguration

    /// The lines.
    var text: String {
        var lines = AlignedLines()
        let validators = cluster.genesis.validators
        lines.add("chain", "\"\(cluster.name)\" \(cluster.genesis.chain)")
        lines.add(
            "replicas",
            "\(cluster.replicas.count), power \(validators.totalPower), of which \(validators.quorum) is a quorum"
        )
        lines.add(
            "intact",
            "power \(rescue.intactPower), in \(rescue.sources.count == 1 ? "1 directory" : "\(rescue.sources.count) directories")"
        )
        let table = TextTable(
            header: ["directory", "replica", "final", "certified", "archive", "snapshots", "found"],
            note: "",
            rows: rescue.sources.map(row)
        )
        let shown = table.text.split(separator: "\n").map(String.init)
        let aside = rescue.aside.map { "left aside: \($0.path): \($0.reason)" }
        let problems = rescue.sources.flatMap { source in source.problems.map { "damage in \(source.path): \($0)" } }
        return ([lines.text, ""] + (shown + aside + problems).map(Failure.printable)).joined(separator: "\n")
    }

    private func row(_ source: RescueSource<RealDisk>) -> [String] {
        let archive = source.archived.map { "\($0.lowerBound)-\($0.upperBound)" } ?? "none"
        let snapshots = source.snapshotHeights.map { "\($0)" }.joined(separator: ",")
        let found =
            !source.problems.isEmpty
            ? "damage, see below" : source.isForgetful ? "may have forgotten what it signed" : "whole"
        return [
            source.path, source.replica.map { "\($0)" } ?? "?", source.finalHeight.map { "\($0)" } ?? "none",
            source.certified.map { "\($0.height)" } ?? "none", archive, snapshots.isEmpty ? "none" : snapshots, found,
        ]
    }
}
