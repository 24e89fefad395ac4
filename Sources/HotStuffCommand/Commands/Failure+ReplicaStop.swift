import HotStuff
import HotStuffReplica

extension Failure {
    /// Creates the failure of a replica that ended; none if it was asked to.
    init?(_ stop: ReplicaStop, of replica: ReplicaID) {
        switch stop {
        case .requested: return nil
        case .halted(let reason):
            self.init(.software, "replica \(replica) halted: \(reason)", advice: "compare its chain with the others'")
        case .failed(let reason):
            self.init(
                .inputOutput,
                "replica \(replica) failed: \(reason)",
                advice: "check the disk, then start it again"
            )
        case .signerFailed(let reason):
            self.init(
                .software,
                "replica \(replica) failed: its key made no signature: \(reason)",
                advice: "check the memory and the processor of this machine, then start it again"
            )
        }
    }
}
