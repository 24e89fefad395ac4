import HotStuffStorage
import Synchronization

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#endif

/// A directory in memory that loses what was not synced, tears, rots, fills up, and fails when told to.
final class SimulatedDisk: Disk {
    /// A failure to come.
    struct Fault {
        /// The operation that fails.
        var operation: DiskError.Operation
        /// The error number.
        var code: Int32
        /// How many such operations succeed first.
        var after = 0
        /// How many bytes of a failing write get into the file.
        var keeping = 0
    }

    struct State {
        var contents: [Int: SimulatedContent] = [:]
        var names: [String: Int] = [:]
        /// What the directory was at its last sync and after each change since.
        var history: [[String: Int]] = [[:]]
        var locks: [Int: ObjectIdentifier] = [:]
        var faults: [Fault] = []
        var capacity = Int.max
        /// Grows when the machine or the process dies: older handles are dead.
        var generation = 0
        var log: [String] = []
        var beforeSync: (@Sendable () -> Void)?

        /// Notes an operation, and gives the fault that it meets.
        mutating func meet(_ operation: DiskError.Operation, _ name: String) -> Fault? {
            log.append(name.isEmpty ? operation.rawValue : "\(operation.rawValue) \(name)")
            guard let index = faults.firstIndex(where: { $0.operation == operation }) else { return nil }
            guard faults[index].after == 0 else {
                faults[index].after -= 1
                return nil
            }
            return faults.remove(at: index)
        }

        /// Makes an empty file; its name is not durable yet.
        mutating func make(_ name: String) -> Int {
            let inode = contents.count
            contents[inode] = SimulatedContent()
            names[name] = inode
            history.append(names)
            return inode
        }
    }

    let path = "/simulated"
    private let state = Mutex(State())

    func path(of name: String) -> String { "/simulated/\(name)" }

    func names() throws(DiskError) -> [String] {
        try perform(.listDirectory, "") { state throws(DiskError) in state.names.keys.sorted() }
    }

    func exists(_ name: String) throws(DiskError) -> Bool {
        try perform(.inspect, name) { state throws(DiskError) in state.names[name] != nil }
    }

    func open(_ name: String, _ mode: DiskOpenMode) throws(DiskError) -> SimulatedFile {
        let (inode, generation) = try perform(.open, name) { state throws(DiskError) in
            switch (mode, state.names[name]) {
            case (.existing, nil): throw missing(.open, name)
            case (.createEmpty, let inode?):
                state.contents[inode]?.change(.truncate(0))
                return (inode, state.generation)
            case (.existing, let inode?), (.createIfMissing, let inode?): return (inode, state.generation)
            case (.createIfMissing, nil), (.createEmpty, nil): return (state.make(name), state.generation)
            }
        }
        return SimulatedFile(self, name: name, inode: inode, generation: generation)
    }

    func rename(_ name: String, to newName: String) throws(DiskError) {
        try perform(.rename, name) { state throws(DiskError) in
            guard let inode = state.names.removeValue(forKey: name) else { throw missing(.rename, name) }
            state.names[newName] = inode
            state.history.append(state.names)
        }
    }

    func remove(_ name: String) throws(DiskError) {
        try perform(.remove, name) { state throws(DiskError) in
            guard state.names.removeValue(forKey: name) != nil else { throw missing(.remove, name) }
            state.history.append(state.names)
        }
    }

    func syncDirectory() throws(DiskError) {
        try perform(.syncDirectory, "") { state throws(DiskError) in state.history = [state.names] }
    }

    /// Carries an operation out, or fails as told.
    private func perform<Result: Sendable>(
        _ operation: DiskError.Operation,
        _ name: String,
        _ body: (inout State) throws(DiskError) -> Result
    ) throws(DiskError) -> Result {
        try withState { state throws(DiskError) in
            if let fault = state.meet(operation, name) {
                throw DiskError(operation: operation, path: path(of: name), code: fault.code)
            }
            return try body(&state)
        }
    }

    private func missing(_ operation: DiskError.Operation, _ name: String) -> DiskError {
        DiskError(operation: operation, path: path(of: name), code: ENOENT)
    }

    /// Looks behind the scenes.
    func withState<Result: Sendable, Failure: Error>(
        _ body: (inout State) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try state.withLock { state throws(Failure) in try body(&state) }
    }
}
