import HotStuffStorage

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#endif

/// An open file of a simulated disk; dead once the machine or the process that opened it has died.
final class SimulatedFile: DiskFile {
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

    func size() throws(DiskError) -> UInt64 {
        try perform(.size) { state, _ throws(DiskError) in UInt64(state.contents[inode]?.visible.count ?? 0) }
    }

    func read(into buffer: inout MutableRawSpan, at offset: UInt64) throws(DiskError) -> Int {
        let wanted = buffer.byteCount
        let found = try perform(.read) { state, _ throws(DiskError) in
            Array((state.contents[inode]?.visible ?? []).dropFirst(Int(clamping: offset)).prefix(wanted))
        }
        buffer.withUnsafeMutableBytes { $0.copyBytes(from: found) }
        return found.count
    }

    func write(_ bytes: RawSpan, at offset: UInt64) throws(DiskError) {
        let bytes = bytes.withUnsafeBytes { Array($0) }
        try perform(.write, leavesTraces: true) { state, kept throws(DiskError) in
            let others = state.contents.reduce(0) { $0 + ($1.key == inode ? 0 : $1.value.visible.count) }
            let room = max(0, state.capacity - others - Int(offset))
            let taken = min(kept ?? bytes.count, room, bytes.count)
            state.contents[inode]?.change(.write(Array(bytes.prefix(taken)), offset: Int(offset)))
            guard kept != nil || taken == bytes.count else { throw failure(.write, ENOSPC) }
        }
    }

    func truncate(to size: UInt64) throws(DiskError) {
        try perform(.truncate) { state, _ throws(DiskError) in state.contents[inode]?.change(.truncate(Int(size))) }
    }

    func syncData() throws(DiskError) {
        if let beforeSync = disk.withState({ $0.beforeSync }) { beforeSync() }
        try perform(.sync, leavesTraces: true) { state, kept throws(DiskError) in
            if kept == nil {
                state.contents[inode]?.sync()
            } else {
                state.contents[inode]?.giveUp()
            }
        }
    }

    func lockExclusively() throws(DiskError) -> Bool {
        try perform(.lock) { state, _ throws(DiskError) in
            guard state.locks[inode] == nil || state.locks[inode] == ObjectIdentifier(self) else { return false }
            state.locks[inode] = ObjectIdentifier(self)
            return true
        }
    }

    func unlock() throws(DiskError) {
        try perform(.unlock) { state, _ throws(DiskError) in
            if state.locks[inode] == ObjectIdentifier(self) { state.locks[inode] = nil }
        }
    }

    /// Carries an operation out on a live handle, or fails as told.
    ///
    /// An operation that leaves traces runs also when it is to fail, and is told how many bytes it may keep.
    private func perform<Result: Sendable>(
        _ operation: DiskError.Operation,
        leavesTraces: Bool = false,
        _ body: (inout SimulatedDisk.State, Int?) throws(DiskError) -> Result
    ) throws(DiskError) -> Result {
        try disk.withState { state throws(DiskError) in
            guard state.generation == generation else { throw failure(operation, EIO) }
            guard let fault = state.meet(operation, name) else { return try body(&state, nil) }
            if leavesTraces { _ = try body(&state, fault.keeping) }
            throw failure(operation, fault.code)
        }
    }

    private func failure(_ operation: DiskError.Operation, _ code: Int32) -> DiskError {
        DiskError(operation: operation, path: disk.path(of: name), code: code)
    }
}
