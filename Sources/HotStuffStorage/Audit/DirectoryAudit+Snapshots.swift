internal import HotStuff

// The snapshots, with what certifies them.
extension DirectoryAudit {
    /// Reads all snapshots whole, and their certificates.
    mutating func checkSnapshots() throws(AuditEnd) {
        for claim in snapshots.claims {
            do throws(SnapshotStoreError) {
                if let problem = claim.problem { throw problem }
                try claim.reader?.check()
            } catch {
                guard case .damaged(_, let damage) = error else {
                    if case .disk(let error) = error { throw .refused(.disk(error)) }
                    throw .fault(.init(height: claim.height, file: claim.path, detail: error.description))
                }
                if case .manifest(.unknownVersion(let found)) = damage {
                    let known = UInt32(SnapshotManifest.version)
                    throw .refused(
                        .unknownFormat(path: claim.path, what: "snapshot", found: UInt32(found), known: known)
                    )
                }
                throw .fault(.init(height: claim.height, file: claim.path, detail: damage.description))
            }
            let genesis = committee.genesis.header
            if claim.height <= genesis.height, claim.reader?.manifest.isBeginning(of: genesis) != true {
                let detail = "it is not the state with which the chain begins"
                throw .fault(.init(height: claim.height, file: claim.path, detail: detail))
            }
            try checkCertificate(of: claim)
            report.snapshots += 1
        }
        try settle()
    }

    /// The certificate beside a snapshot, if there is one.
    private mutating func checkCertificate(of claim: SnapshotClaims<Storage>.Claim) throws(AuditEnd) {
        let name = SnapshotFile.name(of: claim.height) + SnapshotFile.certificateSuffix
        let path = disk.path(of: name)
        let certificate: SnapshotCertificate?
        let isThere: Bool
        do {
            isThere = try disk.exists(name)
            certificate = try snapshots.store.certificate(of: claim.height)
        } catch let error as SnapshotStoreError {
            throw .fault(.init(height: claim.height, file: path, detail: error.description))
        } catch {
            throw .fault(.init(height: claim.height, file: path, detail: "\(error)"))
        }
        guard isThere else { return }
        guard let certificate, certificate.point == claim.reader?.manifest.point,
            certificate.fault(chain: committee.chain, interval: interval) == nil
        else {
            throw .fault(.init(height: claim.height, file: path, detail: "it does not certify the snapshot"))
        }
        do {
            try chain.take(certificate.finality, at: claim.height, in: path)
        } catch {
            throw AuditEnd(error)
        }
    }
}
