public import HotStuff
internal import HotStuffStorage
public import HotStuffTransport

/// Reads the committed chain out of a data directory whose replica does not run.
public enum ChainReader {
    /// Calls a closure with every committed block that the directory holds, upwards: from height 1 if nothing was pruned.
    ///
    /// The directory is locked meanwhile, and incomplete ends of its files are cut off, as at a start of the replica.
    /// It is an error if the directory does not exist. Of a listener, the peers must have the key.
    public static func readCommitted(
        dataDirectory: String,
        genesis: Genesis,
        replica: ReplicaID,
        peers: [Peer] = [],
        _ body: (Block) -> Void
    ) throws(ReplicaError) {
        let directory: DataDirectory<RealDisk>
        do {
            directory = try DataDirectory(path: dataDirectory, createIfMissing: false)
        } catch {
            throw .dataDirectory(error)
        }
        let configuration = ReplicaConfiguration(
            genesis: genesis,
            replica: replica,
            peers: peers,
            dataDirectory: dataDirectory
        )
        do {
            try StoredChain.read(
                on: directory.disk,
                identity: configuration.journalIdentity,
                committee: Committee(genesis),
                body
            )
        } catch {
            throw .recovery(error)
        }
        do {
            try directory.close()
        } catch {
            throw .dataDirectory(error)
        }
    }
}
