/// A drawing of numbers that are not negative as SVG, which stands by itself.
struct Plot: Sendable {
    /// Points that belong together.
    struct Series: Sendable {
        var name: String
        var points: [(x: Double, y: Double)]
    }

    var title: String
    var xLabel: String
    var yLabel: String
    var series: [Series]

    private static let (width, height) = (640.0, 320.0)
    private static let (left, right, top, bottom) = (72.0, 32.0, 36.0, 48.0)
    private static let colours = ["#2166ac", "#b2182b", "#4d9221", "#762a83"]

    /// The drawing: a line through the points of each series, axes, and the names of the series if there are several.
    var svg: String {
        let points = series.flatMap(\.points)
        let highest = Self.roundUp(points.map(\.y).max() ?? 1)
        let span = Self.roundUp(points.map(\.x).max() ?? 1)
        func x(_ value: Double) -> Double {
            Self.left + value / span * (Self.width - Self.left - Self.right)
        }
        func y(_ value: Double) -> Double {
            Self.height - Self.bottom - value / highest * (Self.height - Self.top - Self.bottom)
        }
        var lines = Self.beginning(title)
        for step in 0...4 {
            let value = highest * Double(step) / 4
            let height = Self.number(y(value))
            lines.append(
                "<line x1='\(Self.number(Self.left))' x2='\(Self.number(Self.width - Self.right))' y1='\(height)' y2='\(height)' class='grid'/>"
            )
            lines.append(Self.text(Self.tick(value), Self.left - 6, y(value) + 4, "end"))
        }
        for step in 0...4 {
            let value = span * Double(step) / 4
            lines.append(Self.text(Self.tick(value), x(value), Self.height - Self.bottom + 16, "middle"))
        }
        for (index, series) in series.enumerated() {
            let colour = Self.colours[index % Self.colours.count]
            let path = series.points.map { "\(Self.number(x($0.x))),\(Self.number(y($0.y)))" }.joined(separator: " ")
            lines.append("<polyline points='\(path)' fill='none' stroke='\(colour)' stroke-width='2'/>")
            if series.points.count <= 40 {
                for point in series.points {
                    lines.append(
                        "<circle cx='\(Self.number(x(point.x)))' cy='\(Self.number(y(point.y)))' r='3' fill='\(colour)'/>"
                    )
                }
            }
            guard self.series.count > 1 else { continue }
            let top = Self.top + 14 + Double(index) * 16
            lines.append(Self.text(series.name, Self.left + 12, top, "start", colour: colour))
        }
        lines.append(Self.text(xLabel, (Self.left + Self.width - Self.right) / 2, Self.height - 10, "middle"))
        lines.append(Self.text(yLabel, 8, Self.top - 10, "start"))
        return (lines + ["</svg>"]).joined(separator: "\n")
    }

    /// Bars beside each other, each with its name and its number.
    ///
    /// - Parameters:
    ///   - title: what they show.
    ///   - unit: of what the numbers are.
    ///   - bars: the names and the numbers.
    /// - Returns: the drawing.
    static func bars(_ title: String, unit: String, _ bars: [(name: String, value: Double)]) -> String {
        let highest = max(bars.map(\.value).max() ?? 1, .leastNonzeroMagnitude)
        let rowHeight = 26.0
        let height = top + rowHeight * Double(bars.count) + 12
        var lines = beginning(title, height: height)
        for (index, bar) in bars.enumerated() {
            let y = top + rowHeight * Double(index)
            let length = bar.value / highest * (width - 260)
            lines.append(text(bar.name, 120, y + 16, "end"))
            lines.append(
                "<rect x='128' y='\(number(y + 4))' width='\(number(length))' height='16' fill='\(colours[0])'/>"
            )
            lines.append(text("\(tick(bar.value)) \(unit)", 134 + length, y + 16, "start"))
        }
        return (lines + ["</svg>"]).joined(separator: "\n")
    }

    /// The next number that people like at the end of an axis.
    private static func roundUp(_ value: Double) -> Double {
        guard value > 0, value.isFinite else { return 1 }
        var unit = 1.0
        while unit * 10 <= value { unit *= 10 }
        while unit > value { unit /= 10 }
        // A quarter of each is a number that people like, too.
        return [1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 10].map { $0 * unit }.first { $0 >= value } ?? value
    }

    private static func beginning(_ title: String, height: Double = Self.height) -> [String] {
        [
            "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 \(number(width)) \(number(height))' role='img' "
                + "aria-label='\(escape(title))'>",
            "<style>text{font:12px system-ui,sans-serif;fill:#333}.grid{stroke:#ddd}</style>",
        ]
    }

    private static func text(
        _ text: String,
        _ x: Double,
        _ y: Double,
        _ anchor: String,
        colour: String? = nil
    ) -> String {
        let style = colour.map { " style='fill:\($0)'" } ?? ""
        return "<text x='\(number(x))' y='\(number(y))' text-anchor='\(anchor)'\(style)>\(escape(text))</text>"
    }

    private static func number(_ value: Double) -> String { Figures.decimal(value, digits: 1) }

    private static func tick(_ value: Double) -> String {
        value >= 100
            ? Figures.count(Int(value.rounded())) : Figures.decimal(value, digits: value == value.rounded() ? 0 : 1)
    }

    /// A text as HTML and SVG take it.
    static func escape(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("'", with: "&#39;").replacing("\"", with: "&quot;")
    }
}
