package import HotStuff
package import HotStuffStorage

/// What carries out the wishes of a simulated replica: the one who decides when things happen.
///
/// It may answer only later, never from within a call.
package protocol Surroundings: AnyObject {
    /// A replica sends a message; `isStatement` if it is one that was signed.
    func send(_ message: Message, isStatement: Bool, to recipients: Recipients, from replica: SimulatedReplica)
    /// Records wait for an idle disk: call `startWriting` or `write` some time.
    func diskIsWanted(by replica: SimulatedReplica)
    /// A signature is wanted: call `sign` some time.
    func signatureIsWanted(_ request: SigningRequest, by replica: SimulatedReplica)
    /// Only this puzzle is to be solved: call `mined` some time; none, if there is none.
    func miningIsWanted(_ puzzle: Puzzle?, by replica: SimulatedReplica)
    /// A job for the application was queued: call `execute` once some time.
    func executionIsWanted(by replica: SimulatedReplica)
    /// Come back with the time at this moment of the replica's clock; the wish before is void.
    func wake(_ replica: SimulatedReplica, at moment: Instant?)
    /// A client that waits at a replica is told something.
    func answer(_ response: ClientResponse, to client: Int, from replica: SimulatedReplica)
    /// Something worth counting or tracing happened.
    func notice(_ effect: Effect, at replica: SimulatedReplica)
    /// A replica stopped by itself.
    func stopped(_ replica: SimulatedReplica, because reason: StopReason)
}

/// Why a replica stopped by itself.
package enum StopReason: Sendable {
    /// The core halted.
    case halted(HaltReason)
    /// The disk failed.
    case diskFailed(DiskError)
    /// It has a snapshot of others, and starts again from it.
    case startsAgain
    /// The blocks are repaired that kept it from starting.
    case mended
}
