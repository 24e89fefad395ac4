public import HotStuff
internal import HotStuffStorage

/// Reads the committed chain out of a data directory whose replica does not run.
public enum ChainReader {
    /// Calls a closure with every committed block, from height 1 upwards.
    ///
    /// The directory is locked meanwhile, and an incomplete end of its journal is cut off, as at a start of the replica.
    /// It is an error if the directory does not exist.
    public static func readCommitted(
        dataDirectory: String,
        genesis: Genesis,
        replica: ReplicaID,
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
            peers: [],
            dataDirectory: dataDirectory
        )
        var recovery = Recovery(committee: Committee(genesis))
        do {
            _ = try Journal.open(
                on: directory.disk,
                identity: configuration.journalIdentity,
                configuration: JournalConfiguration(durability: .processCrash)
            ) { (_, bytes) throws(JournalRecordRejection) in
                do {
                    if let block = try recovery.apply(try JournalRecord(decoding: bytes)) { body(block) }
                } catch {
                    throw JournalRecordRejection(reason: "\(error)")
                }
            }
        } catch {
            throw .journal(error)
        }
        do {
            try directory.close()
        } catch {
            throw .dataDirectory(error)
        }
    }
}
