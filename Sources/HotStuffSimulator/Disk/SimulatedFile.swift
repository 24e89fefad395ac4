package import HotStuffStorage

#if canImport(Darwin)
internal import Darwin
#elseif canImport(Glibc)
internal import Glibc
#endif

/// An open file of a simulated disk; dead once the machine or the process that opened it has died.
package final class SimulatedFile: DiskFile {
    private let disk: SimulatedDisk
    private let name: String
    private let inode: Int
    private let generation: Int

    init(_ disk: SimulatedDisk, name: String, inode: Int, generation: Int) {
        self.disk = disk
        self.name = name
        self.inode = inode
        self.generation = generation
    }

    deinit {
        disk.withState { state in
            if state.locks[inode] == ObjectIdentifier(self) { state.locks[inode] = nil }
        }
    }

    /// The length in bytes.
    package func size() throws(DiskError) -> UInt64 {
        try perform(.size) { state, _ throws(DiskError) in UInt64(state.contents[inode].visible.count) }
    }

    /// Fills a buffer from an offset and returns how many bytes there were.
    package func read(into buffer: inout MutableRawSpan, at offset: UInt64) throws(DiskError) -> Int {
        try buffer.withUnsafeMutableBytes { (target: UnsafeMutableRawBufferPointer) throws(DiskError) -> Int in
            try perform(.read) { state, _ throws(DiskError) in
                state.contents[inode].visible.withUnsafeBytes { bytes in
                    let start = min(Int(clamping: offset), bytes.count)
                    let found = bytes[start..<start + min(target.count, bytes.count - start)]
                    target.copyBytes(from: found)
                    return found.count
                }
            }
        }
    }

    /// Writes all of the bytes at an offset, or as many as a failure leaves.
    package func write(_ bytes: RawSpan, at offset: UInt64) throws(DiskError) {
        let bytes = bytes.withUnsafeBytes { Array($0) }
        try perform(.write, leavesTraces: true) { state, fault throws(DiskError) in
            let room = max(0, state.room(for: inode) - Int(offset))
            let taken = min(fault?.keeping ?? bytes.count, room, bytes.count)
            let kept = taken == bytes.count ? bytes : Array(bytes.prefix(taken))
            state.contents[inode].change(.write(kept, offset: Int(offset)))
            guard fault != nil || taken == bytes.count else {
                state.failures += 1
                throw failure(.write, ENOSPC)
            }
        }
    }

    /// Cuts the file, or extends it with zeros, to a length in bytes; space that was set aside is free again.
    package func truncate(to size: UInt64) throws(DiskError) {
        try perform(.truncate) { state, _ throws(DiskError) in
            state.contents[inode].change(.truncate(Int(size)))
            state.reserved[inode] = nil
        }
    }

    /// Sets space aside for this file, which no other file gets, unless the disk has too little.
    package func preallocate(to size: UInt64) throws(DiskError) {
        try perform(.preallocate) { state, _ throws(DiskError) in
            guard state.room(for: inode) >= Int(size) else {
                state.failures += 1
                throw failure(.preallocate, ENOSPC)
            }
            state.reserved[inode] = max(state.reserved[inode] ?? 0, Int(size))
        }
    }

    /// Makes the content durable, or, when it fails, gives up what was pending unless the fault says otherwise.
    package func syncData() throws(DiskError) {
        if let beforeSync = disk.withState({ $0.beforeSync }) { beforeSync() }
        try perform(.sync, leavesTraces: true) { state, fault throws(DiskError) in
            switch fault?.leavesPending {
            case nil: state.contents[inode].sync()
            case false?: state.contents[inode].giveUp()
            case true?: break
            }
        }
    }

    /// Locks the file against every other open handle; false if one of them has it.
    package func lockExclusively() throws(DiskError) -> Bool {
        try perform(.lock) { state, _ throws(DiskError) in
            guard state.locks[inode] == nil || state.locks[inode] == ObjectIdentifier(self) else { return false }
            state.locks[inode] = ObjectIdentifier(self)
            return true
        }
    }

    /// Gives the lock back.
    package func unlock() throws(DiskError) {
        try perform(.unlock) { state, _ throws(DiskError) in
            if state.locks[inode] == ObjectIdentifier(self) { state.locks[inode] = nil }
        }
    }

    /// Carries an operation out on a live handle, or fails as told.
    ///
    /// An operation that leaves traces runs also when it is to fail, and is told of the fault.
    private func perform<Result: Sendable>(
        _ operation: DiskError.Operation,
        leavesTraces: Bool = false,
        _ body: (inout SimulatedDisk.State, SimulatedDisk.Fault?) throws(DiskError) -> Result
    ) throws(DiskError) -> Result {
        try disk.withState { state throws(DiskError) in
            guard state.generation == generation else { throw failure(operation, EIO) }
            guard let fault = state.meet(operation, name) else { return try body(&state, nil) }
            if leavesTraces { _ = try body(&state, fault) }
            throw failure(operation, fault.code)
        }
    }

    private func failure(_ operation: DiskError.Operation, _ code: Int32) -> DiskError {
        DiskError(operation: operation, path: disk.path(of: name), code: code)
    }
}
