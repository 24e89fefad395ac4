import HotStuff

/// The three lines that show where a demo stands.
struct ProgressBlock {
    /// What is known.
    let snapshot: DemoState.Snapshot
    /// The number of replicas.
    let replicas: Int

    /// The lines, none longer than some columns, coloured for a terminal.
    func lines(width: Int, terminal: Terminal) -> [String] {
        let confirmed = Figures.count(snapshot.confirmed)
        let percent = snapshot.total == 0 ? 100 : snapshot.confirmed * 100 / snapshot.total
        let progress = "\(bar(columns: min(40, width / 2))) \(confirmed) of \(Figures.count(snapshot.total)) commands"
        let figures = [
            "height \(snapshot.height)", "\(Figures.count(Int(snapshot.commandsPerSecond))) commands/s",
            "latency \(Figures.milliseconds(snapshot.latency(percentile: 50))) p50, "
                + "\(Figures.milliseconds(snapshot.latency(percentile: 99))) p99",
        ]
        return [
            String("\(progress), \(percent) %".prefix(width)),
            String(figures.joined(separator: "   ").prefix(width)),
            replicaLine(width: width, terminal: terminal),
        ]
    }

    private func bar(columns: Int) -> String {
        let full = snapshot.total == 0 ? columns : columns * snapshot.confirmed / snapshot.total
        return "[" + String(repeating: "#", count: full) + String(repeating: "-", count: columns - full) + "]"
    }

    /// One entry for each replica, as many as fit; colours take no columns.
    private func replicaLine(width: Int, terminal: Terminal) -> String {
        var line = "replicas"
        var columns = line.count
        for index in 0..<replicas {
            let (text, color) = entry(of: ReplicaID(UInt16(index)))
            columns += 3 + text.count
            guard columns <= width else { break }
            line += "   " + (color.map { terminal.colored(text, $0) } ?? text)
        }
        return line
    }

    private func entry(of replica: ReplicaID) -> (String, Terminal.Color?) {
        if snapshot.down == replica { return ("\(replica): down", .red) }
        guard let status = snapshot.statuses[replica] else { return ("\(replica): silent", .yellow) }
        let place = "\(replica): \(status.committedHeight)"
        return snapshot.leader == replica ? ("\(place) leads", .green) : (place, nil)
    }
}
