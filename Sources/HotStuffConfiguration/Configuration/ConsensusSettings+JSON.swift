import HotStuff

extension ConsensusSettings {
    /// The settings of a replica as the configuration shows them, with what it keeps.
    func json(keeping keep: KeepPolicy) -> JSONValue {
        .object([
            "heartbeatMilliseconds": .integer(heartbeatMilliseconds),
            KeepPolicy.member: .string(keep.text),
            "maximumPendingBytes": .integer(UInt64(maximumPendingBytes)),
            "maximumPendingCommands": .integer(UInt64(maximumPendingCommands)),
            "maximumTimeoutMilliseconds": .integer(pacemaker.maximumTimeoutMilliseconds),
            "rememberedCommands": .integer(UInt64(rememberedCommands)),
            "timeoutGrowthPercent": .integer(pacemaker.growthPercent),
            "viewTimeoutMilliseconds": .integer(pacemaker.viewTimeoutMilliseconds),
        ])
    }

    /// Reads settings; each that is left out has its default, for replicas need not share them.
    init(json: JSONValue, file: String, path: String) throws(ConfigurationError) {
        let known = [
            "heartbeatMilliseconds", KeepPolicy.member,
            "maximumPendingBytes", "maximumPendingCommands", "maximumTimeoutMilliseconds", "rememberedCommands",
            "timeoutGrowthPercent", "viewTimeoutMilliseconds",
        ]
        let members = try JSONMembers(json, file: file, path: path, known: known)
        func take<Number: FixedWidthInteger>(_ member: String, into setting: inout Number) throws(ConfigurationError) {
            if members.contains(member) { setting = try members.integer(member) }
        }
        self.init()
        try take("heartbeatMilliseconds", into: &heartbeatMilliseconds)
        try take("maximumPendingBytes", into: &maximumPendingBytes)
        try take("maximumPendingCommands", into: &maximumPendingCommands)
        try take("maximumTimeoutMilliseconds", into: &pacemaker.maximumTimeoutMilliseconds)
        try take("rememberedCommands", into: &rememberedCommands)
        try take("timeoutGrowthPercent", into: &pacemaker.growthPercent)
        try take("viewTimeoutMilliseconds", into: &pacemaker.viewTimeoutMilliseconds)
        if let fault {
            throw ConfigurationError(
                .contradictory,
                "\(path).\(fault) in \(file)",
                advice: "choose a value in that range"
            )
        }
    }
}
