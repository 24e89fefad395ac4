import HotStuffConfiguration

/// The result of `hotstuff bench cluster` as a page that needs nothing but itself.
struct ClusterPage: Sendable {
    let report: ClusterReport

    /// The page.
    var html: String {
        let figures = report.measurement.figures
        var plots = [timeline(of: figures), distribution(of: figures)]
        if report.curve.count > 1 { plots.append(curve) }
        let parts = report.measurement.microsecondsPerBlock.filter { $0.microseconds >= 1 }
        if !parts.isEmpty {
            plots.append(
                section(
                    "Where a block's time goes",
                    "Processor time at one replica, by what its threads do.",
                    Plot.bars(
                        "Where a block's time goes",
                        unit: "µs",
                        parts.map { (name: $0.kind, value: $0.microseconds) }
                    )
                )
            )
        }
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>hotstuff bench cluster</title>
            <style>
            body{font:15px/1.5 system-ui,sans-serif;color:#222;background:#fff;max-width:1360px;margin:2em auto;padding:0 1em}
            h1{font-size:1.4em;margin-bottom:.2em}h2{font-size:1.05em;margin:0}
            .plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(480px,100%),1fr));gap:1.5em}
            section p{margin:.1em 0 .4em;color:#555}svg{width:100%;height:auto}
            table{border-collapse:collapse;margin:1em 0}td{padding:.15em 1.2em .15em 0;vertical-align:top}
            td:first-child{color:#555}pre{overflow-x:auto;background:#f6f6f6;padding:.8em}
            </style>
            </head>
            <body>
            <h1>\(Figures.count(Int(figures.commandsPerSecond))) commands/s, \
            \(Plot.escape(Figures.milliseconds(figures.latency.median))) median latency</h1>
            <p>\(Plot.escape(report.setting.description))</p>
            <table>
            \(rows)
            </table>
            <div class="plots">
            \(plots.joined(separator: "\n"))
            </div>
            <details><summary>All figures</summary>
            <pre>\(Plot.escape(report.json.prettyText))</pre>
            </details>
            </body>
            </html>

            """
    }

    private var rows: String {
        report.lines.dropFirst().map { name, value in
            "<tr><td>\(Plot.escape(name))</td><td>\(Plot.escape(value))</td></tr>"
        }.joined(separator: "\n")
    }

    private func section(_ title: String, _ text: String, _ drawing: String) -> String {
        "<section><h2>\(Plot.escape(title))</h2><p>\(Plot.escape(text))</p>\(drawing)</section>"
    }

    private func timeline(of figures: LoadFigures) -> String {
        let length = Double(LoadFigures.intervalMilliseconds) / 1_000
        // The last interval is not over.
        let points = figures.timeline.dropLast().enumerated().map { (x: Double($0) * length, y: Double($1) / length) }
        return section(
            "Throughput over time",
            "Confirmed commands in each second.",
            Plot(
                title: "Throughput over time",
                xLabel: "seconds",
                yLabel: "commands/s",
                series: [Plot.Series(name: "throughput", points: points)]
            ).svg
        )
    }

    private func distribution(of figures: LoadFigures) -> String {
        section(
            "Latency",
            "How many of a hundred commands took no longer.",
            Plot(
                title: "Latency",
                xLabel: "percent of the commands",
                yLabel: "milliseconds",
                series: [
                    Plot.Series(
                        name: "latency",
                        points: figures.distribution.map { (x: $0.percent, y: $0.milliseconds) }
                    )
                ]
            ).svg
        )
    }

    private var curve: String {
        let points = report.curve.sorted { $0.outstanding < $1.outstanding }
        return section(
            "Latency against load",
            "One point for each number of commands on their way, from \(points.first?.outstanding ?? 0) to "
                + "\(points.last?.outstanding ?? 0).",
            Plot(
                title: "Latency against load",
                xLabel: "commands/s",
                yLabel: "milliseconds",
                series: [
                    Plot.Series(
                        name: "half of the commands",
                        points: points.map { (x: $0.figures.commandsPerSecond, y: $0.figures.latency.median) }
                    ),
                    Plot.Series(
                        name: "99 of a hundred",
                        points: points.map { (x: $0.figures.commandsPerSecond, y: $0.figures.latency.of99Percent) }
                    ),
                ]
            ).svg
        )
    }
}
