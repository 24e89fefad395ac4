extension SimulatedDisk {
    /// The power fails: a subset of what was not synced remains, chosen by the seed.
    func losePower(seed: UInt64) {
        withState { state in
            var generator = SeededGenerator(seed: seed)
            for inode in state.contents.keys.sorted() {
                state.contents[inode]?.losePower(using: &generator)
            }
            state.names = state.history[Int.random(in: 0..<state.history.count, using: &generator)]
            state.history = [state.names]
            state.locks = [:]
            state.generation += 1
        }
    }

    /// The power fails and nothing remains that was not synced.
    func losePowerAndEverythingUnsynced() {
        withState { state in
            for inode in state.contents.keys {
                state.contents[inode]?.giveUp()
            }
            state.history = [state.history[0]]
        }
        // With nothing pending, there is one way to lose it.
        losePower(seed: 0)
    }

    /// The process dies: locks and handles go, what was written stays.
    func killProcess() {
        withState { state in
            state.locks = [:]
            state.generation += 1
        }
    }

    /// Makes an operation to come fail.
    func inject(_ fault: Fault) {
        withState { $0.faults.append(fault) }
    }

    /// Lets all files together grow to some bytes and no further.
    func limit(to capacity: Int) {
        withState { $0.capacity = capacity }
    }

    /// Calls a closure, outside of every lock, before each sync of a file.
    func beforeSync(_ body: (@Sendable () -> Void)?) {
        withState { $0.beforeSync = body }
    }

    /// The operations so far, with names of files, and forgets them.
    func takeLog() -> [String] {
        withState { state in
            defer { state.log = [] }
            return state.log
        }
    }

    /// What readers see in a file.
    subscript(_ name: String) -> [UInt8]? {
        withState { state in state.names[name].flatMap { state.contents[$0]?.visible } }
    }

    /// Puts a file there, durable.
    func place(_ bytes: [UInt8], as name: String) {
        withState { state in
            let inode = state.make(name)
            state.contents[inode]?.change(.write(bytes, offset: 0))
            state.contents[inode]?.sync()
            state.history = [state.names]
        }
    }

    /// Turns a bit of a file.
    func flip(bit: Int, at offset: Int, of name: String) {
        withState { state in
            if let inode = state.names[name] { state.contents[inode]?.flip(bit: bit, at: offset) }
        }
    }
}
