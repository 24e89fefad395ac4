import HotStuff

extension Origin {
    /// The origin as the configuration shows it.
    var json: JSONValue {
        .object([
            "block": .string(block.description),
            "epoch": .integer(epoch.rawValue),
            "height": .integer(height.rawValue),
            "predecessors": .list(predecessors.map { .string($0.description) }),
            "state": .string(state.description),
            "time": .integer(time.rawValue),
            "view": .integer(view.rawValue),
        ])
    }

    /// Reads an origin, which is part of the chain's identity.
    init(json: JSONValue, file: String, path: String) throws(ConfigurationError) {
        let known = ["block", "epoch", "height", "predecessors", "state", "time", "view"]
        let members = try JSONMembers(json, file: file, path: path, known: known)
        var predecessors: [Digest] = []
        for (index, value) in try members.list("predecessors").enumerated() {
            let place = "\(path).predecessors[\(index)]"
            guard case .string(let text) = value else {
                throw ConfigurationError(
                    .malformed,
                    "\(place) is \(value.kind) in \(file)",
                    advice: "64 hexadecimal digits belong there"
                )
            }
            predecessors.append(try JSONFile.digest(of: text, at: place, file: file))
        }
        self.init(
            predecessors: predecessors,
            epoch: Epoch(try members.integer("epoch")),
            view: View(try members.integer("view")),
            height: Height(try members.integer("height")),
            block: try JSONFile.digest(of: try members.text("block"), at: "\(path).block", file: file),
            state: try JSONFile.digest(of: try members.text("state"), at: "\(path).state", file: file),
            time: Timestamp(try members.integer("time"))
        )
        if let fault {
            throw ConfigurationError(
                .contradictory,
                "\(path).\(fault) in \(file)",
                advice: "use the file as hotstuff recover wrote it"
            )
        }
    }
}
