internal import HotStuff
internal import HotStuffStorage

// What becomes of snapshots: its own, and those that others give.
extension SimulatedReplica {
    /// Writes a snapshot if one is due, and before it the blocks on which it rests.
    func takeSnapshot(behind header: BlockHeader) {
        guard isUp, let writer = SnapshotWriter(of: executor.execution, behind: header) else { return }
        do {
            try keeper?.sync()
        } catch {
            fail(error)
            return
        }
        do {
            let written = try writer.write(to: SnapshotStore(on: disk, chain: world.committee.chain))
            pendingPrune = written.reserve.map { (written.manifest.height, $0) }
            prune()
        } catch {
            // A replica goes on without a snapshot; if the disk does not work, the journal will find out.
            if case .disk = error { return }
            inspector?.report(Violation(.recovery, "replica \(id) cannot take a snapshot: \(error)"))
        }
    }

    /// Lets blocks go only when others believe in the newest snapshot.
    func prune() {
        let store = SnapshotStore(on: disk, chain: world.committee.chain)
        guard let (newest, reserve) = pendingPrune, let certificate = try? store.certificate(of: newest),
            certificate.point.height == newest
        else { return }
        pendingPrune = nil
        _ = try? keeper?.prune(snapshotHeight: reserve)
    }

    /// Keeps the certificates of its own snapshots.
    func certify(_ header: BlockHeader, by certificate: QuorumCertificate) {
        guard isUp else { return }
        if world.parameters.isSnapshotDue(at: header.height) { prover.want(header.height) }
        let store = SnapshotStore(on: disk, chain: world.committee.chain)
        for proved in prover.prove(by: header, finality: certificate, trail: executor.execution.trail) {
            // What cannot be kept is not offered.
            try? store.keep(proved)
        }
        prune()
    }

    func begin(_ plan: SnapshotPlan) {
        do {
            handle(.snapshotBegun(plan.name, missing: try receiver.begin(plan)))
        } catch {
            failed(plan.name)
        }
    }

    func keep(_ chunk: SnapshotChunk) {
        do {
            switch try receiver.take(chunk) {
            case .taken, .alreadyThere: handle(.chunkKept(chunk.name, chunk.index))
            case .noSuchChunk, .wrong:
                inspector?.report(
                    Violation(
                        .belief,
                        "replica \(id) believed a wrong chunk of the snapshot of height \(chunk.name.height)"
                    )
                )
                failed(chunk.name)
            }
        } catch {
            failed(chunk.name)
        }
    }

    private func failed(_ name: SnapshotName) {
        snapshotPauseEnd = now.advanced(byMicroseconds: StateSync.pauseMicroseconds)
        handle(.snapshotFailed(name))
    }

    func adopt(_ name: SnapshotName) {
        do {
            try receiver.finish(name)
        } catch {
            return failed(name)
        }
        stop(.startsAgain)
    }
}
