import HotStuff
import HotStuffReplica

extension Failure {
    /// Creates the failure of a replica that does not start.
    init(_ error: ReplicaError, dataDirectory: String) {
        let (status, advice) = Failure.judge(error, dataDirectory: dataDirectory)
        self.init(status, "\(error)", advice: advice)
    }

    private static func judge(_ error: ReplicaError, dataDirectory: String) -> (ProgramStatus, advice: String) {
        switch error.kind {
        case .configuration: return (.configuration, "correct the configuration")
        case .inUse:
            if case .transport = error {
                return (.unavailable, "stop that program, or change the port in the configuration")
            }
            return (.temporary, "stop that process, or name another directory with --data-dir")
        case .foreign:
            if case .keyMark = error { return (.configuration, "name the key of this chain with --key") }
            return (.configuration, "name this replica's own directory with --data-dir")
        case .poisoned:
            guard case .poisoned(let command, _) = error else { return (.software, "repair the application") }
            return (
                .software,
                "repair the application, or start all replicas of the chain once with --skip-command \(command.key.name)"
            )
        case .notPermitted:
            return (
                .noPermission, "give this user the right to write it, or move the key where it may be written beside it"
            )
        case .incomplete:
            return (.noInput, "copy into it the data that hotstuff recover wrote beside the configuration")
        case .damaged: return (.data, "check the disk of \(dataDirectory)")
        case .system: return (.inputOutput, "check the disk, the address and the limits of the system")
        }
    }
}
