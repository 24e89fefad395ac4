import Foundation
import HotStuffConfiguration
import Logging

/// Writes each log message as one line to standard error.
struct LineLogHandler: LogHandler {
    /// How a line looks.
    enum Format: Sendable {
        /// Time, level, message, and the metadata as `name=value`.
        case text
        /// One JSON object.
        case json
    }

    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?
    private let format: Format

    /// Creates a handler.
    init(level: Logger.Level, format: Format) {
        logLevel = level
        self.format = format
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var all = metadata
        for more in [metadataProvider?.get(), event.metadata] {
            all.merge(more ?? [:]) { _, new in new }
        }
        if let error = event.error { all["error"] = "\(error)" }
        let line = LineLogHandler.line(
            format,
            time: LineLogHandler.timestamp(Date()),
            level: event.level,
            message: "\(event.message)",
            metadata: all
        )
        StandardStream.error.line(line)
    }

    /// One line without control characters, whatever the metadata hold.
    static func line(
        _ format: Format,
        time: String,
        level: Logger.Level,
        message: String,
        metadata: Logger.Metadata
    ) -> String {
        switch format {
        case .text:
            let pairs = metadata.sorted { $0.key < $1.key }.map { " \($0.key)=\(quotedIfNeeded("\($0.value)"))" }
            return Failure.printable("\(time) \(level.rawValue) \(message)\(pairs.joined())")
        case .json:
            return JSONValue.object([
                "level": .string(level.rawValue),
                "message": .string(message),
                "metadata": .object(metadata.mapValues { .string("\($0)") }),
                "time": .string(time),
            ]).compactText
        }
    }

    private static func quotedIfNeeded(_ value: String) -> String {
        value.isEmpty || value.contains(where: { $0.isWhitespace || $0 == "\"" || $0 == "=" })
            ? JSONValue.string(value).compactText : value
    }

    /// A moment in UTC with milliseconds, after RFC 3339.
    static func timestamp(_ date: Date) -> String {
        date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }
}
