import HotStuff
import Synchronization

/// The processes of a local cluster, which may be ended at any moment from any thread.
final class ReplicaProcesses: Sendable {
    private struct State {
        var running: [ReplicaID: ReplicaProcess] = [:]
        var isClosed = false
    }

    private let testnet: Testnet
    private let durability: DurabilityOption
    private let state = Mutex(State())
    /// That they end when the program is interrupted.
    private let pledge = Mutex<Interruption.Pledge?>(nil)

    /// Creates a set without processes.
    init(of testnet: Testnet, durability: DurabilityOption) {
        self.testnet = testnet
        self.durability = durability
        let promise = Interruption.pledge { [weak self] in self?.killAll() }
        pledge.withLock { $0 = promise }
    }

    deinit { pledge.withLock { $0 }?.takeBack() }

    /// Starts a replica, with more arguments if there are any, unless all have been ended for good.
    func start(_ replica: ReplicaID, arguments: [String] = []) throws(Failure) {
        let result = state.withLock { state -> Result<Void, Failure> in
            guard !state.isClosed else {
                return .failure(Failure(.software, "replica \(replica) is started too late", advice: "start again"))
            }
            do throws(Failure) {
                state.running[replica] = try ReplicaProcess(
                    replica,
                    of: testnet,
                    durability: durability,
                    arguments: arguments
                )
                return .success(())
            } catch {
                return .failure(error)
            }
        }
        try result.get()
    }

    /// Crashes a replica (SIGKILL) and waits until it is gone.
    func crash(_ replica: ReplicaID) async {
        guard let process = state.withLock({ $0.running.removeValue(forKey: replica) }) else { return }
        process.kill()
        _ = await process.hasEnded(within: .seconds(10))
    }

    /// The most memory that a running replica has had so far, in megabytes; 0 where the system does not tell.
    func peakMegabytes(of replica: ReplicaID) -> Double {
        state.withLock { $0.running[replica] }?.memory.peakMegabytes ?? 0
    }

    /// The memory that a running replica has, in megabytes; 0 where the system does not tell.
    func megabytes(of replica: ReplicaID) -> Double {
        state.withLock { $0.running[replica] }?.memory.megabytes ?? 0
    }

    /// How much time of processors a running replica has used, in seconds; 0 where the system does not tell.
    func processorSeconds(of replica: ReplicaID) -> Double {
        state.withLock { $0.running[replica] }?.processorSeconds ?? 0
    }

    /// How much of it each kind of a running replica's threads has used.
    func threadTimes(of replica: ReplicaID) -> ThreadTimes {
        state.withLock { $0.running[replica] }?.threadTimes ?? ThreadTimes()
    }

    /// Fails if a replica has ended that should run.
    func checkAllRun() throws(Failure) {
        let ended = state.withLock { state in
            state.running.values.filter { !$0.isRunning }.min { $0.replica < $1.replica }
        }
        guard let ended else { return }
        throw Failure(
            .software,
            "replica \(ended.replica) ended: \(ended.lastWords)",
            advice: "its log is \(testnet.logFile(of: ended.replica)), which stays with --keep DIR"
        )
    }

    /// Asks all to stop and returns those that did not do so properly.
    func stopAll(within time: Duration) async -> [ReplicaID] {
        let processes = state.withLock { state in
            state.isClosed = true
            return state.running.values.sorted { $0.replica < $1.replica }
        }
        var failed: [ReplicaID] = []
        await withTaskGroup(of: (ReplicaID, Bool).self) { group in
            for process in processes { group.addTask { (process.replica, await process.stop(within: time)) } }
            for await (replica, isProper) in group where !isProper { failed.append(replica) }
        }
        killAll()
        return failed.sorted()
    }

    /// Ends all at once and for good.
    func killAll() {
        let processes = state.withLock { state in
            state.isClosed = true
            return Array(state.running.values)
        }
        for process in processes { process.kill() }
    }
}
