internal import HotStuff
internal import HotStuffStorage
internal import Logging

/// What a replica that starts does about commands on which its application crashes.
enum ExecutionKeeper {
    /// Takes note of the commands to skip, and looks on what the last process crashed.
    ///
    /// - Parameters:
    ///   - configuration: which commands are to be skipped from now on.
    ///   - disk: the data directory.
    ///   - logger: hears which commands are skipped.
    /// - Returns: what the execution is told.
    /// - Throws: that the application crashed too often on one command that is not skipped, or what is wrong with the files.
    static func supervision(
        _ configuration: ReplicaConfiguration,
        on disk: RealDisk,
        logger: Logger
    ) throws(ReplicaError) -> ExecutionSupervision {
        let skipped: SkippedCommands
        let list = SkipList(on: disk)
        do {
            let wanted = SkippedCommands(configuration.skippedCommands)
            skipped = try wanted == .none ? list.read() : list.add(wanted)
        } catch {
            throw .skipList(error)
        }
        if skipped != .none {
            logger.warning(
                """
                commands are skipped; all replicas of the chain must skip the same ones, or their states differ and those in the \
                minority halt
                """,
                metadata: ["commands": "\(skipped.keys.map(\.name).joined(separator: " "))", "list": "\(list.path)"]
            )
        }
        let recorder: ExecutionRecorder<RealDisk>
        do {
            recorder = try ExecutionRecorder(on: disk)
        } catch {
            throw .dataDirectory(.disk(error))
        }
        if let (command, height) = recorder.poisoned, !skipped.contains(command.key) {
            throw .poisoned(command, height: height)
        }
        if let height = recorder.suspectHeight {
            logger.warning(
                "the last process ended while it executed a block; its commands are executed one by one now",
                metadata: ["height": "\(height)"]
            )
        }
        return ExecutionSupervision(skipped: skipped, witness: recorder)
    }
}
