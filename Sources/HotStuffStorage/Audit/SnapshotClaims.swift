internal import HotStuff

/// What the snapshots of a directory say of the chain, to be compared with the blocks as they come.
struct SnapshotClaims<Storage: Disk> {
    /// A snapshot by its name.
    struct Claim {
        let height: Height
        let path: String
        /// Its end, if that is whole: what it is of.
        let reader: SnapshotReader<Storage>?
        /// Why it cannot be read.
        let problem: SnapshotStoreError?
    }

    let store: SnapshotStore<Storage>
    /// The snapshots, upwards.
    let claims: [Claim]

    /// Reads the ends of all snapshots; one that goes meanwhile is left out.
    init(of disk: Storage, chain: Digest) throws(DiskError) {
        store = SnapshotStore(on: disk, chain: chain)
        var claims: [Claim] = []
        for name in try disk.names() {
            guard let height = SnapshotFile.height(in: name) else { continue }
            let path = disk.path(of: name)
            do throws(SnapshotStoreError) {
                claims.append(Claim(height: height, path: path, reader: try store.open(height), problem: nil))
            } catch {
                if case .missing = error { continue }
                if case .disk(let error) = error {
                    guard error.isMissing else { throw error }
                    continue
                }
                claims.append(Claim(height: height, path: path, reader: nil, problem: error))
            }
        }
        self.claims = claims
    }

    /// The chain of the newest snapshot whose end is whole; nil if there is none.
    static func chain(of disk: Storage) throws(DiskError) -> Digest? {
        for name in try disk.names().reversed() {
            guard let height = SnapshotFile.height(in: name) else { continue }
            do throws(SnapshotStoreError) {
                return try SnapshotReader(name, of: height, chain: nil, on: disk).manifest.chain
            } catch {
                if case .disk(let error) = error, !error.isMissing { throw error }
            }
        }
        return nil
    }

    /// What a snapshot says otherwise than a block: of which block it is, or what was executed at its height.
    func fault(seeing block: Block) -> AuditReport.Fault? {
        for claim in claims {
            guard let manifest = claim.reader?.manifest else { continue }
            let detail: String
            if block.height == claim.height, !manifest.names(block.header) {
                detail = "it is of another block than the one at its height"
            } else if block.header.executed.height == claim.height, block.header.executed != manifest.executed {
                detail = "its state is not the one that block \(block.height) says was executed"
            } else {
                continue
            }
            return AuditReport.Fault(height: claim.height, file: claim.path, detail: detail)
        }
        return nil
    }
}
