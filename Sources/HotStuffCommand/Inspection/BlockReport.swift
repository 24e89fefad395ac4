import Foundation
import HotStuff
import HotStuffConfiguration
import HotStuffStorage

/// A stored block, as it is shown.
struct BlockReport {
    let stored: StoredBlock

    private var header: BlockHeader { stored.block.header }

    /// The lines for people.
    var text: String {
        var lines = AlignedLines()
        lines.add("block", "\(stored.block.id)")
        lines.add("file", stored.path)
        lines.add("height", "\(header.height)")
        lines.add("view", "\(header.view)")
        lines.add("epoch", "\(header.epoch)")
        lines.add("version", "\(header.version)")
        lines.add("chain", "\(header.chain)")
        lines.add("parent", "\(header.parent)")
        lines.add("parent's view", "\(header.justifyView)")
        lines.add("proposer", "replica \(header.proposer)")
        lines.add("payload", "\(header.payloadDigest)")
        lines.add("next validators", header.endsEpoch ? "\(header.nextValidatorSet)" : "the same")
        lines.add("executed", "height \(header.executed.height), digest \(header.executed.digest)")
        lines.add("time", "\(time) (\(header.time) ms)")
        if header.work != .none {
            lines.add(
                "work",
                "nonce \(header.work.nonce), difficulty \(Figures.count(Int(header.work.difficulty), "bit"))"
            )
        }
        lines.add("justified by", stored.block.justify.words)
        lines.add("final", finality)
        let commands = stored.block.payload.commands
        lines.add("commands", "\(commands.count)")
        for (index, command) in commands.enumerated() { lines.add("", words(command, at: index)) }
        return lines.text
    }

    /// The object for programs.
    var json: JSONValue {
        .object([
            "commands": .list(stored.block.payload.commands.map(json)),
            "file": .string(stored.path),
            "final": .boolean(stored.isFinal),
            "finality": stored.finality?.json ?? .null,
            "header": .object([
                "chain": .string("\(header.chain)"),
                "epoch": .integer(header.epoch.rawValue),
                "executed": .object([
                    "digest": .string("\(header.executed.digest)"),
                    "height": .integer(header.executed.height.rawValue),
                ]),
                "height": .integer(header.height.rawValue),
                "justifyView": .integer(header.justifyView.rawValue),
                "nextValidatorSet": header.endsEpoch ? .string("\(header.nextValidatorSet)") : .null,
                "parent": .string("\(header.parent)"),
                "payloadDigest": .string("\(header.payloadDigest)"),
                "proposer": .integer(UInt64(header.proposer.index)),
                "time": .integer(header.time.rawValue),
                "version": .integer(UInt64(header.version)),
                "view": .integer(header.view.rawValue),
                "work": header.work == .none
                    ? .null
                    : .object([
                        "difficulty": .integer(UInt64(header.work.difficulty)),
                        "nonce": .integer(header.work.nonce),
                    ]),
            ]),
            "id": .string("\(stored.block.id)"),
            "justify": stored.block.justify.json,
        ])
    }

    private var finality: String {
        if let certificate = stored.finality { return "by the certificate of \(certificate.words)" }
        return stored.isFinal ? "yes; its certificate is not here yet" : "not yet"
    }

    /// The time in UTC, if the calendar has it.
    private var time: String {
        let seconds = Double(header.time.rawValue) / 1_000
        return seconds < 32_503_680_000 ? LineLogHandler.timestamp(Date(timeIntervalSince1970: seconds)) : "?"
    }

    private func words(_ command: Command, at index: Int) -> String {
        guard command.key.session != .none else { return "opens session \(header.height).\(index)" }
        return "\(command.key.name)  \(Figures.count(command.bodyByteCount, "byte"))"
    }

    private func json(_ command: Command) -> JSONValue {
        let session = command.key.session
        return .object([
            "bytes": .integer(UInt64(command.bodyByteCount)),
            "sequence": .integer(command.key.sequence),
            "session": session == .none ? .null : .string("\(session)"),
        ])
    }
}
