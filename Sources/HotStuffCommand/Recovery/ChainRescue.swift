import HotStuff
import HotStuffConfiguration
import HotStuffReplica
import HotStuffStorage

/// The look at the directories of a chain that cannot go on, with failures for people.
struct ChainRescue {
    /// The configuration, as the user named it.
    let config: String
    let cluster: ClusterConfiguration

    /// Reads the directories.
    func look(at directories: [String]) throws -> Rescue<RealDisk> {
        let genesis = cluster.genesis
        let pool: VerificationPool
        let verifier: MessageVerifier
        do {
            pool = try VerificationPool(threadCount: VerificationPool.defaultThreadCount)
            verifier = try MessageVerifier(
                committee: Committee(genesis),
                parameters: genesis.parameters,
                scheme: cluster.scheme,
                pool: pool
            )
        } catch {
            throw Failure(
                .software,
                "the signatures cannot be verified: \(error)",
                advice: "check the keys in \(config)"
            )
        }
        defer { pool.stop() }
        var marks: [UnsyncedMark<RealDisk>] = []
        for directory in directories { marks.append(UnsyncedMark(of: try DataFolder.open(directory))) }
        do throws(RescueRefusal) {
            let listeners = cluster.listeners.map { (id: $0.id, key: $0.publicKey) }
            return try Rescue(under: marks, genesis: genesis, listeners: listeners, verifier: verifier)
        } catch {
            throw Failure(error, config: config)
        }
    }

    /// Restores the chain, with the application of this program.
    static func restore(
        _ rescue: Rescue<RealDisk>,
        skipping skipped: SkippedCommands
    ) throws -> RescuedChain<KeyValueStore> {
        do throws(RescueRefusal) {
            return try rescue.restore(KeyValueStore(), skipping: skipped)
        } catch {
            throw Failure(error, config: "")
        }
    }
}

extension Failure {
    /// Creates the failure of a chain that cannot be restored.
    init(_ refusal: RescueRefusal, config: String) {
        switch refusal {
        case .inUse:
            self.init(.temporary, "\(refusal)", advice: "stop all replicas of the chain first")
        case .otherChain:
            self.init(
                .configuration,
                "\(refusal) of \(config)",
                advice: "name the directories of one chain, and its configuration with --config"
            )
        case .contradiction:
            self.init(
                .data,
                "\(refusal)",
                advice: "find out which replica lied, and leave out its directory"
            )
        case .nothingCertified:
            self.init(
                .data,
                "\(refusal)",
                advice: "there is nothing to go on from: begin as at first, with the configuration and its data"
            )
        case .noSnapshots: self.init(.software, "\(refusal)", advice: "use an application that offers them")
        case .noState:
            self.init(.data, "\(refusal)", advice: "give more directories, or mend the files that are named")
        }
    }
}
