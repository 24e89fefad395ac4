internal import HotStuff
internal import HotStuffStorage

// How a replica goes down.
extension SimulatedReplica {
    /// The process dies; what was written stays, whether or not it was acknowledged.
    ///
    /// - Parameter midWrite: whether a batch on its way still gets to the disk.
    package func kill(midWrite: Bool) {
        if midWrite { writeInterrupted() }
        end()
        disk.killProcess()
    }

    /// The power fails: of what was not synced anything may remain.
    ///
    /// - Parameters:
    ///   - midWrite: whether a batch is caught between write and sync.
    ///   - seed: decides what remains.
    /// - Returns: what became of the changes that were not synced.
    @discardableResult
    package func losePower(midWrite: Bool, seed: UInt64) -> PowerLoss {
        if midWrite, isWriting {
            disk.interruptNextSync()
            writeInterrupted()
        }
        end()
        boots &+= 1
        return disk.losePower(seed: seed)
    }

    /// Forgets all that is not on the disk.
    func end() {
        isUp = false
        journal = nil
        keeper = nil
        snapshots = nil
        mending = nil
        damagedArchive = nil
        pendingPrune = nil
        writes.drop()
        jobs = []
        waiting = [:]
        effects = []
        discoveries = []
        steps = 0
    }

    func stop(_ reason: StopReason) {
        end()
        disk.killProcess()
        surroundings.stopped(self, because: reason)
    }
}
