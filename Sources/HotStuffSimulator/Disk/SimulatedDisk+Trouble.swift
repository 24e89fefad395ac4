internal import HotStuffStorage

#if canImport(Darwin)
internal import Darwin
#elseif canImport(Glibc)
internal import Glibc
#endif

extension SimulatedDisk {
    /// The power fails: a subset of what was not synced remains, chosen by the seed.
    @discardableResult
    package func losePower(seed: UInt64) -> PowerLoss {
        withState { state in
            var random = RandomSource(seed: seed)
            var loss = PowerLoss()
            for inode in state.contents.indices {
                state.contents[inode].losePower(using: &random, into: &loss)
            }
            let reached = random.below(state.history.count)
            loss.keptChanges += reached
            loss.lostChanges += state.history.count - 1 - reached
            state.names = state.history[reached]
            state.history = [state.names]
            state.locks = [:]
            state.generation += 1
            return loss
        }
    }

    /// The power fails and nothing remains that was not synced.
    package func losePowerAndEverythingUnsynced() {
        withState { state in
            for inode in state.contents.indices {
                state.contents[inode].giveUp()
            }
            state.history = [state.history[0]]
        }
        // With nothing pending, there is one way to lose it.
        losePower(seed: 0)
    }

    /// The process dies: locks and handles go, what was written stays.
    package func killProcess() {
        withState { state in
            state.locks = [:]
            state.generation += 1
        }
    }

    /// Makes an operation to come fail.
    package func inject(_ fault: Fault) {
        withState { $0.faults.append(fault) }
    }

    /// Makes the next sync of a file fail and leave what was pending pending, as if the machine died in the middle.
    ///
    /// A loss of power then decides what is left; a failing sync that was injected would give it all up.
    package func interruptNextSync() {
        withState { state in
            state.faults.insert(Fault(operation: .sync, code: EIO, leavesPending: true), at: 0)
        }
    }

    /// Takes back all failures to come that have not been met.
    package func clearFaults() {
        withState { $0.faults = [] }
    }

    /// Lets all files together grow to some bytes and no further.
    package func limit(to capacity: Int) {
        withState { $0.capacity = capacity }
    }

    /// How many operations have failed since this was asked last.
    package func takeFailures() -> Int {
        withState { state in
            defer { state.failures = 0 }
            return state.failures
        }
    }

    /// Calls a closure, outside of every lock, before each sync of a file.
    package func beforeSync(_ body: (@Sendable () -> Void)?) {
        withState { $0.beforeSync = body }
    }

    /// The operations so far, with names of files, and forgets them; only of a disk that keeps a log.
    package func takeLog() -> [String] {
        withState { state in
            guard let log = state.log else { preconditionFailure("a disk without a log was asked for it") }
            state.log = []
            return log
        }
    }

    /// What readers see in a file.
    package subscript(_ name: String) -> [UInt8]? {
        withState { state in state.names[name].map { state.contents[$0].visible } }
    }

    /// The length that readers see of a file; 0 if there is none.
    package func byteCount(of name: String) -> Int {
        withState { state in state.names[name].map { state.contents[$0].visible.count } ?? 0 }
    }

    /// The files of the journal, in order.
    package var journalNames: [String] {
        withState { state in state.names.keys.filter { JournalSegment.number(of: $0) != nil }.sorted() }
    }

    /// The file to which the journal appends.
    package var journalName: String { journalNames.last ?? JournalSegment.name(of: 1) }

    /// Whether a loss of power could undo a change of a file, or of the directory's entry of that name.
    package func hasUnsynced(_ name: String) -> Bool {
        withState { state in
            let inode = state.names[name]
            guard state.history.allSatisfy({ $0[name] == inode }) else { return true }
            guard let inode else { return false }
            return state.contents[inode].hasUnsynced()
        }
    }

    /// Whether a loss of power could undo a change of the journal.
    package var hasUnsyncedJournal: Bool {
        withState { state in
            state.names.contains { name, inode in
                // With one state of the directory, its names are durable.
                let isNamed = state.history.count == 1 || state.history.allSatisfy { $0[name] == inode }
                let isDurable = isNamed && !state.contents[inode].hasUnsynced()
                return !isDurable && JournalSegment.number(of: name) != nil
            }
        }
    }

    /// Puts a file there, durable.
    package func place(_ bytes: [UInt8], as name: String) {
        withState { state in
            let inode = state.make(name)
            state.contents[inode].change(.write(bytes, offset: 0))
            state.contents[inode].sync()
            state.history = [state.names]
        }
    }

    /// Turns a bit of a file, on the medium and in memory; nothing happens where there is no such bit.
    package func flip(bit: Int, at offset: Int, of name: String) {
        withState { state in
            if let inode = state.names[name] { state.contents[inode].flip(bit: bit, at: offset) }
        }
    }

    /// Makes the tail of a file disappear, on the medium and in memory.
    package func truncate(_ name: String, by bytes: Int) {
        withState { state in
            if let inode = state.names[name] { state.contents[inode].loseTail(bytes) }
        }
    }
}
