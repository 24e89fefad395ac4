internal import HotStuff
internal import HotStuffStorage

// What becomes of final blocks.
extension SimulatedReplica {
    /// Keeps a final block.
    ///
    /// - Returns: whether that was possible.
    func keep(_ block: Block, by certificate: QuorumCertificate) -> Bool {
        do {
            try keeper?.keep([block], by: certificate)
            return true
        } catch {
            fail(error)
            return false
        }
    }

    /// Answers a request for blocks out of the archive.
    func serve(_ peer: ReplicaID, _ answer: (BlockShelf<SimulatedDisk>) throws(ArchiveError) -> Message) {
        guard let shelf = keeper?.shelf else { return }
        do {
            surroundings.send(try answer(shelf), isStatement: false, to: .replica(peer), from: self)
        } catch {
            switch error {
            case .disk: return
            case .damaged(let height): discoveries.append(.damaged(height))
            default: inspector?.report(Violation(.recovery, "replica \(id) cannot read its own blocks: \(error)"))
            }
        }
    }

    /// Damages a block in the archive: one below the snapshot from which it started, which may be asked for and is not needed here, or
    /// one above, which the next start may need.
    ///
    /// Above it are only such blocks as all others have, by what they know or by a snapshot, and as are known to be durable: a crash
    /// besides would be two faults.
    ///
    /// - Parameters:
    ///   - random: decides which.
    ///   - lagging: the last height of a replica that may ask for what is above.
    ///   - count: how many replicas there are: every block rots with one of them only, so that the others have it.
    /// - Returns: the height of the block; nothing if there is none.
    func rot(using random: inout RandomSource, above lagging: Height, among count: Int) -> Height? {
        // A validator that is alone has nobody to ask.
        guard world.count > 1, let reader = keeper?.reader else { return nil }
        let first = reader.firstHeight.rawValue
        var most = snapshotHeight?.rawValue ?? 0
        var least = lagging.rawValue + 1 < most ? max(first, lagging.rawValue + 1) : first
        if random.chance(oneIn: 2) {
            guard first <= 1 || first < most else { return nil }
            (least, most) = (max(first, most + 1), min(lagging, reader.durableHeight).rawValue + 1)
        }
        guard least < most else { return nil }
        let height = Height(least + random.number(below: most - least))
        guard height.rawValue % UInt64(count) == UInt64(index % count) else { return nil }
        guard let place = try? reader.bytes(of: height), !place.range.isEmpty else { return nil }
        disk.flip(
            bit: random.below(8),
            at: Int(place.range.lowerBound) + random.below(place.range.count),
            of: place.file
        )
        return height
    }

    /// Puts a block that another gave in the place of the damaged one.
    func repair(_ block: Block, by certificate: QuorumCertificate?) {
        do {
            try keeper?.repair(block, by: certificate)
        } catch {
            if case .disk = error { return fail(error) }
            inspector?.report(Violation(.recovery, "replica \(id) cannot repair block \(block.height): \(error)"))
        }
    }

    func fail(_ error: ArchiveError) {
        if case .disk(let fault) = error { return stop(.diskFailed(fault)) }
        inspector?.report(Violation(.halt, "replica \(id) cannot keep a final block: \(error)"))
    }
}
